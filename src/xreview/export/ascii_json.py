r"""JSON that is safe to print to a terminal: the escape rule of every JSON format.

Texts stay verbatim, with a `\u` escape for everything but printable ASCII. A lone surrogate (a byte
that isn't UTF-8) becomes U+FFFD, because strict parsers refuse it (RFC 7493, section 2.1).
"""

import json
from collections.abc import Mapping, Sequence

Json = str | int | float | None | Mapping[str, "Json"] | Sequence["Json"]


def ascii_json(value: Json, *, indent: int | None = None) -> str:
    """The value as JSON in printable ASCII, on one line if `indent` is None."""
    separators = (",", ": ") if indent is not None else (",", ":")
    return json.dumps(_unicode(value), indent=indent, separators=separators, allow_nan=False)


def _unicode(value: Json) -> Json:
    match value:
        case str() if not value.isascii():
            return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        case Mapping():
            return {str(_unicode(key)): _unicode(item) for key, item in value.items()}
        case list() | tuple():
            return [_unicode(item) for item in value]
        case _:
            return value
