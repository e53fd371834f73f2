"""Adding conventions to a `.xreview.toml` without touching anything else in it.

The new text is put into the old one at the one place where it belongs, and taken only if it then
reads, as TOML, exactly like the old one with these conventions added: comments, order and spelling
of everything else stay as a person wrote them.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from typing import Any, cast

from xreview.config import document
from xreview.config.kinds import Unfit
from xreview.config.schema import KEY_BY_NAME
from xreview.domain.errors import ConfigError
from xreview.domain.text import visible

NAME = "conventions"
_MOST_BRACKETS = 400  # tried as the end of the list; a list of 100 sentences has far fewer
_MOST_QUOTES = 20


def with_conventions(content: bytes, sentences: Sequence[str], path: str) -> tuple[str, int]:
    """The file's text with those sentences added that it does not have, and how many those are.

    Args:
        content: the file as it is; b"" where there is none.
        path: for messages.

    Raises ConfigError where the file is broken, or its list can't take them.
    """
    parsed = document.parse_toml(content, path)
    has_mark = content.startswith(b"\xef\xbb\xbf")
    text = content.decode("utf-8-sig")
    present = _present(parsed, path)
    wanted = dict.fromkeys(visible(sentence) for sentence in sentences)
    added = [sentence for sentence in wanted if sentence not in present]
    if not added:
        return ("\ufeff" if has_mark else "") + text, 0
    expected = {**parsed.values, NAME: [*present, *added]}
    try:
        KEY_BY_NAME[NAME].kind.parse(expected[NAME])
    except Unfit as why:
        message = f"The conventions do not fit into `{NAME}`: {why}"
        raise ConfigError(message, "Remove some that are not needed.", path=path) from why
    end = "\r\n" if "\r\n" in text else "\n"
    for candidate in _candidates(text, parsed, added, end):
        if _reads_as(candidate, expected):
            return ("\ufeff" if has_mark else "") + candidate, len(added)
    raise ConfigError(
        f"`{NAME}` is written in a way that can't be added to.",
        "Write it as a list over several lines, one text on each.",
        path=path,
        line=parsed.lines.get((NAME,)),
    )


def _present(parsed: document.TomlDocument, path: str) -> list[str]:
    raw: object = parsed.values.get(NAME, [])
    if not isinstance(raw, list) or not all(
        isinstance(one, str) for one in cast("list[object]", raw)
    ):
        raise ConfigError(
            f"`{NAME}` is no list of texts.",
            "Mend it first.",
            path=path,
            line=parsed.lines.get((NAME,)),
        )
    return cast("list[str]", raw)


def _candidates(
    text: str, parsed: document.TomlDocument, added: Sequence[str], end: str
) -> Iterator[str]:
    quoted = [_quoted(sentence) for sentence in added]
    if NAME not in parsed.values:
        yield _with_new_list(text, parsed, quoted, end)
        return
    rows = text.split("\n")
    begin = sum(len(row) + 1 for row in rows[: parsed.lines[NAME,] - 1])
    lines = "".join(f"  {one},{end}" for one in quoted)
    inline = ", ".join(quoted)
    brackets = re.finditer(r"\]", text[begin:])
    for _, match in zip(range(_MOST_BRACKETS), brackets, strict=False):
        at = begin + match.start()
        start = text.rfind("\n", 0, at) + 1
        if start > begin and not text[start:at].strip():
            yield text[:start] + lines + text[start:]
            yield from _with_comma(text, begin, start, lines)
        for joint in ("", " ", ", "):
            yield text[:at] + joint + inline + text[at:]


def _with_comma(text: str, begin: int, start: int, lines: str) -> Iterator[str]:
    """The last entry has no comma after it: one is tried behind each quote, the last first, since
    a comment behind the entry may hold quotes too."""
    quotes = [match.end() for match in re.finditer(r"[\"']", text[begin:start])]
    for at in quotes[: -_MOST_QUOTES - 1 : -1]:
        end = begin + at
        yield text[:end] + "," + text[end:start] + lines + text[start:]


def _with_new_list(
    text: str, parsed: document.TomlDocument, quoted: Sequence[str], end: str
) -> str:
    block = f"{NAME} = [{end}" + "".join(f"  {one},{end}" for one in quoted) + f"]{end}"
    tables = [
        parsed.lines[name,]
        for name, value in parsed.values.items()
        if isinstance(value, (dict, list)) and (name,) in parsed.lines and _has_table(value)
    ]
    if not tables:
        joint = "" if not text or text.endswith("\n") else end
        return text + joint + block
    rows = text.split("\n")
    at = sum(len(row) + 1 for row in rows[: min(tables) - 1])
    return text[:at] + block + end + text[at:]


def _has_table(value: Any) -> bool:
    return isinstance(value, dict) or any(isinstance(one, dict) for one in value)


def _quoted(sentence: str) -> str:
    """A basic string of TOML: as in JSON, for text that holds no control characters."""
    return json.dumps(sentence, ensure_ascii=False)


def _reads_as(text: str, expected: dict[str, Any]) -> bool:
    try:
        return tomllib.loads(text) == expected
    except tomllib.TOMLDecodeError:
        return False
