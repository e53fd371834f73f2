"""Hypothesis strategies for the words of the domain, hostile text included."""

from dataclasses import replace

from hypothesis import strategies as st

from xreview.domain.attempt.facts import AttemptFacts
from xreview.domain.attempt.seat import LABELS, Seat
from xreview.domain.attempt.statement import AttemptStatement, EdgeCase
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.change import ChangeKind, ChangeSource, FileStatus, Side
from xreview.domain.changed_file import ChangedFile
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.decision import REASONS, Decision, Reason, Verdict
from xreview.domain.events import event as events
from xreview.domain.events.attempt_events import TakenLines
from xreview.domain.events.carried import CarriedOver, CarriedState, Suppression
from xreview.domain.events.escalation_events import Favour
from xreview.domain.events.outcome_events import AftermathKind
from xreview.domain.events.person_events import FoundIn
from xreview.domain.events.pull_events import SeenThread
from xreview.domain.events.review_events import WeighedFile
from xreview.domain.events.upkeep_events import BriefAnswer, ChainHead
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.fixing.fixer import FixerIdentity, FixerKind, FixerStatus
from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.identity.anchor import Anchor, Context
from xreview.domain.pull.discussion import ReviewVerdict
from xreview.domain.pull.posting import PostPlacement
from xreview.domain.pull.thread_state import ThreadState
from xreview.domain.reply_count import ReplyCount
from xreview.domain.report import (
    Category,
    Confidence,
    Direction,
    Lens,
    Report,
    Request,
    ReviewerIdentity,
    ReviewerKind,
    Severity,
    Suggestion,
)
from xreview.domain.ruling import RULINGS, ChosenReport
from xreview.domain.stakes.tier import Tier
from xreview.domain.stance import Stance, StanceKind
from xreview.domain.state import Decided

HOSTILE = (
    "\x00",
    "\x07",
    "\x1b]52;c;aGk=\x07",
    "\x1b[2J",
    "\x9b31m",
    "\r\n",
    "\r",
    "\u202e",
    "\u2066",
    "\u200b",
    "\ufeff",
    "\u2028",
    "\U000e0041",
    "\udc80",
    "\x7f",
    "`",
    "```\n",
    "````",
    "~~~\n",
    "<script>alert(1)</script>",
    "<!--",
    "-->",
    "@someone",
    "[link](http://example.com)",
    "![](http://example.com/x.png)",
    "http://example.com",
    "www.example.com",
    "#12",
    "&lt;",
    "**bold**",
    "__init__",
    "| a | b |\n|---|---|\n",
    "\n# heading\n",
    "\n- item\n",
    "\n1. item\n",
    "\n---\n",
    "\n===\n",
    "\n    code\n",
    "\n> quote\n",
    "\\",
    "$x$",
    "[^1]: note\n",
    "\n```suggestion\n",
)

characters = st.characters(exclude_categories=["Cs"]) | st.characters(
    min_codepoint=0xDC80, max_codepoint=0xDCFF, categories=["Cs"]
)
"""Any character, and the lone surrogates that stand for bytes that are not UTF-8."""

texts = st.lists(st.sampled_from(HOSTILE) | st.text(characters, max_size=12), max_size=6).map(
    "".join
)
names = st.text(characters, min_size=1, max_size=12) | st.sampled_from(HOSTILE)
numbers = st.integers(1, 10**6)
times = st.integers(0, 999_999).map(lambda n: f"2025-01-01T00:00:00.{n:06}+00:00")
reviewers = st.builds(
    ReviewerIdentity, names, st.sampled_from(ReviewerKind), names, st.just("") | names
)
digests = st.lists(names, max_size=3).map(tuple)
contexts = st.builds(Context, digests, digests, digests, texts)
anchors = st.builds(Anchor, names, st.sampled_from(Side), numbers, numbers, texts, contexts)
suggestions = st.builds(Suggestion, texts, st.none() | texts)
requests = st.builds(Request, st.sampled_from(Direction), names)


def by_a_person(report: Report) -> Report:
    return replace(report, reviewer=replace(report.reviewer, kind=ReviewerKind.PERSON))


