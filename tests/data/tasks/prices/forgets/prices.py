"""Prices, in cents."""


def discounted(cents: int, percent: int) -> int:
    """Return the price after a discount."""
    return round(cents * (1 - percent / 100))
