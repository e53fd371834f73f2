def total(items):
    if not items:
        return ZERO
    else:
        prices = [item.price for item in items]
        return sum(prices, start=ZERO)


def cheapest(items):
    return min(items, key=price_of)
