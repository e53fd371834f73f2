"""The code that a verifier is shown: the patch, and the places of findings that it didn't touch.

Secrets are withheld as in a review. Of what doesn't fit, only the names are shown: the verifier
must read it with its tools, or say that it can't tell.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import aclosing

from xreview.domain.change import FileDiff, Line, LineKind, Side
from xreview.domain.identity.file_text import FileText
from xreview.domain.record import dataclass, field
from xreview.domain.report import Report
from xreview.review.egress.gate import Gate
from xreview.review.egress.secret_files import is_readable
from xreview.review.egress.secrets import without_lines
from xreview.review.egress.withholding import Withholding
from xreview.review.fixing.fixed_tree import FixedFiles
from xreview.review.prompt.blocks import Blocks
from xreview.review.prompt.compose import estimated_tokens
from xreview.review.prompt.context import shown_file
from xreview.review.prompt.pieces import file_heading, pieces_of, prompt_name, remark, row
from xreview.review.reply.quote import ShownCode

_AROUND = 40  # lines before and after a place that the patch doesn't touch
_BYTES_PER_TOKEN = 4  # a high estimate: what has more can't be shown whole


@dataclass
class VerifyCode:
    """The code of one question; `withheld` counts the lines left out as possible secrets."""

    texts: list[str] = field(default_factory=list[str])
    lines: dict[tuple[str, Side], list[str]] = field(
        default_factory=dict[tuple[str, Side], list[str]]
    )
    withheld: int = 0
    room: int = 0

    @property
    def text(self) -> str:
        """All of it, as the prompt shows it."""
        return "\n\n".join(self.texts)

    @property
    def shown(self) -> ShownCode:
        """The raw lines, to look up quotes."""
        return ShownCode(self.lines)

    def add(self, text: str, lines: Iterable[Line], path: str) -> bool:
        """Add a part if there is room for it."""
        cost = estimated_tokens(text) + 2
        if cost > self.room:
            return False
        self.room -= cost
        self.texts.append(text)
        for line in lines:
            for side, gone in ((Side.NEW, LineKind.REMOVED), (Side.OLD, LineKind.ADDED)):
                if line.kind is not gone:
                    self.lines.setdefault((path, side), []).append(line.text)
        return True


async def code_to_verify(
    reports: Sequence[Report],
    patch: Sequence[FileDiff],
    files: FixedFiles,
    gate: Gate,
    room: int,
    ignores: Callable[[str], bool] = lambda _: False,
) -> VerifyCode:
    """The code for a question about some reports in at most `room` tokens, their files first."""
    code = VerifyCode(room=room)
    own = {one.anchor.path for one in reports}
    open_files = [file for file in patch if not ignores(file.path)]
    ordered = sorted(open_files, key=lambda file: not own & {file.path, file.old_path})
    withholding = Withholding(files, gate)
    async with aclosing(Blocks()) as blocks:
        for file in ordered:
            await _add_file(code, file, files, withholding, blocks)
    code.withheld += withholding.total
    for report in reports:
        await asyncio.to_thread(_add_place, code, report, patch, files, gate, ignores)
    return code


async def _add_file(
    code: VerifyCode, file: FileDiff, files: FixedFiles, withholding: Withholding, blocks: Blocks
) -> None:
    if len(file.body) > _BYTES_PER_TOKEN * code.room:
        code.texts.append(_unshown(file))
        return
    for cleaned in await withholding.files((file,)):
        raw = await withholding.read(file, Side.NEW)
        content = None if raw is None else raw.decode("utf-8", "surrogateescape")
        shown = await shown_file(cleaned, content, blocks)
        pieces = await asyncio.to_thread(pieces_of, shown, max(code.room, 1))
        for piece in pieces:
            lines = [line for part in piece.segments for line in part]
            if code.add(piece.text, lines, file.path):
                continue
            code.texts.append(_unshown(file))
            return
        if not pieces:
            code.texts.append(file_heading(cleaned, None))


def _unshown(file: FileDiff) -> str:
    return f"~~~ {prompt_name(file.path)} is changed too, and not shown here"


def _add_place(
    code: VerifyCode,
    report: Report,
    patch: Sequence[FileDiff],
    files: FixedFiles,
    gate: Gate,
    ignores: Callable[[str], bool],
) -> None:
    """Show the code of a report whose lines aren't among those shown."""
    renamed = {file.old_path or file.path: file.path for file in patch}
    path = renamed.get(report.anchor.path, report.anchor.path)
    text = files.new_text(path) if is_readable(path, ignores) else None
    if text is None:
        code.texts.append(f"~~~ {prompt_name(path)} doesn't exist after the change, or isn't shown")
        return
    shown = code.lines.get((path, Side.NEW), [])
    if FileText("\n".join(shown)).occurrences(report.anchor.quote):
        return
    places = FileText(text).occurrences(report.anchor.quote)
    if shown and not places:
        return  # the patch changed it
    wanted = report.anchor.start_line
    line = min(places, key=lambda one: abs(one - wanted), default=wanted)
    withheld = gate.file(text, path).lines
    code.withheld += len(withheld)
    rows = without_lines(text, withheld).split("\n")
    first, last = max(1, line - _AROUND), min(len(rows), line + _AROUND)
    lines = [
        Line(LineKind.CONTEXT, number, number, rows[number - 1])
        for number in range(first, last + 1)
    ]
    heading = f"=== {prompt_name(path)} (not changed here), lines {first}-{last} of {len(rows)}"
    drawn = [said for one in lines for said in (row(one), remark(one)) if said]
    code.add("\n".join([heading, *drawn]), lines, path)