reports = st.builds(
    Report,
    fingerprint=names,
    reviewer=reviewers,
    lens=st.sampled_from(Lens),
    rule=texts,
    title=texts,
    claim=texts,
    scenario=texts,
    category=st.sampled_from(Category),
    severity=st.sampled_from(Severity),
    confidence=st.sampled_from(Confidence),
    anchor=anchors,
    anchored=st.booleans(),
    suggestion=st.none() | suggestions,
    request=st.none() | requests,
    settle=texts,
    source=st.just("") | names,
)
seen_threads = st.builds(SeenThread, names, texts, names, st.sampled_from(ThreadState))
decisions = st.sampled_from(
    [Decision(verdict, reason) for verdict in Verdict for reason in REASONS[verdict]]
)
chosen_reports = st.lists(st.builds(ChosenReport, names, names), max_size=2).map(tuple)


@st.composite
def sided(draw: st.DrawFn) -> dict[str, object]:
    """A decision with a ruling and chosen reports, if its reason can have them."""
    decision = draw(decisions)
    return {
        "decision": decision,
        "ruling": draw(st.sampled_from([None, RULINGS.get(decision.reason)])),
        "chosen": draw(chosen_reports) if decision.reason is Reason.FIX else (),
    }


coverage_entries = st.builds(
    CoverageEntry, names, names, st.sampled_from(Reading), texts, numbers, st.booleans()
)
amounts = st.floats(min_value=0, allow_nan=False, allow_infinity=False)
subjects = st.lists(names, min_size=1, max_size=3).map(tuple)
stances = st.builds(
    Stance,
    reviewers,
    st.sampled_from(StanceKind),
    texts,
    texts,
    texts,
    texts,
    st.integers(0, 10**6),
    st.booleans(),
)
suppressions = st.builds(
    Suppression, texts, names, times, st.just("") | names, st.none() | st.dates().map(str)
)
carried = st.builds(
    CarriedOver,
    st.sampled_from(CarriedState),
    st.none() | suppressions,
    st.booleans(),
    st.just("") | names,
)
changed_files = st.builds(
    ChangedFile,
    names,
    st.sampled_from(FileStatus),
    st.none() | names,
    numbers,
    numbers,
    st.lists(st.tuples(numbers, numbers, numbers, numbers), max_size=2).map(tuple),
)
fixers = st.builds(FixerIdentity, names, st.sampled_from(FixerKind), texts, texts)
labels = st.sampled_from(LABELS)
several_texts = st.lists(texts, max_size=2).map(tuple)
lines = st.integers(0, 10**6)
seats = st.builds(
    Seat,
    labels,
    reviewers,
    st.sampled_from(Tier),
    st.just("") | names,
    st.none() | st.sampled_from(Tier),
)
edge_cases = st.builds(EdgeCase, texts, texts, texts, lines, lines)
statements = st.builds(
    AttemptStatement,
    texts,
    several_texts,
    st.lists(edge_cases, max_size=2).map(tuple),
    several_texts,
    several_texts,
    names,
    st.booleans(),
)
attempt_facts = st.builds(
    AttemptFacts,
    *(lines, lines, lines),
    st.tuples(lines, lines, lines, lines),
    *(lines, lines, lines, lines),
    several_texts,
    st.none() | st.integers(-1000, 1000),
    st.none() | amounts,
    amounts,
)
taken_lines = st.builds(TakenLines, labels, texts, numbers, numbers, names)
LATER = Decision(Verdict.REJECT, Reason.LATER)
reply_counts = st.lists(st.integers(0, 1000), min_size=3, max_size=3).map(
    lambda counts: ReplyCount(*sorted(counts, reverse=True))
)
by_kind: dict[type[events.Payload], st.SearchStrategy[events.Payload]] = {
    events.SessionOpened: st.builds(
        events.SessionOpened,
        st.sampled_from(ChangeKind),
        texts,
        st.none() | names,
        st.none() | names,
        texts,
        st.lists(reviewers, max_size=2).map(tuple),
        texts,
    ),
    events.ChangeCollected: st.builds(
        events.ChangeCollected,
        numbers,
        numbers,
        numbers,
        names,
        st.lists(changed_files, max_size=2).map(tuple),
    ),
    events.AuthorAttributed: st.builds(
        events.AuthorAttributed,
        texts,
        texts,
        texts,
        st.lists(texts, max_size=2).map(tuple),
        st.none() | st.sampled_from(Confidence),
        st.dictionaries(texts, texts, max_size=2),
    ),
    events.AuthorAnswered: st.builds(events.AuthorAnswered, names, names, names),
    events.FileViewed: st.builds(events.FileViewed, texts, names),
    events.FileUnviewed: st.builds(events.FileUnviewed, texts),
    events.AuthorForgotten: st.builds(events.AuthorForgotten, names),
    events.ReviewersJoined: st.builds(
        events.ReviewersJoined, st.lists(reviewers, max_size=3).map(tuple)
    ),
    events.ModelAsked: st.builds(
        events.ModelAsked,
        texts,
        texts,
        texts,
        subjects,
        texts,
        texts,
        numbers,
        numbers,
        numbers,
        st.none() | reply_counts,
    ),
    events.OpponentChosen: st.builds(events.OpponentChosen, subjects, subjects, texts),
    events.NoticeGiven: st.builds(events.NoticeGiven, texts),
    events.ReportReceived: st.builds(events.ReportReceived, reports, st.none() | carried),
    events.CoverageReceived: st.builds(
        events.CoverageReceived,
        st.lists(coverage_entries, max_size=3).map(tuple),
        st.dictionaries(names, texts, max_size=2),
    ),
    events.UsageReceived: st.builds(
        events.UsageReceived,
        names,
        numbers,
        numbers,
        st.none() | amounts,
        amounts,
    ),
    events.StanceTaken: st.builds(events.StanceTaken, subjects, stances),
    events.DecisionMade: st.builds(
        lambda action, about, side: events.DecisionMade(action, about, **side),
        names,
        subjects,
        sided(),
    )
    | st.builds(events.DecisionMade, names, subjects, st.just(LATER), st.dates().map(str)),
    events.DecisionUndone: st.builds(events.DecisionUndone, names),
    events.DecisionRedone: st.builds(events.DecisionRedone, names),
    events.NoteWritten: st.builds(events.NoteWritten, subjects, texts),
    events.FindingWritten: st.builds(events.FindingWritten, names, reports.map(by_a_person)),
    events.FindingRemoved: st.builds(events.FindingRemoved, names, subjects),
    events.ProblemMissed: st.builds(
        events.ProblemMissed,
        names,
        names,
        numbers,
        texts,
        st.sampled_from(FoundIn),
        st.sampled_from(Severity),
        st.none() | st.sampled_from(Category),
    ),
    events.OpinionGiven: st.builds(
        events.OpinionGiven,
        names,
        subjects,
        reviewers,
        st.sampled_from(Favour),
        st.booleans(),
        texts,
        texts,
        texts,
        texts,
        st.integers(0, 10**6),
        st.booleans(),
    ),
    events.EscalationResolved: st.builds(events.EscalationResolved, names, subjects, texts, names),
    events.Exported: st.builds(
        events.Exported, names, names, st.dictionaries(names, texts, max_size=2), numbers
    ),
    events.FixConfirmed: st.builds(events.FixConfirmed, subjects, texts),
    events.ConventionWritten: st.builds(
        events.ConventionWritten, names, texts, subjects, names, texts
    ),
    events.ConventionRemoved: st.builds(events.ConventionRemoved, names),
    events.SessionsPruned: st.builds(
        events.SessionsPruned,
        names,
        names,
        st.lists(st.builds(ChainHead, names, names, numbers), max_size=2).map(tuple),
        names,
    ),
    events.ProposalReceived: st.builds(
        events.ProposalReceived,
        texts,
        subjects,
        texts,
        texts,
        texts,
    ),
    events.ProposalTaken: st.builds(events.ProposalTaken, names, subjects, subjects),
    events.FixStarted: st.builds(
        events.FixStarted,
        names,
        fixers,
        names,
        st.lists(subjects, max_size=3).map(tuple),
        st.just("") | names,
        texts,
    ),
    events.FixAnswered: st.builds(
        events.FixAnswered,
        names,
        subjects,
        st.sampled_from(FixerStatus),
        st.lists(texts, max_size=2).map(tuple),
        texts,
        texts,
    ),
    events.FixJudged: st.builds(
        events.FixJudged, names, subjects, st.sampled_from(FixOutcome), texts
    ),
    events.FixEnded: st.builds(
        events.FixEnded, names, texts, st.none() | amounts, amounts, texts, texts
    ),
    events.FixApplied: st.builds(
        events.FixApplied,
        names,
        names,
        subjects,
        st.lists(texts, max_size=2).map(tuple),
        st.booleans(),
    ),
    events.FixReverted: st.builds(events.FixReverted, names, names),
    events.FixDiscarded: st.builds(events.FixDiscarded, names),
    events.PullOpened: st.builds(events.PullOpened, names, texts, names, names, names),
    events.ThreadsSeen: st.builds(
        events.ThreadsSeen, names, st.lists(seen_threads, max_size=2).map(tuple)
    ),
    events.ReviewBegun: st.builds(events.ReviewBegun, names, names, names, texts, names),
    events.CommentPosted: st.builds(
        events.CommentPosted,
        names,
        names,
        names,
        subjects,
        st.sampled_from(PostPlacement),
        texts,
        texts,
    ),
    events.ReviewSubmitted: st.builds(
        events.ReviewSubmitted, names, names, names, texts, st.sampled_from(ReviewVerdict)
    ),
    events.ReviewDiscarded: st.builds(events.ReviewDiscarded, names, names, names),
    events.ReplyPosted: st.builds(events.ReplyPosted, names, names, names, subjects, names, texts),
    events.ThreadResolved: st.builds(
        events.ThreadResolved, names, names, names, subjects, st.booleans()
    ),
    events.CommentDeleted: st.builds(events.CommentDeleted, names, names, names),
    events.TrialStarted: st.builds(
        events.TrialStarted,
        *(names, texts, texts, names, texts),
        several_texts,
        texts,
        st.lists(seats, max_size=3).map(tuple),
        texts,
    ),
    events.AttemptStated: st.builds(events.AttemptStated, names, labels, statements),
    events.AttemptWritten: st.builds(
        events.AttemptWritten, names, labels, names, st.none() | amounts, amounts, texts
    ),
    events.AttemptReviewed: st.builds(
        events.AttemptReviewed,
        *(names, labels, names),
        st.lists(reviewers, max_size=2).map(tuple),
        attempt_facts,
        st.none() | amounts,
        texts,
    ),
    events.AttemptTaken: st.builds(
        events.AttemptTaken,
        *(names, names),
        st.lists(labels, min_size=1, max_size=3).map(tuple),
        texts,
        several_texts,
        st.lists(taken_lines, max_size=2).map(tuple),
        st.none() | st.booleans(),
    ),
    events.AttemptReturned: st.builds(events.AttemptReturned, names, names),
    events.AttentionWeighed: st.builds(
        events.AttentionWeighed,
        st.sampled_from(AttentionLevel),
        several_texts,
        st.lists(
            st.builds(WeighedFile, texts, st.sampled_from(AttentionLevel), several_texts),
            max_size=2,
        ).map(tuple),
    ),
    events.AftermathSeen: st.builds(
        events.AftermathSeen,
        *(names, st.sampled_from(AftermathKind), names, times, texts),
        st.integers(0, 10**6),
        subjects,
        texts,
    ),
    events.BriefWritten: st.builds(
        events.BriefWritten,
        *(texts, names),
        st.lists(st.builds(BriefAnswer, texts, texts), max_size=2).map(tuple),
        names,
    ),
    events.DescriptionPosted: st.builds(
        events.DescriptionPosted, names, names, names, texts, texts
    ),
    events.TrialDiscarded: st.builds(events.TrialDiscarded, names),
}
payloads = st.one_of(*by_kind.values())
findings = st.builds(
    Finding,
    st.lists(reports, min_size=1, max_size=2).map(tuple),
    st.lists(stances, max_size=2).map(tuple),
    st.sampled_from(Disagreement),
)
decided = st.builds(
    lambda action, side, session, at, actor: Decided(
        action=action, session=session, at=at, actor=actor, **side
    ),
    names,
    sided(),
    names,
    times,
    names,
)
sources = st.builds(
    ChangeSource,
    st.sampled_from(ChangeKind),
    texts,
    names,
    st.none() | names,
    st.none() | names,
    st.lists(texts, max_size=2).map(tuple),
)


def stored_events(ids: st.SearchStrategy[str] = names) -> st.SearchStrategy[events.Event]:
    """Whole events."""
    return st.builds(events.Event, ids, names, names, times, names, payloads)
