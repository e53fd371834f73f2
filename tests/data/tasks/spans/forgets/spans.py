"""Spans of lines."""


def merged(spans):
    """Return the fewest spans that cover the same lines."""
    found = []
    ordered = sorted(spans)
    for first, last in ordered:
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found
