"""Amounts in what a program says: US dollars, milliseconds."""

import math

from xreview.ports.json_value import JsonObject


def amount_in(value: JsonObject, name: str) -> float | None:
    """The number of that name, 0 or more; None where there is none."""
    found = value.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    return float(found) if math.isfinite(found) and found >= 0 else None
