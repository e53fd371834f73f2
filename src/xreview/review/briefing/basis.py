"""What a description is made of: the change, its triage, and what the author says."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from xreview.disagreement.attention import finding_attention
from xreview.domain.attention.attention import ChangeAttention
from xreview.domain.briefing.question import (
    BriefQuestion,
    HeavyFile,
    TriagedFinding,
    questions_about,
)
from xreview.domain.changed_file import ChangedFile
from xreview.domain.errors import UsageError
from xreview.domain.events.event import (
    AttentionWeighed,
    BriefWritten,
    Event,
    FixApplied,
    FixEnded,
    FixReverted,
)
from xreview.domain.events.upkeep_events import BriefAnswer
from xreview.domain.record import dataclass, field, replace
from xreview.domain.text import shorten, visible_block
from xreview.export.document import ExportDocument, ExportEntry

if TYPE_CHECKING:
    from xreview.domain.attention.level import AttentionLevel

LONGEST_ANSWER = 4_000
"""Characters."""
_MOST_ANSWERS = 200


@dataclass(frozen=True)
class BriefBasis:
    """Everything that a description says comes from here.

    Args:
        document: one session, or none that was recorded (its id is "").
        files: the change as it is now, which can be another one than was reviewed.
        messages: the commit messages without trailers, the oldest first.
        title, original: those of the pull request, without our part; "" for none.
        heavy: the files that deserve attention, the most first.
        answers: what the author said to questions, by the question's text.
        checks: what the checks said around fixes that were applied, one sentence each.
    """

    document: ExportDocument
    files: tuple[ChangedFile, ...] = ()
    messages: tuple[str, ...] = ()
    title: str = ""
    original: str = ""
    heavy: tuple[HeavyFile, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict[str, str])
    checks: tuple[str, ...] = ()

    @property
    def session(self) -> str:
        """The id of the session; "" if the change wasn't reviewed."""
        return self.document.latest.id

    @cached_property
    def questions(self) -> tuple[BriefQuestion, ...]:
        """What the author is asked, answered or not."""
        triaged = (
            TriagedFinding(one.finding, one.decided, one.note)
            for one in self.document.entries
            if not one.is_gone
        )
        return questions_about(triaged, self.heavy, (*self.messages, self.original))

    @property
    def unanswered(self) -> tuple[BriefQuestion, ...]:
        """The questions that wait for an answer."""
        return tuple(one for one in self.questions if not self.answers.get(one.text))

    def answered(self, answers: Mapping[str, str]) -> "BriefBasis":
        """The basis with more answers; an empty one removes what was answered before."""
        said = {question: clean_answer(text) for question, text in answers.items()}
        return replace(self, answers={**self.answers, **said})

    @property
    def given(self) -> tuple[BriefAnswer, ...]:
        """The answers to today's questions, to be kept; "" for one that was withdrawn."""
        asked = (one.text for one in self.questions if one.text in self.answers)
        return tuple(BriefAnswer(one, self.answers[one]) for one in asked)

    def answer_about(self, entry: ExportEntry) -> str:
        """What the author said about a finding; "" for nothing."""
        names = frozenset(entry.finding.fingerprints)
        about = (one for one in self.questions if not names.isdisjoint(one.names))
        return next((said for one in about if (said := self.answers.get(one.text))), "")

    @property
    def answers_on_files(self) -> tuple[tuple[str, str], ...]:
        """What the author said about files: the path, raw, and the answer."""
        about = (one for one in self.questions if not one.names)
        return tuple((one.path, said) for one in about if (said := self.answers.get(one.text)))


@dataclass(frozen=True, slots=True)
class BriefRecord:
    """What the events of a session add to its findings."""

    weighed: AttentionWeighed | None = None
    answers: Mapping[str, str] = field(default_factory=dict[str, str])
    checks: tuple[str, ...] = ()


def brief_record(events: Iterable[Event]) -> BriefRecord:
    """Fold the events of the sessions of one change, the oldest first."""
    weighed: AttentionWeighed | None = None
    answers: dict[str, str] = {}
    checks: dict[str, str] = {}
    applied: dict[str, str] = {}
    for event in events:
        payload = event.payload
        if isinstance(payload, AttentionWeighed):
            weighed = payload
        elif isinstance(payload, BriefWritten):
            for one in payload.answers:
                if len(answers) < _MOST_ANSWERS or one.question in answers:
                    answers[one.question] = clean_answer(one.answer)
        elif isinstance(payload, FixEnded) and payload.checks:
            checks[payload.fix] = payload.checks
        elif isinstance(payload, FixApplied):
            applied[payload.action] = payload.fix
        elif isinstance(payload, FixReverted):
            applied.pop(payload.action, None)
    held = frozenset(applied.values())
    kept = dict.fromkeys(said for fix, said in checks.items() if fix in held)
    return BriefRecord(weighed, answers, tuple(kept))


def clean_answer(text: str) -> str:
    """An answer as it is kept: bounded, and without control characters."""
    return shorten(visible_block(text).strip(), LONGEST_ANSWER)


def heavy_files(
    weighed: AttentionWeighed | ChangeAttention | None,
    entries: Sequence[ExportEntry],
    topics: Mapping[str, tuple[str, ...]] | None = None,
) -> tuple[HeavyFile, ...]:
    """The files that deserve to be studied, the most first: by themselves, or by a finding.

    Args:
        topics: what files touch, by path, where `weighed` doesn't say.
    """
    known = dict(topics or {})
    levels: dict[str, AttentionLevel] = {}
    if isinstance(weighed, AttentionWeighed):
        levels = {one.path: one.level for one in weighed.files}
        known |= {one.path: one.topics for one in weighed.files}
    elif weighed is not None:
        levels = {path: one.level for path, one in weighed.files.items()}
    attention = weighed if isinstance(weighed, ChangeAttention) else None
    for entry in entries:
        if entry.is_gone or not entry.finding.is_anchored:
            continue
        path, found = entry.finding.anchor.path, finding_attention(entry.finding, attention)
        levels[path] = max(levels.get(path, found.level), found.level)
    heavy = [HeavyFile(path, level, known.get(path, ())) for path, level in levels.items()]
    return tuple(sorted(filter(lambda one: one.is_heavy, heavy), key=lambda one: -one.level))


def given_answers(
    questions: Sequence[BriefQuestion], given: Iterable[tuple[int, str]]
) -> dict[str, str]:
    """The answers by question, from 1-based numbers. Raises UsageError for another number."""
    answers: dict[str, str] = {}
    for number, text in given:
        if not 1 <= number <= len(questions):
            many = f"There are {len(questions)}" if questions else "There are no questions"
            raise UsageError(
                f"There is no question {number}.", f"{many}; run `xreview-tui brief` to see them."
            )
        answers[questions[number - 1].text] = text
    return answers
