"""What was used lately."""


class Recent:
    """A store for so many values."""
