"""Trying again."""


def call(work, attempts):
    """Return what the work returned in the end."""
    if attempts < 1:
        raise ValueError("It takes one attempt at least.")
    for left in range(attempts - 1, -1, -1):
        try:
            return work()
        except OSError:
            if not left:
                raise
    return None
