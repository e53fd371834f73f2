"""The files of a recording: an asciinema cast (docs.asciinema.org/manual/asciicast/v2), and an SVG
that CSS animates, since GitHub shows pictures without running their scripts."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape

MOST_BYTES = 1_000_000
CELL = (8.4, 18)
"""The width and height of a character in pixels, for a font of 14 pixels."""

_PAGE, _INK = "#1a1b26", "#c0caf5"
_PALETTE = (
    "#15161e", "#f7768e", "#9ece6a", "#e0af68", "#7aa2f7", "#bb9af7", "#7dcfff", "#a9b1d6",
    "#414868", "#f7768e", "#9ece6a", "#e0af68", "#7aa2f7", "#bb9af7", "#7dcfff", "#c0caf5",
)  # fmt: skip
_STYLE = re.compile(r"\x1b\[([\d;:]*)m|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()].|[\x0e\x0f]")


@dataclass(frozen=True)
class Frame:
    """A screen with its colours, and the second at which it appears."""

    second: float
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Look:
    """How a character is drawn."""

    ink: str = ""
    page: str = ""
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underlined: bool = False
    is_reversed: bool = False

    def after(self, codes: str) -> "Look":
        """The look after a sequence of SGR codes (ECMA-48, 8.3.117)."""
        look = self
        left = iter([int(code or 0) for code in re.split("[;:]", codes)])
        for code in left:
            if code in (38, 48):
                part = "ink" if code == 38 else "page"
                look = replace(look, **{part: _colour(left)})
            else:
                look = look._with(code)
        return look

    def _with(self, code: int) -> "Look":
        if code == 0:
            return Look()
        if code in _SWITCHES:
            return replace(self, **_SWITCHES[code])
        if 30 <= code <= 37 or 90 <= code <= 97:
            return replace(self, ink=_PALETTE[code - 30 if code < 90 else code - 82])
        if 40 <= code <= 47 or 100 <= code <= 107:
            return replace(self, page=_PALETTE[code - 40 if code < 100 else code - 92])
        return self


_SWITCHES = {
    1: {"bold": True}, 2: {"dim": True}, 3: {"italic": True}, 4: {"underlined": True},
    7: {"is_reversed": True}, 22: {"bold": False, "dim": False}, 23: {"italic": False},
    24: {"underlined": False}, 27: {"is_reversed": False}, 39: {"ink": ""}, 49: {"page": ""},
}  # fmt: skip


def cast(frames: Sequence[Frame], seconds: float, size: tuple[int, int]) -> str:
    """Return the recording as an asciinema cast: for each frame, the rows that changed."""
    header = {"version": 2, "width": size[0], "height": size[1], "title": "xreview-tui demo"}
    lines: list[object] = [header]
    shown: tuple[str, ...] = ()
    for frame in frames:
        rows = tuple(_whole(frame.rows))
        changed = "".join(
            f"\x1b[{number};1H\x1b[0m\x1b[2K{row}\x1b[0m"
            for number, row in enumerate(rows, 1)
            if not shown or shown[number - 1] != row
        )
        lines.append([round(frame.second, 3), "o", ("" if shown else "\x1b[?25l") + changed])
        shown = rows
    lines.append([round(seconds, 3), "o", "\x1b[?25h"])
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def svg(frames: Sequence[Frame], seconds: float, size: tuple[int, int]) -> str:
    """Return the recording as an animated picture: each row once, each frame a list of rows."""
    columns, height = size[0] * CELL[0], size[1] * CELL[1]
    ids: dict[str, str] = {}
    looks: dict[str, str] = {}
    scenes: list[str] = []
    for number, frame in enumerate(frames):
        uses: list[str] = []
        for at, runs in enumerate(_runs(frame.rows)):
            if drawn := _row(runs, looks):
                name = ids.setdefault(drawn, f"r{len(ids)}")
                uses.append(f'<use href="#{name}" y="{at * CELL[1]}"/>')
        start = 100 * frame.second / seconds
        end = 100 * frames[number + 1].second / seconds if number + 1 < len(frames) else 100.0
        scenes.append(_scene(number, start, end, seconds, "".join(uses)))
    rows = "".join(f'<g id="{name}">{drawn}</g>' for drawn, name in ids.items())
    styles = "".join(f".{name}{{{rule}}}" for rule, name in looks.items())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {columns:g} {height:g}"'
        f' font-family="ui-monospace,Menlo,Consolas,monospace" font-size="14">'
        f"<style>text{{white-space:pre;fill:{_INK}}}.f{{visibility:hidden}}{styles}</style>"
        f'<rect width="100%" height="100%" fill="{_PAGE}"/><defs>{rows}</defs>'
        f"{''.join(scenes)}</svg>\n"
    )


def _scene(number: int, start: float, end: float, seconds: float, uses: str) -> str:
    name = f"s{number}"
    before = "" if start == 0 else f"0%,{start:.3f}%{{visibility:hidden}}"
    after = "" if end >= 100 else f"{end:.3f}%,100%{{visibility:hidden}}"
    return (
        f"<style>@keyframes {name}{{{before}{start:.3f}%,{end:.3f}%{{visibility:visible}}{after}}}"
        f"#{name}{{animation:{name} {seconds:.2f}s step-end infinite}}</style>"
        f'<g class="f" id="{name}">{uses}</g>'
    )


Run = tuple[Look, int, str]
"""Characters of one look, from a column on."""


def _runs(rows: Sequence[str]) -> Iterator[list[Run]]:
    """Yield the runs of each row; tmux carries the look from one row to the next."""
    look = Look()
    for row in rows:
        runs: list[Run] = []
        column = at = 0
        for found in [*_STYLE.finditer(row), None]:
            text = row[at : found.start() if found else len(row)]
            if text:
                runs.append((look, column, text))
            column += len(text)
            if found:
                at = found.end()
                look = look.after(found[1]) if found[1] is not None else look
        yield runs


def _whole(rows: Sequence[str]) -> Iterator[str]:
    """Yield each row with the look it begins with spelled out."""
    look = Look()
    codes = ""
    for row in rows:
        yield codes + row
        for found in _STYLE.finditer(row):
            if found[1] is not None:
                look = look.after(found[1])
                codes = found[0] if look == Look().after(found[1]) else codes + found[0]


def _row(runs: Sequence[Run], looks: dict[str, str]) -> str:
    parts: list[str] = []
    for look, column, text in runs:
        ink, page = look.ink or _INK, look.page or _PAGE
        if look.is_reversed:
            ink, page = page, ink
        x, width = column * CELL[0], len(text) * CELL[0]
        if page != _PAGE:
            name = looks.setdefault(f"fill:{page}", f"l{len(looks)}")
            parts.append(f'<rect class="{name}" x="{x:g}" width="{width:g}" height="{CELL[1]}"/>')
        if not text.isspace():
            name = looks.setdefault(_rule(look, ink), f"l{len(looks)}")
            place = f'x="{x:g}" y="14" textLength="{width:g}"'
            parts.append(f'<text class="{name}" {place}>{escape(text)}</text>')
    return "".join(parts)


def _rule(look: Look, ink: str) -> str:
    return f"fill:{ink}" + "".join(
        rule
        for rule, holds in (
            (";font-weight:bold", look.bold),
            (";opacity:.6", look.dim),
            (";font-style:italic", look.italic),
            (";text-decoration:underline", look.underlined),
        )
        if holds
    )


def _colour(codes: Iterator[int]) -> str:
    """The colour of the codes after 38 or 48: `2;r;g;b` or `5;n`."""
    if next(codes, 0) == 2:
        return "#{:02x}{:02x}{:02x}".format(*(next(codes, 0) for _ in range(3)))
    number = next(codes, 0)
    if number < 16:
        return _PALETTE[number]
    if number >= 232:
        return "#" + f"{8 + 10 * (number - 232):02x}" * 3
    levels = (0, 95, 135, 175, 215, 255)
    parts = ((number - 16) // 36, (number - 16) // 6 % 6, (number - 16) % 6)
    return "#" + "".join(f"{levels[part]:02x}" for part in parts)
