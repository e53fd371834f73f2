"""Spans of lines."""


def merged(spans):
    """Return the fewest spans that cover the same lines."""
    found = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found
