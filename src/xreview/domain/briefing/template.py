"""A repository's own template of a description, and our sections put into it.

A template is data from the reviewed repository: it says where sections go and nothing else.
Headings are the ATX and setext ones of CommonMark 0.31, and lines that are bold as a whole.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from xreview.domain.briefing.markers import without_brief_markers
from xreview.domain.briefing.section import BriefSection, sections_for
from xreview.domain.record import dataclass
from xreview.domain.text import visible_block

MOST_TEMPLATE = 64 * 1024
"""Bytes."""
_MOST_LINES = 2_000
_ATX = re.compile(r" {0,3}(#{1,6})[ \t]+([^\n]{1,200}?)[ \t#]*")
_BOLD = re.compile(r" {0,3}\*\*([^*\n]{1,120})\*\*:?[ \t]*")
_SETEXT = re.compile(r" {0,3}(=+|-+)[ \t]*")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_TICKED = re.compile(r"^([ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+)\[[xX]\]", re.MULTILINE)
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]|[ \t]*[|>!<`~#]|[ \t]*\[")
_ASKING = re.compile(
    r"[_*<(\[]*(?:please|describe|explain|provide|summari[sz]e|list|add|include|write|give|tell|"
    r"what|why|how|a (?:clear|brief|short|concise))\b",
    re.IGNORECASE,
)
_USUAL_LEVEL = 2


@dataclass(frozen=True, slots=True)
class TemplatePart:
    """A heading with what is below it.

    Args:
        heading: the line or lines as they are; "" for what comes before the first heading.
        title: the heading's text. level: 1 to 6; 0 for bold lines.
    """

    heading: str
    title: str
    level: int
    body: str


@dataclass(frozen=True, slots=True)
class DescriptionTemplate:
    """A parsed template; `path` is where it was found, raw."""

    path: str
    parts: tuple[TemplatePart, ...]

    @property
    def level(self) -> int:
        """The level of the headings that we add: that of its own sections."""
        levels = [part.level for part in self.parts if part.level]
        return max(set(levels), key=lambda one: (levels.count(one), -one), default=_USUAL_LEVEL)


def parse_template(path: str, text: str) -> DescriptionTemplate:
    """Parse a template; control characters are made visible, and front matter is removed."""
    clean = _TICKED.sub(r"\1[ ]", without_brief_markers(visible_block(text)))
    lines = _without_front_matter(clean.split("\n")[:_MOST_LINES])
    return DescriptionTemplate(path, tuple(_parts(lines)))


def filled(template: DescriptionTemplate | None, sections: Mapping[BriefSection, str]) -> str:
    """Return a description: our sections at the template's headings, the others at its end.

    Sections that are empty are left out. Checklists stay unticked, headings that ask for something
    else stay as they are.
    """
    wanted = {section: text for section in BriefSection if (text := sections.get(section, ""))}
    if template is None:
        return "\n\n".join(_appended(wanted, _USUAL_LEVEL)) + "\n"
    places = _places(template.parts, wanted)
    pieces: list[str] = []
    for part, placed in zip(template.parts, places, strict=True):
        texts = [wanted.pop(section) for section in placed]
        body = "\n\n".join(filter(None, (*texts, _left(part.body)))) if texts else part.body.strip()
        pieces += filter(None, ("\n\n".join(filter(None, (part.heading, body))),))
    pieces += _appended(wanted, template.level)
    return "\n\n".join(pieces) + "\n"


def _places(
    parts: Sequence[TemplatePart], wanted: Mapping[BriefSection, str]
) -> list[list[BriefSection]]:
    """Our sections for each part; each goes to the first heading that asks for it most."""
    places: list[list[BriefSection]] = [[] for _ in parts]
    asked = [list(sections_for(part.title)) for part in parts]
    placed: set[BriefSection] = set()
    for depth in range(len(BriefSection)):
        for at, sections in enumerate(asked):
            here = (one for one in sections[depth : depth + 1] if one in wanted)
            for section in (one for one in here if one not in placed):
                places[at].append(section)
                placed.add(section)
    what = next((one for one in places if BriefSection.WHAT in one), None)
    if what is not None and BriefSection.WHY in wanted and BriefSection.WHY not in placed:
        what.append(BriefSection.WHY)  # "Description" asks for both
    for one in places:
        one.sort(key=list(BriefSection).index)
    return places


def _appended(sections: Mapping[BriefSection, str], level: int) -> list[str]:
    return [f"{'#' * level} {section.value}\n\n{text}" for section, text in sections.items()]


def _left(body: str) -> str:
    """What stays of a section that we fill: not its comments and requests to the author."""
    blocks = re.split(r"\n[ \t]*\n", _without_comments(body))
    kept = (one.strip("\n") for one in blocks if one.strip())
    return "\n\n".join(one for one in kept if _ITEM.match(one) or not _ASKING.match(one.strip()))


def _without_comments(text: str) -> str:
    pieces: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0:
        pieces.append(text[at:start])
        end = text.find("-->", start)
        if end < 0:
            return "".join(pieces)
        at = end + 3
    return "".join((*pieces, text[at:]))


def _without_front_matter(lines: list[str]) -> list[str]:
    if (
        lines
        and lines[0].rstrip() == "---"
        and "---" in (end := [one.rstrip() for one in lines])[1:]
    ):
        return lines[end.index("---", 1) + 1 :]
    return lines


def _parts(lines: Sequence[str]) -> Iterator[TemplatePart]:
    """The parts, of which a heading inside a comment or a block of code begins none."""
    heading, title, level = "", "", 0
    body: list[str] = []
    fence, in_comment = "", False
    for at, line in enumerate(lines):
        found = None if fence or in_comment else _heading(line, lines[at - 1] if at else "", body)
        fence, in_comment = _after(line, fence, in_comment)
        if found is None:
            body.append(line)
            continue
        if found.takes_line_before:
            body.pop()
        yield TemplatePart(heading, title, level, "\n".join(body).strip("\n"))
        heading, title, level, body = found.heading, found.title, found.level, []
    yield TemplatePart(heading, title, level, "\n".join(body).strip("\n"))


@dataclass(frozen=True, slots=True)
class _Heading:
    heading: str
    title: str
    level: int
    takes_line_before: bool = False


def _heading(line: str, before: str, body: Sequence[str]) -> _Heading | None:
    if match := _ATX.fullmatch(line):
        return _Heading(line.rstrip(), match[2], len(match[1]))
    if match := _BOLD.fullmatch(line):
        return _Heading(line.rstrip(), match[1], 0)
    is_after_text = bool(body) and body[-1] == before and before.strip() and not _ITEM.match(before)
    is_first = len(body) < 2 or not body[-2].strip()
    if is_after_text and is_first and (match := _SETEXT.fullmatch(line)):
        level = 1 if match[1][0] == "=" else 2
        return _Heading(f"{before.strip()}\n{line.rstrip()}", before.strip(), level, True)
    return None


def _after(line: str, fence: str, in_comment: bool) -> tuple[str, bool]:
    """The state after a line: the open fence, and whether a comment is open."""
    if not in_comment:
        if match := _FENCE.match(line):
            if not fence:
                return match[1], False
            is_end = match[1].startswith(fence) and not line.strip(" `~")
            return ("" if is_end else fence), False
        if fence:
            return fence, False
    at = 0
    while True:
        sign = "-->" if in_comment else "<!--"
        found = line.find(sign, at)
        if found < 0:
            return fence, in_comment
        in_comment = not in_comment
        at = found + len(sign)
