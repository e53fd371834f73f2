"""What the author of a change is asked before its description is written."""

import re
from collections.abc import Iterable, Iterator, Sequence

from xreview.domain.attention.level import AttentionLevel
from xreview.domain.decision import Reason, Verdict
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.record import dataclass
from xreview.domain.report import Severity
from xreview.domain.ruling import Ruling
from xreview.domain.state import Decided
from xreview.domain.text import shorten, visible

MOST_QUESTIONS = 3
_LONGEST_TITLE = 120
_LONGEST_PATH = 100
_SHORTEST_NAME = 4
_WORD = re.compile(r"\w+")
_WHY = {
    Reason.INTENDED: "was rejected as intended. Why is it intended?",
    Reason.OUT_OF_SCOPE: "was left out of this change. Where will it be handled?",
    Reason.LATER: "was left for later. Why is it safe to wait?",
    Reason.REVIEWER_WRONG: "was rejected. Why isn't it a problem?",
}


@dataclass(frozen=True, slots=True)
class BriefQuestion:
    """A question to the author; its text identifies it, so that an answer is found again.

    Args:
        text: one line, safe to show.
        path: the file that it is about, raw.
        names: the fingerprints of the finding that it is about; () for a file.
    """

    text: str
    path: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TriagedFinding:
    """A finding with what was decided about it and the note on it."""

    finding: Finding
    decided: Decided | None = None
    note: str = ""

    @property
    def is_trade_off(self) -> bool:
        """Whether both sides have a point, by a model or by the person who decided."""
        decided = self.decided
        if decided is not None and (
            decided.decision.reason is Reason.TRADE_OFF or decided.ruling is Ruling.TRADE_OFF
        ):
            return True
        return self.finding.disagreement is Disagreement.TRADE_OFF


@dataclass(frozen=True, slots=True)
class HeavyFile:
    """A file that deserves more than a glance; `topics` are what it touches (`Risk.what`)."""

    path: str
    level: AttentionLevel
    topics: tuple[str, ...] = ()

    @property
    def is_heavy(self) -> bool:
        """Whether a reviewer should study it."""
        return self.level >= AttentionLevel.STUDY


def questions_about(
    triaged: Iterable[TriagedFinding], files: Iterable[HeavyFile], said: Sequence[str]
) -> tuple[BriefQuestion, ...]:
    """Return the questions that matter most, at most `MOST_QUESTIONS`.

    Args:
        said: the commit messages and the description: what they explain isn't asked.
    """
    ranked = [*_of_findings(triaged), *_of_files(files, said)]
    ranked.sort(key=lambda one: one[0])
    distinct = {question.text: question for _, question in ranked}
    return tuple(distinct.values())[:MOST_QUESTIONS]


def _of_findings(triaged: Iterable[TriagedFinding]) -> Iterator[tuple[int, BriefQuestion]]:
    for one in triaged:
        finding, decided = one.finding, one.decided
        if one.note.strip() or not finding.is_anchored:
            continue
        asked = _question(one)
        if not asked:
            continue
        if one.is_trade_off:
            rank = 0
        elif finding.severity >= Severity.HIGH:
            rank = 1
        else:
            rank = 4 if decided is not None and decided.decision.reason is Reason.INTENDED else 5
        path = finding.anchor.path
        place = f"{shorten(visible(path), _LONGEST_PATH)}:{finding.anchor.start_line}"
        title = shorten(visible(finding.lead.title), _LONGEST_TITLE)
        text = f"“{title}” ({place}) {asked}"
        yield rank, BriefQuestion(text, path, finding.fingerprints)


def _question(one: TriagedFinding) -> str:
    decided = one.decided
    if decided is None:
        is_open = "is a trade-off, and nobody has decided. Which way does this change go, and why?"
        return is_open if one.is_trade_off else ""
    if decided.decision.verdict is Verdict.ESCALATE:
        return ""
    if one.is_trade_off:
        if decided.decision.verdict is Verdict.ACCEPT:
            return "was settled in favour of the reviewer. What decided it?"
        return "was settled as a trade-off, and the code stays. What decided it?"
    return _WHY.get(decided.decision.reason, "")


def _of_files(
    files: Iterable[HeavyFile], said: Sequence[str]
) -> Iterator[tuple[int, BriefQuestion]]:
    words = {word.lower() for text in said for word in _WORD.findall(text)}
    for file in files:
        if not file.is_heavy or _is_explained(file, words):
            continue
        path = shorten(visible(file.path), _LONGEST_PATH)
        topics = " as well as ".join(map(visible, file.topics[:2]))
        what = f"touches {topics}" if topics else "needs a close look"
        text = (
            f"{path} {what}, and no commit message or description mentions it. "
            "What changes there, and why?"
        )
        rank = 2 if file.level is AttentionLevel.DECIDE else 3
        yield rank, BriefQuestion(text, file.path)


def _is_explained(file: HeavyFile, words: set[str]) -> bool:
    """Whether the author's texts name the file, or what it touches."""
    name = file.path.rpartition("/")[2].partition(".")[0].lower()
    parts = {name, *_WORD.findall(name.replace("_", " "))}
    topics = {word.lower() for topic in file.topics for word in _WORD.findall(topic)}
    return any(len(one) >= _SHORTEST_NAME and one in words for one in parts | topics)
