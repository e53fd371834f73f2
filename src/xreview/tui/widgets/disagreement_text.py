"""The disagreement pane's text: the other side first, then what would settle it, past records.

It repeats neither the claim, which the review pane shows, nor what the code pane marks.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from textual.content import Content
from textual.geometry import Size

from xreview.disagreement.opposition import opposed
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.pull.discussion import ReviewThread
from xreview.domain.pull.pull import ForgeAccount
from xreview.domain.record import dataclass, replace
from xreview.domain.report import Report, ReviewerKind
from xreview.domain.stance import Stance, StanceKind
from xreview.domain.text import visible, visible_block
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.tui.widgets.answer_text import answer_parts, answers_to, opinion_parts, silence
from xreview.tui.widgets.report_text import report_parts, suggestion_parts
from xreview.tui.widgets.text_pane import TextPart
from xreview.tui.widgets.thread_text import talk_parts

if TYPE_CHECKING:  # loads the journal, which the first frame does without
    from xreview.domain.events.event import EscalationResolved, OpinionGiven
    from xreview.review.past.precedents import PairRecord, Precedents

_BY_ANALYSERS = "Only analysers read this change; no model was asked to respond."


@dataclass(frozen=True, slots=True)
class FindingContext:
    """What is known in addition to the finding itself.

    Args:
        author: the model family that wrote the code; "" for unknown.
        is_by_analysers: no model was asked, so that silence doesn't look like agreement.
        can_ask: whether a model of the author's family can be asked now.
        is_awaited: models may still answer.
        records: how often similar reports by the same reviewers were accepted.
        threads: what is said on the pull request where the finding was read from.
        pull_author: who opened the pull request; None for another change.
    """

    author: str = ""
    is_by_analysers: bool = False
    can_ask: bool = False
    is_awaited: bool = False
    opinions: "Sequence[OpinionGiven]" = ()
    outcomes: "Sequence[EscalationResolved]" = ()
    records: "Sequence[PairRecord]" = ()
    threads: Sequence[ReviewThread] = ()
    pull_author: ForgeAccount | None = None


def finding_context(
    finding: Finding, snapshot: ReviewSnapshot, precedents: "Precedents | None"
) -> FindingContext:
    """Return what is known about a finding; `precedents` are None while they're being read."""
    attribution, triage = snapshot.attribution, snapshot.triage
    author = attribution.family_of(finding.anchor.path) if attribution else ""
    kinds = {reviewer.identity.kind for reviewer in snapshot.reviewers}
    kinds |= {stance.party.kind for stance in finding.stances}
    context = FindingContext(
        author,
        kinds == {ReviewerKind.ANALYSER},
        _can_ask(author, finding, snapshot),
        is_awaited=snapshot.is_running or snapshot.answering is not None,
        threads=snapshot.threads_of(finding),
        pull_author=snapshot.pull.author if snapshot.pull else None,
    )
    if precedents is None:
        return context
    return replace(
        context,
        opinions=precedents.opinions_on(finding, triage),
        outcomes=precedents.outcomes_on(finding, triage),
        records=precedents.records_on(finding, snapshot.author.vendor),
    )


def _can_ask(author: str, finding: Finding, snapshot: ReviewSnapshot) -> bool:
    """Whether a model of the author's family can be asked, is free, and didn't raise this."""
    return (
        snapshot.choice is not None
        and author in snapshot.choice.families
        and not any(report.reviewer.is_model_of(author) for report in finding.reports)
        and not snapshot.is_running
        and snapshot.answering is None
    )


def disagreement_content(
    finding: Finding, context: FindingContext, room: Size, ask_key: str, *, is_whole: bool = False
) -> Content:
    """Return the other side of a finding, for a pane with this room; its width is 0 if unknown.

    If it doesn't fit, it is brief about who agrees; never if it must be whole.
    """
    whole = _content(finding, context, room.width, ask_key, is_brief=False)
    if is_whole or not room.width or len(whole.wrap(room.width)) <= room.height:
        return whole
    return _content(finding, context, room.width, ask_key, is_brief=True)


