"""Checking that a report's quote is really in the code, and where.

Every claim must quote the code. The quote is looked for in the named side of the file, white space
aside, nearest to the line the reviewer claims; what is not found stays as an unanchored report and
is never shown as if it pointed somewhere.
"""

from collections import OrderedDict
from dataclasses import dataclass

from xreview.domain.anchor import Anchor, enclosing_block, fingerprint
from xreview.domain.change import Change, FileDiff, Side
from xreview.domain.report import Lens, Report
from xreview.reviewers.base import ContentReader, RawReport

_KEPT_FILES = 8  # reports come file by file, so few files are looked at again


@dataclass(frozen=True, slots=True)
class _SideText:
    """One side of a file: its lines, and the same with all white space made equal."""

    lines: tuple[str, ...]
    plain: tuple[str, ...]

    def occurrences(self, quote: str) -> list[int]:
        """1-based first lines at which the quote's lines stand one after the other."""
        wanted = [" ".join(row.split()) for row in quote.split("\n")]
        while wanted and not wanted[-1]:
            wanted.pop()
        if not any(wanted):
            return []
        first, length = wanted[0], len(wanted)
        whole = [
            index + 1
            for index, row in enumerate(self.plain)
            if row == first and list(self.plain[index : index + length]) == wanted
        ]
        if whole or length > 1:
            return whole
        return [index + 1 for index, row in enumerate(self.plain) if first in row]


class Grounding:
    """Turns raw reports into checked ones, reading each side of a file once."""

    def __init__(self, change: Change, contents: ContentReader) -> None:
        self._change = change
        self._contents = contents
        self._texts: OrderedDict[tuple[str, Side], _SideText | None] = OrderedDict()

    async def check(self, raw: RawReport, lens: Lens) -> Report:
        """The report with its identity and its real place; `anchored` says if there is one."""
        file = self._change.by_path.get(raw.path)
        text = await self._text(file, raw.side) if file is not None else None
        found = text.occurrences(raw.quote) if text is not None else []
        if text is None or not found:
            return _report(raw, lens, raw.start_line, "", 0, anchored=False)
        start = min(found, key=lambda line: (abs(line - raw.start_line), line))
        block = enclosing_block(text.lines, start)
        twin = sum(
            1 for line in found if line < start and enclosing_block(text.lines, line) == block
        )
        return _report(raw, lens, start, block, twin, anchored=True)

    async def _text(self, file: FileDiff, side: Side) -> _SideText | None:
        key = (file.path, side)
        if key in self._texts:
            self._texts.move_to_end(key)
            return self._texts[key]
        content = await self._contents.read(file, side)
        text = None
        if content is not None:
            rows = content.decode("utf-8", "surrogateescape").split("\n")
            text = _SideText(tuple(rows), tuple(" ".join(row.split()) for row in rows))
        self._texts[key] = text
        if len(self._texts) > _KEPT_FILES:
            self._texts.popitem(last=False)
        return text


def _report(
    raw: RawReport, lens: Lens, start: int, block: str, twin: int, *, anchored: bool
) -> Report:
    length = max(0, raw.end_line - raw.start_line)
    return Report(
        fingerprint=fingerprint(raw.claim_key, raw.quote, block, twin),
        reviewer=raw.reviewer,
        lens=lens,
        rule=raw.rule,
        title=raw.title,
        claim=raw.claim,
        scenario=raw.scenario,
        category=raw.category,
        severity=raw.severity,
        confidence=raw.confidence,
        anchor=Anchor(raw.path, raw.side, start, start + length, raw.quote),
        anchored=anchored,
        suggestion=raw.suggestion,
        request=raw.request,
    )
