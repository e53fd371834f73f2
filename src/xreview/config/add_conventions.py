"""Adding conventions to a `.xreview.toml` without changing anything else in it."""

import re
import tomllib
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from xreview.config import document
from xreview.config.kinds import Unfit
from xreview.config.schema import KEY_BY_NAME
from xreview.domain.errors import ConfigError
from xreview.domain.text import visible

if TYPE_CHECKING:
    from tomlkit.items import Array

_NAME = "conventions"


def with_conventions(content: bytes, sentences: Sequence[str], path: str) -> tuple[str, int]:
    """Return the file's text with the missing sentences added, and how many those are.

    Comments, order and formatting stay unchanged. Raises ConfigError if the file is broken, or its
    list can't be extended.
    """
    parsed = document.parse_toml(content, path)
    text = content.decode("utf-8-sig")
    mark = "\ufeff" if content.startswith(b"\xef\xbb\xbf") else ""
    present = _present(parsed, path)
    wanted = dict.fromkeys(visible(sentence) for sentence in sentences)
    added = [sentence for sentence in wanted if sentence not in present]
    if not added:
        return mark + text, 0
    expected = {**parsed.values, _NAME: [*present, *added]}
    try:
        KEY_BY_NAME[_NAME].kind.parse(expected[_NAME])
    except Unfit as why:
        message = f"The conventions don't fit into `{_NAME}`: {why}"
        raise ConfigError(message, "Remove some that aren't needed.", path=path) from why
    extended = ""
    with suppress(ValueError, RecursionError):  # tomlkit is stricter than tomllib in places
        extended = _extended(text, added)
    if tomllib.loads(extended) != expected:
        raise ConfigError(
            f"`{_NAME}` is written in a way that can't be extended.",
            "Write it as a list over several lines, one text on each.",
            path=path,
            line=parsed.lines.get((_NAME,)),
        )
    return mark + extended, len(added)


def _present(parsed: document.TomlDocument, path: str) -> list[str]:
    raw: object = parsed.values.get(_NAME, [])
    if not isinstance(raw, list) or not all(
        isinstance(one, str) for one in cast("list[object]", raw)
    ):
        raise ConfigError(
            f"`{_NAME}` isn't a list of texts.",
            "Fix it first.",
            path=path,
            line=parsed.lines.get((_NAME,)),
        )
    return cast("list[str]", raw)


def _extended(text: str, added: Sequence[str]) -> str:
    """Return the document with `added` at the end of its list. Raises ValueError."""
    import tomlkit

    toml = tomlkit.parse(text)
    if _NAME not in toml:
        toml.add(_NAME, tomlkit.array("[\n]"))
    listed = cast("Array", toml[_NAME])
    is_multiline = "\n" in listed.as_string()
    for sentence in added:
        if is_multiline:
            listed.add_line(sentence, indent="  ")
        else:
            listed.append(sentence)
    extended = tomlkit.dumps(toml)
    ends_with_returns = "\r\n" in text and not re.search(r"(?<!\r)\n", text)
    return re.sub(r"(?<!\r)\n", "\r\n", extended) if ends_with_returns else extended
