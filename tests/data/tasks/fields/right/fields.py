"""Lines of tables."""

import csv


def fields(line: str) -> list[str]:
    """Return the fields of a line."""
    return next(csv.reader([line]), [""])
