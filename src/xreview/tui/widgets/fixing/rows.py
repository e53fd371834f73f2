"""The rows of the fix screen's list: findings by outcome, and what else the patch does."""

from collections.abc import Iterable, Iterator

from xreview.domain.finding import Finding
from xreview.domain.fixing.check_run import CheckChange, got_worse
from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.record import dataclass
from xreview.domain.text import count_of, visible
from xreview.repo.disposable.applying import PatchPart
from xreview.review.fixing.snapshot import FixedFinding
from xreview.tui.widgets.fixing.parts import Parts
from xreview.tui.widgets.fixing.state import ShownFix, outcome_of, part_label
from xreview.tui.widgets.row_list import ListedRow, RowHeading

LOUD_STYLE = "bold $text-error"
WARNING_STYLE = "bold $text-warning"

OUTCOME_MARKS = {
    FixOutcome.TAMPERED: ("!", "bold reverse $text-error"),
    FixOutcome.REGRESSED: ("↯", LOUD_STYLE),
    FixOutcome.STILL_THERE: ("✗", LOUD_STYLE),
    FixOutcome.BLOCKED: ("⊘", WARNING_STYLE),
    FixOutcome.NOT_VERIFIED: ("?", WARNING_STYLE),
    FixOutcome.FIXED: ("✓", "bold $text-success"),
}
"""The sign and the style of each outcome: told apart without colours too."""


@dataclass(frozen=True)
class FixRow(ListedRow):
    """A row of the fix screen.

    Args:
        about: what else there is to say, in paragraphs.
        parts: the parts of the patch to show; is_offered: whether they can be applied from here.
    """

    about: tuple[str, ...] = ()
    parts: Parts = frozenset()
    is_offered: bool = True
    finding: Finding | None = None


Rows = list[RowHeading | FixRow]


def fix_rows(fix: ShownFix) -> Rows:
    """Return the groups with their rows, worst first."""
    rows: Rows = []
    for heading, group in _groups(fix):
        if found := list(group):
            rows += [heading, *found]
    return rows


def _groups(fix: ShownFix) -> Iterator[tuple[RowHeading, Iterable[FixRow]]]:
    snapshot = fix.snapshot
    if fix.is_running:
        waiting = [one for one in snapshot.findings if one.verdict is None]
        yield RowHeading("Handed over", "", "bold"), (_finding_row(one, fix) for one in waiting)
    meaning = "You changed these files since. Apply one to write conflict markers."
    yield RowHeading("Conflicts", meaning, LOUD_STYLE), _conflicts(fix)
    meaning = "The patch changes what shows whether the rest works."
    yield RowHeading("Weakened checks", meaning, LOUD_STYLE), _tampering(fix)
    yield _outcome(FixOutcome.TAMPERED, fix)
    yield _outcome(FixOutcome.REGRESSED, fix)
    yield RowHeading("Checks that got worse", "", LOUD_STYLE), _checks(snapshot.checks)
    meaning = "The patch itself raises them."
    yield RowHeading("New problems", meaning, LOUD_STYLE), _raised(fix)
    yield _outcome(FixOutcome.STILL_THERE, fix)
    yield _outcome(FixOutcome.BLOCKED, fix)
    yield _outcome(FixOutcome.NOT_VERIFIED, fix)
    meaning = "Not in “apply all”."
    yield RowHeading("Changes that no finding asked for", meaning, WARNING_STYLE), _outside(fix)
    heading = RowHeading("Not part of the patch", "Can't be applied.", WARNING_STYLE)
    yield heading, _refused(fix)
    yield _outcome(FixOutcome.FIXED, fix)
    yield RowHeading("Notices", "", "bold"), _notices(fix)


def _outcome(outcome: FixOutcome, fix: ShownFix) -> tuple[RowHeading, Iterable[FixRow]]:
    heading = RowHeading(outcome.capitalize(), outcome.meaning, OUTCOME_MARKS[outcome][1])
    judged = [one for one in fix.snapshot.findings if one.verdict or not fix.is_running]
    return heading, (_finding_row(one, fix) for one in judged if outcome_of(one) is outcome)