def _content(
    finding: Finding, context: FindingContext, width: int, ask_key: str, *, is_brief: bool
) -> Content:
    answers = [
        answer_parts(stances, finding, context.author, width, is_brief=is_brief)
        for stances in answers_to(finding)
    ]
    against, others = _reports(finding, width)
    silent = finding.stances
    match finding.disagreement:
        case Disagreement.CONFLICT | Disagreement.CORROBORATED:
            blocks = [*against, *others, *answers]
        case Disagreement.LONE:
            blocks = [*answers, *others]
            is_answered = any(thread.replies for thread in context.threads)
            if not (blocks or context.opinions or context.outcomes or is_answered):
                blocks = [_unanswered(finding, context, ask_key)]
                silent = tuple(one for one in silent if not _raised_nothing(one))
        case Disagreement.CONTESTED | Disagreement.TRADE_OFF | Disagreement.CONCEDED:
            blocks = [*answers, *against, *others]
    blocks += talk_parts(context.threads, context.pull_author)
    blocks += [opinion_parts(one, context.author, width) for one in context.opinions]
    for outcome in context.outcomes:
        answered = (f"{visible(outcome.by)} answered\n", "bold")
        blocks.append(iter([answered, f"{visible_block(outcome.outcome)}\n"]))
    blocks += [_settles(finding, context), _records(context), _silent(silent)]
    texts = [Content.assemble(*block) for block in blocks]
    return Content("\n").join(text for text in texts if text)


def _reports(
    finding: Finding, width: int
) -> tuple[list[Iterator[TextPart]], list[Iterator[TextPart]]]:
    """Return the further reports that ask for the opposite of an earlier one, and the others."""
    against: list[Iterator[TextPart]] = []
    others: list[Iterator[TextPart]] = []
    for number, report in enumerate(finding.claims[1:], 2):
        earlier = enumerate(finding.claims[: number - 1], 1)
        rival = next((at for at, one in earlier if opposed(one, report)), 0)
        if rival:
            against.append(_opposite(report, number, rival, width))
        else:
            others.append(_agreeing(report, number, finding.lead))
    return against, others


def _opposite(report: Report, number: int, rival: int, width: int) -> Iterator[TextPart]:
    yield (f"{number} ", "bold $text-accent")
    yield (visible(report.reviewer.name), "bold")
    of = f" of {rival}" if rival > 1 else ""
    yield (f" asks for the opposite{of}\n", "bold $disagreement-conflict")
    yield from report_parts(report, width, is_introduced=True)


def _agreeing(report: Report, number: int, lead: Report) -> Iterator[TextPart]:
    yield (f"{number} ", "bold $text-accent")
    yield (visible(report.reviewer.name), "bold")
    yield (" also raises it: ", "bold $disagreement-corroborated")
    yield visible(report.title)
    if not report.anchor.overlaps(lead.anchor):
        yield (f" · {visible(report.anchor.path)}:{report.anchor.start_line}", "$text-muted")
    yield "\n"
    suggestion, other = report.suggestion, lead.suggestion
    if suggestion and suggestion.replacement and suggestion != other:
        yield from suggestion_parts(suggestion, report.anchor.quote)


def _unanswered(finding: Finding, context: FindingContext, ask_key: str) -> Iterator[TextPart]:
    """Yield which models read the same code without raising this, or that nobody answered."""
    who = silence(one for one in finding.stances if _raised_nothing(one))
    if who:
        yield f"{who} read the same code and raised nothing here."
    elif context.is_awaited:
        yield "Nobody has answered yet."
    else:
        yield _BY_ANALYSERS if context.is_by_analysers else "Nobody answered."
    if context.can_ask and ask_key:
        yield f" Press {ask_key} to ask the author's model."
    yield "\n"


def _raised_nothing(stance: Stance) -> bool:
    """Whether it's a model that read the file and found nothing; analysers always skip most."""
    is_silent = stance.kind is StanceKind.SILENT and not stance.argument
    return is_silent and stance.party.kind is not ReviewerKind.ANALYSER


def _silent(stances: Iterable[Stance]) -> Iterator[TextPart]:
    if who := silence(stances):
        yield (f"Silent here: {who}\n", "$text-muted")


def _settles(finding: Finding, context: FindingContext) -> Iterator[TextPart]:
    texts = (
        *(report.settle for report in finding.reports),
        *(stance.settles for stance in finding.stances),
        *(opinion.settles for opinion in context.opinions),
    )
    if found := _distinct(texts):
        yield ("What would settle it\n", "bold")
        yield from (f"{visible_block(text)}\n" for text in found)


def _distinct(texts: Iterable[str]) -> list[str]:
    """Return the texts without those that only begin another one."""
    found = list(dict.fromkeys(text.strip() for text in texts if text.strip()))
    return [
        text
        for text in found
        if not any(other != text and other.startswith(text.rstrip(".?! ")) for other in found)
    ]


def _records(context: FindingContext) -> Iterator[TextPart]:
    if context.records:
        yield ("Track record\n", "bold")
        yield from (f"{_record(record)}\n" for record in context.records)


def _record(record: "PairRecord") -> str:
    who = f"{visible(record.reviewer.name)} on {visible(record.author or 'unknown author')}"
    share = record.share
    return f"{who}, {record.category}: {share.count} of {share.of} accepted"
