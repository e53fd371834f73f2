"""From accepted findings to the review that would be posted."""

from collections.abc import Collection, Sequence

from xreview.domain.change import FileDiff
from xreview.domain.pull.address import ForgeKind
from xreview.domain.pull.plan import ABILITIES, DiffPlaces
from xreview.domain.pull.posting import PlannedComment, PostPlacement, ReviewPlan
from xreview.domain.record import dataclass, replace
from xreview.domain.text import count_of
from xreview.export.document import ExportEntry
from xreview.review.pulls.wording import comment_text, review_text, section_text, suggestion_of

REFUSED_ON_LINES = "the forge refused it on its lines"


@dataclass(frozen=True)
class PlanBasis:
    """What a plan depends on besides the findings.

    Args:
        commit: the full id of the head. files: of its diff, those with findings at least.
        is_moved: the findings are about another commit.
        posted: the fingerprints that are posted already. threads: the ids of the threads there are.
        is_adding: the plan adds to a pending review, whose text can't be added to.
    """

    commit: str
    files: Sequence[FileDiff]
    kind: ForgeKind
    is_moved: bool = False
    posted: Collection[str] = ()
    threads: Collection[str] = ()
    is_adding: bool = False


def review_plan(
    entries: Sequence[ExportEntry], basis: PlanBasis
) -> tuple[ReviewPlan, tuple[str, ...]]:
    """The review of these findings, and sentences about those that aren't in it."""
    already: list[tuple[str, ...]] = []
    in_threads = 0
    placed: list[tuple[ExportEntry, PlannedComment]] = []
    places = DiffPlaces(basis.files, ABILITIES[basis.kind], basis.is_moved)
    for entry in entries:
        finding = entry.finding
        if not set(finding.fingerprints).isdisjoint(basis.posted):
            already.append(finding.fingerprints)
        elif any(report.source in basis.threads for report in finding.reports if report.source):
            in_threads += 1
        else:
            is_anchored = finding.lead.anchored
            planned = places.place(finding.fingerprints, finding.anchor, is_anchored=is_anchored)
            placed.append((entry, _worded(entry, planned, places, basis.kind)))
    notices: list[str] = []
    if in_threads:
        notices.append(
            f"{count_of(in_threads, 'finding has a thread', 'findings have threads')} on the pull "
            "request already: reply there instead."
        )
    if basis.is_adding:
        kept = [one for one in placed if one[1].placement is not PostPlacement.BODY]
        if unfit := len(placed) - len(kept):
            notices.append(
                f"{count_of(unfit, 'finding')} can't be added to a pending review, "
                "because no line or file of the diff takes a comment about it: submit this review "
                "first, then post again."
            )
        placed = kept
    plan, left_out = _put_together(placed, places, basis, already)
    return plan, (*notices, *_left_out(left_out))


def _left_out(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    return (
        f"{count_of(count, 'finding')} left out, because the review's text has no more room: "
        "submit it first, then post again.",
    )


def body_only(
    entries: Sequence[ExportEntry], plan: ReviewPlan
) -> tuple[ReviewPlan, tuple[str, ...]]:
    """The same review with all findings in its text, and a sentence if not all fit."""
    by_subjects = {entry.finding.fingerprints: entry for entry in entries}
    placed = [
        (by_subjects[one.subjects], replace(_in_body(one), why=one.why or REFUSED_ON_LINES))
        for one in plan.comments
    ]
    basis = PlanBasis(plan.commit, (), ForgeKind.GITHUB)
    bare, left_out = _put_together(placed, DiffPlaces(()), basis, plan.already)
    return bare, _left_out(left_out)


def _in_body(planned: PlannedComment) -> PlannedComment:
    return PlannedComment(
        planned.subjects, PostPlacement.BODY, planned.path, "", planned.side,
        old_path=planned.old_path, why=planned.why,
    )  # fmt: skip


def _worded(
    entry: ExportEntry, planned: PlannedComment, places: DiffPlaces, kind: ForgeKind
) -> PlannedComment:
    lead = entry.finding.lead
    if planned.placement is PostPlacement.BODY:
        return planned
    offered = None
    if places.replaces_exactly(planned, lead.anchor):
        offered = suggestion_of(lead, planned, kind)
    return replace(planned, body=comment_text(entry, planned, offered))


def _put_together(
    placed: Sequence[tuple[ExportEntry, PlannedComment]],
    places: DiffPlaces,
    basis: PlanBasis,
    already: Sequence[tuple[str, ...]],
) -> tuple[ReviewPlan, int]:
    """The plan, and how many findings its text has no room for."""
    by_subjects = {planned.subjects: entry for entry, planned in placed}
    ordered = [
        replace(one, body=section_text(by_subjects[one.subjects], one))
        if one.placement is PostPlacement.BODY
        else one
        for one in places.in_order(planned for _, planned in placed)
    ]
    beside = [one for one in ordered if one.placement is PostPlacement.BODY]
    sections = [(one.body, one.subjects[0]) for one in beside]
    text, fitted = review_text(len(ordered), sections)
    if left_out := beside[fitted:]:
        text, _ = review_text(len(ordered) - len(left_out), sections[:fitted])
    comments = tuple(one for one in ordered if one not in left_out)
    return ReviewPlan(basis.commit, text, comments, tuple(already)), len(left_out)