def _finding_row(one: FixedFinding, fix: ShownFix) -> FixRow:
    finding, parts = one.finding, fix.parts_of(one)
    sign, style = ("·", "bold") if one.verdict is None and fix.is_running else _mark(one)
    why = "" if fix.is_running else "It wasn't judged."
    anchor = finding.anchor
    return FixRow(
        key=finding.fingerprint,
        sign=sign,
        style=style,
        title=visible(finding.lead.title),
        place=visible(f"{anchor.path}:{anchor.start_line}"),
        evidence=visible(one.verdict.evidence if one.verdict else why),
        about=tuple(_told(one, parts, fix)),
        label=part_label(parts, fix.applied),
        parts=parts,
        finding=finding,
    )


def _mark(one: FixedFinding) -> tuple[str, str]:
    return OUTCOME_MARKS[outcome_of(one)]


def _told(one: FixedFinding, parts: Parts, fix: ShownFix) -> Iterator[str]:
    """Yield what is behind an outcome: the fixer's words are its own, not evidence."""
    lead = one.finding.lead
    if lead.claim != lead.title:
        yield visible(lead.claim)
    if one.result is not None:
        yield visible(f"The fixer says {one.result.status.words}: {one.result.explanation}")
        if one.result.reason:
            yield visible(f"Its reason: {one.result.reason}")
    if others := fix.sharing(one):
        shared = count_of(others, "other finding")
        yield f"The same part of the patch is for {shared} too: it is applied as a whole."
    if not parts and not fix.is_running:
        yield "The patch changes nothing for this finding."


def _part_rows(parts: Parts, fix: ShownFix, evidence: str) -> Iterator[FixRow]:
    for part in sorted(parts, key=lambda one: (one.path, one.hunk or 0)):
        is_only = part.hunk is None or len(fix.patch.spread([PatchPart(part.path)])) == 1
        where = "" if is_only else f", hunk {(part.hunk or 0) + 1}"
        yield FixRow(
            key=f"part:{part.path}:{part.hunk}",
            sign="+",
            style=WARNING_STYLE,
            title=visible(f"{part.path}{where}"),
            evidence=evidence,
            label=part_label(frozenset({part}), fix.applied),
            parts=frozenset({part}),
        )


def _outside(fix: ShownFix) -> Iterator[FixRow]:
    return _part_rows(fix.outside, fix, "")


def _path_row(kind: str, path: str, evidence: str, fix: ShownFix) -> FixRow:
    parts = fix.patch.spread([PatchPart(path)])
    return FixRow(
        key=f"{kind}:{path}",
        sign="!",
        style=WARNING_STYLE if kind == "refused" else LOUD_STYLE,
        title=visible(path),
        evidence=visible(evidence),
        label=part_label(parts, fix.applied),
        parts=parts,
    )


def _conflicts(fix: ShownFix) -> Iterator[FixRow]:
    for path in fix.conflicts:
        yield _path_row("conflict", path, "conflicts with your version: not written", fix)


def _tampering(fix: ShownFix) -> Iterator[FixRow]:
    for number, one in enumerate(fix.snapshot.tampering):
        yield _path_row(f"tampering:{number}", one.path, one.words, fix)


def _refused(fix: ShownFix) -> Iterator[FixRow]:
    for path, why in fix.snapshot.refused.items():
        yield _path_row("refused", path, why, fix)


def _raised(fix: ShownFix) -> Iterator[FixRow]:
    for report in fix.snapshot.raised:
        anchor = report.anchor
        part = fix.patch.at(anchor.path, anchor.side, anchor.start_line)
        yield FixRow(
            key=f"raised:{report.fingerprint}",
            sign="▲",
            style=LOUD_STYLE,
            title=visible(report.title),
            place=visible(f"{anchor.path}:{anchor.start_line}"),
            evidence=visible(report.claim),
            parts=frozenset({part} if part else ()),
            is_offered=False,
        )


def _checks(changes: Iterable[CheckChange]) -> Iterator[FixRow]:
    for number, one in enumerate(got_worse(changes)):
        run = one.after or one.before
        command = run.command if run else ""
        failed = ", ".join(one.newly_failed)
        after = one.after
        code = "" if after is None else f"exit code {after.code}"
        yield FixRow(
            key=f"check:{number}",
            sign="↯",
            style=LOUD_STYLE,
            title=visible(command),
            evidence=visible(f"fails now: {failed}" if failed else code),
        )


def _notices(fix: ShownFix) -> Iterator[FixRow]:
    for number, notice in enumerate(fix.snapshot.notices):
        yield FixRow(f"notice:{number}", "i", "bold", visible(notice))
