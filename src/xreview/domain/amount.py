"""Sums of money and times in events: what comes from a file can be any number."""

import math


def check_amounts(*amounts: float | None) -> None:
    """Raise ValueError for an amount that is negative or not finite; None is an unknown one."""
    for amount in amounts:
        if amount is not None and (not math.isfinite(amount) or amount < 0):
            raise ValueError(f"{amount} is not a valid amount")
