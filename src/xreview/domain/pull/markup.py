"""The text of a Markdown comment without what is only for a browser.

Forges accept Markdown with HTML (https://github.github.com/gfm/): fences, foldable parts, comments,
badges, links in pictures. Every step reads the text once, whatever it contains.
"""

import html
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from xreview.domain.record import dataclass

LONGEST_BODY = 65_536
"""Characters of a comment or review: what GitHub accepts, the least of all forges."""

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})([^`]*)$")
_IMAGE = re.compile(r"!\[[^\[\]]*\]\([^()\s]*(?:\s\"[^\"()]*\")?\)")
_EMPTY_LINK = re.compile(r"\[\s*\]\([^()\s]*\)")
_TAG = re.compile(
    r"</?(?:a|b|blockquote|br|code|div|em|font|h[1-6]|i|img|ins|kbd|p|picture|pre|q|s|samp|source"
    r"|span|strong|sub|sup|table|tbody|td|th|thead|tr|u|ul|ol|li)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_FOLD = re.compile(r"<(/?)(details|summary)(?:\s[^<>]*)?>", re.IGNORECASE)
_EMPHASIS = re.compile(r"\*\*\*?")
_BULLET = re.compile(r"(?:[*+-]|\d{1,3}[.)])\s+")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!<>|~-])")


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line outside of fences; `raw` has its badges and tags, `text` doesn't."""

    raw: str
    text: str


@dataclass(frozen=True, slots=True)
class Fence:
    """Fenced code; `info` is the word after the opening fence."""

    info: str
    code: str


Part = TextLine | Fence


def lines_of(body: str) -> list[str]:
    """The lines of a body, up to the limit."""
    return body[:LONGEST_BODY].replace("\r\n", "\n").replace("\r", "\n").split("\n")


def comment_parts(
    lines: Iterable[str],
    is_dropped: Callable[[str], bool],
    drop_tags: Sequence[str] = (),
    fold_mark: str = "",
) -> list[Part]:
    """The lines and fences of a comment, without comments in HTML and without dropped parts.

    Args:
        is_dropped: whether a foldable part is dropped, by its summary.
        drop_tags: names of tags whose content is dropped.
        fold_mark: what stands before the summary that a dropped part leaves; "" to leave nothing.
    """
    folds = _Folds(is_dropped, fold_mark)
    tags = _Dropped(drop_tags)
    found: list[Part] = []
    for part in _without_comments(_fenced(lines)):
        if isinstance(part, Fence):
            if not folds.hides and not tags.hides:
                found.append(part)
            continue
        shown = (tags.shown(line) for line in folds.shown(part))
        found.extend(TextLine(line, plain_line(line)) for line in shown if line is not None)
    return found


def plain_line(line: str) -> str:
    """A line without badges and tags; code spans stay as they are."""
    if "<" not in line and "[" not in line and "&" not in line:
        return line.rstrip()
    return _outside_code(line, _bare).rstrip()


def plain_title(text: str) -> str:
    """A title on one line: without badges, tags, emphasis and escapes, except in code spans."""
    bare = _outside_code(plain_line(text).replace("\xa0", " "), _unmarked).strip()
    if bullet := _BULLET.match(bare):
        bare = bare[bullet.end() :]
    return " ".join(bare.split()).rstrip(" :").removesuffix(".")


def without_code(text: str) -> str:
    """A text of the same length whose code spans are blanked out."""
    pieces = text.split("`")
    for index in range(1, len(pieces) - 1, 2):
        pieces[index] = "x" * len(pieces[index])
    return "`".join(pieces)


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    """A text with everything outside of its code spans changed; an open span is none."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        return change(text)
    for index in range(0, len(pieces), 2):
        pieces[index] = change(pieces[index])
    return "`".join(pieces)


def _unmarked(text: str) -> str:
    return _ESCAPED.sub(r"\1", _EMPHASIS.sub("", text))


def _bare(text: str) -> str:
    bare = _TAG.sub("", _EMPTY_LINK.sub("", _IMAGE.sub("", text)))
    return html.unescape(bare) if "&" in bare else bare


def _fenced(lines: Iterable[str]) -> Iterator[str | Fence]:
    """The lines, those in a fence as one part; an open fence reaches to the end."""
    mark, info, code = "", "", list[str]()
    for line in lines:
        found = _FENCE.match(line)
        if mark:
            if found and found[1].startswith(mark) and not found[2].strip():
                yield Fence(info, "\n".join(code))
                mark, code = "", []
            else:
                code.append(line)
        elif found:
            mark, info = found[1], found[2].strip()
        else:
            yield line
    if mark:
        yield Fence(info, "\n".join(code))


def _without_comments(parts: Iterable[str | Fence]) -> Iterator[str | Fence]:
    """The parts without comments in HTML, which may span lines."""
    is_open = False
    for part in parts:
        if isinstance(part, Fence):
            if not is_open:
                yield part
            continue
        if not is_open and "<!--" not in part:
            yield part
            continue
        kept: list[str] = []
        at = 0
        while at < len(part):
            mark = "-->" if is_open else "<!--"
            found = part.find(mark, at)
            if not is_open:
                kept.append(part[at : found if found >= 0 else len(part)])
            if found < 0:
                break
            is_open = not is_open
            at = found + len(mark)
        if text := "".join(kept).strip():
            yield text


class _Folds:
    """Foldable parts: `<details>` with a `<summary>`, nested or not."""

    def __init__(self, is_dropped: Callable[[str], bool], mark: str) -> None:
        self._is_dropped = is_dropped
        self._mark = mark
        self._open: list[bool] = []  # for each open part, whether it is dropped
        self._dropped = 0
        self._summary: list[str] | None = None

    @property
    def hides(self) -> bool:
        """Whether what comes now is in a dropped part."""
        return self._dropped > 0

    def shown(self, line: str) -> Iterator[str]:
        """What is shown of a line; the summary of a part is a line of its own."""
        at = 0
        was_cut = False
        for tag in _FOLD.finditer(line):
            yield from self._take(line[at : tag.start()], is_rest=True)
            yield from self._turn(tag[2].lower(), is_end=bool(tag[1]))
            at, was_cut = tag.end(), True
        yield from self._take(line[at:], is_rest=was_cut)

    def _take(self, text: str, *, is_rest: bool) -> Iterator[str]:
        if self._summary is not None:
            self._summary.append(text)
        elif not self.hides and not (is_rest and not text.strip()):
            yield text

    def _turn(self, name: str, *, is_end: bool) -> Iterator[str]:
        if name == "details":
            self._summary = None
            if not is_end:
                self._open.append(False)
            elif self._open:
                self._dropped -= self._open.pop()
        elif not is_end:
            self._summary = []
        elif self._summary is not None:
            summary = " ".join(self._summary).strip()
            self._summary = None
            if self._open and not self._open[-1] and self._is_dropped(summary):
                if self._mark and not self.hides:
                    yield f"{self._mark}{summary}"
                self._open[-1] = True
                self._dropped += 1
            elif not self.hides:
                yield summary


class _Dropped:
    """Tags whose content is dropped."""

    def __init__(self, names: Sequence[str]) -> None:
        self._marks = [(f"<{name}>", f"</{name}>") for name in names]
        self._end = ""

    @property
    def hides(self) -> bool:
        """Whether what comes now is in such a tag."""
        return bool(self._end)

    def shown(self, line: str) -> str | None:
        """The rest of a line; None where nothing of it is left."""
        if self._end:
            _, mark, rest = line.partition(self._end)
            if not mark:
                return None
            self._end = ""
            return self.shown(rest) if rest.strip() else None
        for begin, end in self._marks:
            before, mark, rest = line.partition(begin)
            if mark:
                _, closing, after = rest.partition(end)
                self._end = "" if closing else end
                return before + after if (before + after).strip() else None
        return line
