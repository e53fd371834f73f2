"""Prices, in cents."""


def discounted(cents: int, percent: int) -> int:
    """Return the price after a discount."""
    return cents - cents * percent // 100
