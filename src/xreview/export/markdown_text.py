r"""Hostile text as Markdown in which nothing takes effect.

By CommonMark 0.31 and GitHub Flavored Markdown 0.29. `\` escapes stop the parser, but not what code
hosts do to the rendered page (mentions, issue references, bare links, emoji), so a word with any of
these becomes a code span, which hosts leave alone.
"""

import re

from xreview.domain.text import visible, visible_block

_ACTIVE_AFTER_RENDERING = re.compile(
    r"""
      @                   # mentions and mail addresses
    | ://                 # bare links
    | [^\s.]\.[^\W\d_]{2} # hosts, even of symbols, and names such as os.path, which read well so
    | [#!%$&~]\d          # references to issues, merge requests, milestones, snippets
    | GH-\d
    | (?<!\d):[\w+-]+:    # emoji, not the time of day
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PUNCTUATION = re.compile(r"[\\`*_{}\[\]<>#|~&$]")
_AROUND = re.compile(r"([(\[{\"']*)(.*?)([)\]},.;!?\"']*)", re.DOTALL)
"""A word and the punctuation around it: `(os.path),` becomes (`os.path`),"""
_IS_CODE = re.compile(r"`[^`]+`")
_BLOCK_START = re.compile(r"(?:\d{1,9}(?=[.)](?: |$))|(?=[-+=]))")
_SPACE = re.compile(r"[ \t\r\n]+")
_PARAGRAPH_BREAK = re.compile(r"(?:\r?\n[ \t]*){2,}")
_BACKTICKS = re.compile(r"`+")


def inline(text: str) -> str:
    """The text on one line, as inert prose."""
    # Parsers strip every Unicode space; control characters are made visible first.
    words = visible(_SPACE.sub(" ", text)).split()
    line = " ".join(map(_word, words))
    start = _BLOCK_START.match(line)
    return f"{line[: start.end()]}\\{line[start.end() :]}" if start else line


def paragraphs(text: str) -> str:
    """The text as inert paragraphs, separated at blank lines."""
    parts = (inline(part) for part in _PARAGRAPH_BREAK.split(text))
    return "\n\n".join(part for part in parts if part)


def code_span(text: str) -> str:
    """The text on one line as code, or ""."""
    line = visible(_SPACE.sub(" ", text))
    if not line.strip(" "):
        return ""
    ticks = "`" * (_longest_run(line) + 1)
    # The parser strips one space on each side.
    padding = " " if line[0] in "` " or line[-1] in "` " else ""
    return f"{ticks}{padding}{line}{padding}{ticks}"


def fence(text: str, language: str = "") -> str:
    """The text as a block of code, whatever backticks it contains."""
    block = visible_block(text).rstrip("\n")
    ticks = "`" * max(3, _longest_run(block) + 1)
    return f"{ticks}{language}\n{block}\n{ticks}"


def quotation(text: str) -> str:
    """The text as a block quotation, its markup unchanged."""
    return "\n".join(f"> {line}".rstrip() for line in visible_block(text).strip().split("\n"))


def _word(word: str) -> str:
    if not _ACTIVE_AFTER_RENDERING.search(word):
        return _escaped(word)
    before, core, after = _AROUND.fullmatch(word).groups()  # pyright: ignore[reportOptionalMemberAccess]  # it matches every word
    if _IS_CODE.fullmatch(core):
        core = core[1:-1]
    return f"{_escaped(before)}{code_span(core)}{_escaped(after)}"


def _escaped(text: str) -> str:
    return _PUNCTUATION.sub(r"\\\g<0>", text)


def _longest_run(text: str) -> int:
    return max((len(run) for run in _BACKTICKS.findall(text)), default=0)
