"""Lines of tables."""


def fields(line: str) -> list[str]:
    """Return the fields of a line."""
    return [field.strip('"') for field in line.split(",")]
