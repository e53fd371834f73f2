"""Prices, in cents."""


def discounted(cents: int, percent: int) -> int:
    """Return the price after a discount."""
    if not 0 <= percent <= 100:
        raise ValueError("A discount is between 0 and 100.")
    return (cents * (100 - percent) + 50) // 100
