"""Lines of tables."""


def fields(line: str) -> list[str]:
    """Return the fields of a line."""
    raise NotImplementedError
