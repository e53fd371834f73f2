"""Applying suggested replacements as they are, without any model."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing

from xreview.domain.change import Side
from xreview.domain.decision import Reason
from xreview.domain.errors import ChangeError
from xreview.domain.fixing.edit import EditPlan, LineEdit, plan_edits
from xreview.domain.fixing.fixer import (
    MECHANICAL,
    FixerIdentity,
    FixerReply,
    FixerResult,
    FixerStatus,
)
from xreview.domain.report import Report
from xreview.domain.text import shorten, visible
from xreview.export.document import ExportEntry
from xreview.export.phrases import place, replacement_of
from xreview.ports.model import Doing
from xreview.review.fixing.fixers import FixerSignal, FixTree
from xreview.review.fixing.order import FixOrder
from xreview.review.writing.syntax import SyntaxCheck
from xreview.review.writing.tree_files import TreeFiles

_TITLE_SHOWN = 60
_DONE = "The suggested lines, unchanged."
_OTHERWISE = "You asked for another fix than the suggested one."


class MechanicalFixer:
    """Replaces the quoted lines with the suggested ones (`review.fixing.fixers.Fixer`)."""

    @property
    def identity(self) -> FixerIdentity:
        """The mechanical fixer."""
        return MECHANICAL

    async def fix(self, order: FixOrder, tree: FixTree) -> AsyncGenerator[FixerSignal, None]:
        """Apply what can be applied; the reply says why the rest can't."""
        yield Doing("applying the suggestions")
        try:
            yield await _fixed(order.accepted, TreeFiles(tree.top))
        except ChangeError as error:
            yield FixerReply(trouble=str(error))


def suggested_edits(entry: ExportEntry) -> list[LineEdit] | str:
    """The edits that a finding suggests, one for each place; or why there are none."""
    if entry.decided is not None and entry.decided.decision.reason is Reason.FIX_DIFFERENTLY:
        return _OTHERWISE
    finding = entry.finding
    claim = next((one for one in finding.claims if replacement_of(one) is not None), finding.lead)
    repeats = finding.repeats if claim is finding.lead else ()
    edits: list[LineEdit] = []
    for report in (claim, *repeats):
        replacement = replacement_of(report)
        if replacement is None:
            return _why_not(report)
        anchor = report.anchor
        edits.append(
            LineEdit(
                finding.fingerprint,
                visible(shorten(finding.lead.title, _TITLE_SHOWN)),
                anchor.path,
                anchor.start_line,
                anchor.quote,
                replacement,
            )
        )
    return edits


def _why_not(report: Report) -> str:
    anchor = report.anchor
    if report.suggestion is None or report.suggestion.replacement is None:
        return f"It suggests no replacement for {place(anchor)}."
    if anchor.side is not Side.NEW:
        return f"The lines of {place(anchor)} are from before the change."
    if not report.anchored:
        return f"The lines it quotes aren't in {anchor.path}."
    return f"It doesn't quote all lines of {place(anchor)}."


async def _fixed(entries: Sequence[ExportEntry], files: TreeFiles) -> FixerReply:
    said = {entry.finding.fingerprint: suggested_edits(entry) for entry in entries}
    edits = [edit for one in said.values() if not isinstance(one, str) for edit in one]
    plan = await _plan(edits, files)
    for path, content in plan.contents.items():
        await asyncio.to_thread(files.write, path, content)
    refused = dict(plan.refused)
    refused.update((name, one) for name, one in said.items() if isinstance(one, str))
    return FixerReply(tuple(_result(name, refused.get(name), edits) for name in said))


async def _plan(edits: Sequence[LineEdit], files: TreeFiles) -> EditPlan:
    """What the edits do without those that break a file's syntax."""
    paths = dict.fromkeys(edit.path for edit in edits)
    before = {path: await asyncio.to_thread(files.read, path) for path in paths}
    broken: set[str] = set()
    async with aclosing(SyntaxCheck()) as syntax:
        while True:
            plan = await asyncio.to_thread(plan_edits, before, edits, broken)
            more = {
                path
                for path, after in plan.contents.items()
                if await syntax.broken_at(path, before[path] or b"", after)
            }
            if not more:
                return plan
            broken |= more


def _result(name: str, refused: str | None, edits: Iterable[LineEdit]) -> FixerResult:
    if refused is not None:
        return FixerResult(name, FixerStatus.BLOCKED, reason=refused)
    files = dict.fromkeys(edit.path for edit in edits if edit.owner == name)
    return FixerResult(name, FixerStatus.FIXED, tuple(files), _DONE)
