"""Lines of tables."""


def fields(line: str) -> list[str]:
    """Return the fields of a line."""
    found, is_quoted = [""], False
    for character in line:
        if character == '"':
            is_quoted = not is_quoted
        elif character == "," and not is_quoted:
            found.append("")
        else:
            found[-1] += character
    return found
