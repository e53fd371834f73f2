"""Trying again."""


def call(work, attempts):
    """Return what the work returned in the end."""
    for left in reversed(range(attempts)):
        try:
            return work()
        except OSError:
            if left == 0:
                raise
    return None
