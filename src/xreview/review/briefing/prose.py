"""Texts of people and models as Markdown in which nothing takes effect but lists and paragraphs."""

import re

from xreview.domain.text import shorten, visible_block
from xreview.export.markdown_text import code_span, inline

_CODE = re.compile(r"(?<!`)`([^`\n]{1,200})`(?!`)")
_BULLET = re.compile(r"( {0,6})(?:[-*+]|\d{1,3}[.)]) +(.*)")


def inert_line(text: str, longest: int) -> str:
    """The text on one line, cut to a length before it is escaped. Code in backticks stays code."""
    return _inline(shorten(" ".join(text.split()), longest))


def _inline(text: str) -> str:
    pieces: list[str] = []
    for at, piece in enumerate(_CODE.split(text)):
        if at % 2:
            pieces.append(code_span(piece))
        elif piece.strip():
            before, after = piece[:1].isspace(), piece[-1:].isspace()
            pieces.append(f"{' ' * before}{inline(piece)}{' ' * after}")
        else:
            pieces.append(piece)
    return "".join(pieces).strip()


def inert_block(text: str, longest: int) -> str:
    """Paragraphs and list items of a text, cut to a length before they are escaped."""
    pieces: list[str] = []
    for block in re.split(r"\n[ \t]*\n", shorten(visible_block(text).strip(), longest)):
        rows: list[list[str]] = []
        for line in block.split("\n"):
            if match := _BULLET.match(line):
                rows.append(["- ", match[2]])
            elif rows:
                rows[-1].append(line)
            elif line.strip():
                rows.append(["", line])
        told = [f"{mark}{_inline(' '.join(words))}" for mark, *words in rows]
        pieces += filter(str.strip, ["\n".join(told)])
    return "\n\n".join(pieces)


def as_clause(text: str) -> str:
    """A sentence that ends as one."""
    return text if not text or text[-1] in ".!?…:)`" else f"{text}."
