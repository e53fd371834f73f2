"""The rows of a pull request's screen: what would be posted where, and the threads to answer."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from xreview.domain.change import Side
from xreview.domain.finding import Finding
from xreview.domain.pull.discussion import ReviewThread
from xreview.domain.pull.posting import PlannedComment, PostPlacement
from xreview.domain.pull.pull import ForgeAccount
from xreview.domain.record import dataclass
from xreview.domain.text import count_of, visible, visible_block
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.tui.widgets.findings.marks import THREAD_SIGNS
from xreview.tui.widgets.pull.state import (
    DecidedThread,
    ShownPull,
    decided_threads,
    undecided_threads,
)
from xreview.tui.widgets.row_list import ListedRow, RowHeading
from xreview.tui.widgets.text_pane import TextPart
from xreview.tui.widgets.thread_text import thread_parts

if TYPE_CHECKING:
    from xreview.review.pulls.posting import PostPreview

ReplyOf = Callable[[Finding, ReviewThread], str]
"""Returns the reply that is offered first."""

_PLACEMENTS = {
    PostPlacement.LINES: ("On their lines", "", "≡"),
    PostPlacement.FILE: ("On their files", "Not on lines, for the reason below each.", "▤"),
    PostPlacement.BODY: ("In the text of the review", "For the reason below each.", "¶"),
}
WITHOUT_REPLY = "No reply is offered here. Edit one first."


@dataclass(frozen=True)
class PullRow(ListedRow):
    """A row of a pull request's screen.

    Args:
        about: what there is to read of it, exactly as it goes out where it is to be posted.
        link: its address at the forge, raw; "" for none.
        answered: the thread that it is about, None for what is to be posted.
    """

    about: tuple[TextPart, ...] = ()
    link: str = ""
    answered: DecidedThread | None = None


PullRows = list[RowHeading | PullRow]


def post_rows(
    preview: "PostPreview", links: Mapping[str, str], findings: Sequence[Finding]
) -> PullRows:
    """Return what would be posted, by its placement, then the review's text, then what is there."""
    titles = {name: one.lead.title for one in findings for name in one.fingerprints}
    rows: PullRows = []
    for placement, (title, meaning, _) in _PLACEMENTS.items():
        planned = [one for one in preview.plan.comments if one.placement is placement]
        rows += _headed(title, meaning, [_planned(one, titles) for one in planned])
    if preview.plan.body.strip() and preview.plan.comments:
        rows += _headed("The review", "", [_body(preview)])
    return rows + _headed("Posted already", "", list(_posted(preview, links, titles)))


def thread_rows(
    snapshot: ReviewSnapshot, shown: ShownPull, reply_of: ReplyOf, verdict_of: Callable[..., str]
) -> PullRows:
    """Return the threads of decided findings: to answer, answered, resolved."""
    groups: dict[str, list[PullRow]] = {"To answer": [], "Answered": [], "Resolved": []}
    author = snapshot.pull.author if snapshot.pull else None
    for one in decided_threads(snapshot, shown):
        row = _thread(one, shown, reply_of, verdict_of(one.finding), author)
        group = "Answered" if shown.is_answered(one.thread) else "To answer"
        groups["Resolved" if one.thread.is_resolved else group].append(row)
    rows: PullRows = []
    for title, found in groups.items():
        rows += _headed(title, "", found)
    if waiting := undecided_threads(snapshot):
        told = f"{count_of(waiting, 'thread waits', 'threads wait')} for a decision"
        rows.append(RowHeading(told, "Decide on the finding first.", "bold"))
    return rows


def place_words(comment: PlannedComment) -> str:
    """Return where a comment goes: `app.py:9-10`, `app.py:4 (old side)`, `app.py`."""
    if comment.placement is not PostPlacement.LINES:
        return visible(comment.path)
    end = f"-{comment.end_line}" if comment.is_range else ""
    side = " (old side)" if comment.side is Side.OLD else ""
    return f"{visible(comment.path)}:{comment.start_line}{end}{side}"


def _headed(title: str, meaning: str, rows: Sequence[PullRow]) -> PullRows:
    return [RowHeading(f"{title} ({len(rows)})", meaning, "bold"), *rows] if rows else []


def _planned(comment: PlannedComment, titles: Mapping[str, str]) -> PullRow:
    place, why = place_words(comment), visible(comment.why)
    where: list[TextPart] = [(f"{place}\n", "$text-muted")]
    if why:
        where.append((f"Not on its lines: {why}.\n", "bold $text-warning"))
    return PullRow(
        key=f"post:{comment.subjects[0]}",
        sign=_PLACEMENTS[comment.placement][2],
        style="bold $text-accent",
        title=_title(comment.subjects, titles),
        place=place,
        evidence=why,
        about=(*where, f"\n{visible_block(comment.body)}\n"),
    )


def _body(preview: "PostPreview") -> PullRow:
    return PullRow(
        key="body",
        sign="¶",
        style="bold $text-accent",
        title="The text of the review",
        about=(f"{visible_block(preview.plan.body)}\n",),
    )


def _posted(
    preview: "PostPreview", links: Mapping[str, str], titles: Mapping[str, str]
) -> Iterator[PullRow]:
    pending = {one.marker for one in preview.existing.comments} if preview.existing else set[str]()
    for subjects in preview.plan.already:
        link = next((links[name] for name in subjects if name in links), "")
        is_pending = not pending.isdisjoint(subjects)
        told = "In the pending review: only you see it yet." if is_pending else ""
        shown = f"{visible(link)}\n" if link else ""
        yield PullRow(
            key=f"posted:{subjects[0]}",
            sign="✓",
            style="bold $text-success",
            title=_title(subjects, titles),
            label="pending" if is_pending else "posted",
            about=(f"{told or 'It is on the pull request, and is not posted twice.'}\n", shown),
            link=link,
        )


def _thread(
    one: DecidedThread,
    shown: ShownPull,
    reply_of: ReplyOf,
    verdict: str,
    author: ForgeAccount | None,
) -> PullRow:
    thread, state = one.thread, one.thread.state
    draft = shown.drafts.get(thread.id)
    reply = reply_of(one.finding, thread) if draft is None else draft
    about: list[TextPart] = []
    if not thread.is_resolved and (draft is not None or not shown.is_answered(thread)):
        about += [("Your reply", "bold"), " (edited)\n" if draft is not None else "\n"]
        text = visible_block(reply).strip()
        about += [f"{text}\n\n" if text else (f"{WITHOUT_REPLY}\n\n", "$text-warning")]
    about += thread_parts(thread, author)
    place = thread.place
    line = (place.line_now or place.end_line) if place else 0
    path = visible(place.path) if place else "the pull request as a whole"
    return PullRow(
        key=f"thread:{thread.id}",
        sign=THREAD_SIGNS[state],
        style="bold $text-accent",
        title=visible(one.finding.lead.title),
        place=f"{path}:{line}" if line else path,
        evidence=visible(f"{verdict} · {thread.author.login}"),
        label="edited" if draft is not None else state.value,
        about=tuple(about),
        link=thread.root.url,
        answered=one,
    )


def _title(subjects: Sequence[str], titles: Mapping[str, str]) -> str:
    found = next((titles[name] for name in subjects if name in titles), "a finding that isn't here")
    return visible(found)
