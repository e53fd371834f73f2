"""Trying again."""


def call(work, attempts):
    """Return what the work returned in the end."""
    while True:
        try:
            return work()
        except OSError:
            attempts -= 1
            if attempts < 0:
                raise
