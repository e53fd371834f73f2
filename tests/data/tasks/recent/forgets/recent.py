"""What was used lately."""


class Recent:
    """A store for so many values."""

    def __init__(self, most):
        self._most = most
        self._values = {}

    def put(self, key, value):
        """Keep a value."""
        self._values[key] = value
        if len(self._values) > self._most:
            del self._values[next(iter(self._values))]

    def get(self, key):
        """Return a value, or None."""
        return self._values.get(key, None)
