"""Trials and taking that do what a test tells them to, and three attempts to show."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from xreview.domain.attempt.facts import AttemptFacts
from xreview.domain.attempt.piece import AttemptComparison, AttemptPiece, PieceRef, PieceVersion
from xreview.domain.attempt.seat import Seat
from xreview.domain.attempt.statement import AttemptStatement, EdgeCase
from xreview.domain.change import FileDiff, FileStatus, Side
from xreview.domain.errors import ChangeError
from xreview.domain.events.attempt_events import AttemptTaken
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.fixing.check_run import CheckChange, CheckRun
from xreview.domain.fixing.tampering import Tampering
from xreview.domain.identity.anchor import Anchor
from xreview.domain.report import (
    Category,
    Confidence,
    Lens,
    Report,
    ReviewerIdentity,
    ReviewerKind,
    Severity,
)
from xreview.domain.stakes.tier import Tier
from xreview.review.attempts.seating import WriterChoice
from xreview.review.attempts.snapshot import AttemptSnapshot, AttemptStage, TrialSnapshot
from xreview.review.attempts.wish import TrialWish
from xreview.tui.widgets.attempts.points_text import Parting, PointCell, PointRow

TASK = "Limit the retries of the webhook queue\n\nThree at most, with a growing pause."
CLAUDE = ReviewerIdentity("claude", ReviewerKind.AGENT, "anthropic", "claude-opus-5")
CODEX = ReviewerIdentity("codex", ReviewerKind.AGENT, "openai", "gpt-6-codex")
GEMINI = ReviewerIdentity("gemini", ReviewerKind.MODEL, "google", "gemini-4-pro")
MISTRAL = ReviewerIdentity("mistral", ReviewerKind.MODEL, "mistral", "codestral-9")
NAMES = ("claude", "anthropic", "opus", "codex", "openai", "gpt", "gemini", "google", "mistral",
         "codestral")  # fmt: skip
CHOICES = (
    WriterChoice(CLAUDE, Tier.DEEP, is_default=True, about="reads and tests for itself"),
    WriterChoice(CODEX, Tier.DEEP, is_default=True, about="reads and tests for itself"),
    WriterChoice(GEMINI, Tier.DEEP, is_default=True, about="over its API"),
    WriterChoice(GEMINI, Tier.FAST, about="over its API"),
    WriterChoice(MISTRAL, Tier.DEEP, "its key isn't set"),
)
TRIAL = "01k-trial"

BODY = {
    "A": b"""@@ -10,7 +10,9 @@ class Queue:
     def push(self, hook):
         self.waiting.append(hook)
     # as before
-    def retry(self, hook):
-        self.push(hook)
+    def retry(self, hook, most=3):
+        if hook.tries >= most:
+            raise TooManyTries(hook.url)
+        self.push(hook.later(2 ** hook.tries))
     # as before
     def close(self):
""",
    "B": b"""@@ -10,7 +10,8 @@ class Queue:
     def push(self, hook):
         self.waiting.append(hook)
     # as before
-    def retry(self, hook):
-        self.push(hook)
+    def retry(self, hook):
+        if hook.tries < LIMIT:
+            self.push(hook)
     # as before
     def close(self):
""",
}
BASE = ("    def retry(self, hook):", "        self.push(hook)")
A_LINES = (
    "    def retry(self, hook, most=3):",
    "        if hook.tries >= most:",
    "            raise TooManyTries(hook.url)",
    "        self.push(hook.later(2 ** hook.tries))",
)
B_LINES = ("    def retry(self, hook):", "        if hook.tries < LIMIT:",
           "            self.push(hook)")  # fmt: skip
RETRY, IMPORT, TESTS = (
    PieceRef("queue.py", 1),
    PieceRef("queue.py", 0),
    PieceRef("tests/test_queue.py", 0),
)
COMPARED = AttemptComparison(
    ("A", "B", "C"),
    (
        AttemptPiece(
            IMPORT, 0, 1, ("import time",),
            (PieceVersion(("A", "B", "C"), ("import random", "import time"), 1),),
        ),
        AttemptPiece(
            RETRY, 12, 14, BASE,
            (PieceVersion(("A", "C"), A_LINES, 13), PieceVersion(("B",), B_LINES, 13)),
        ),
        AttemptPiece(
            TESTS, 0, 0, (),
            (PieceVersion(("B",), ("def test_limit():", "    assert True"), 1, "added"),),
            untouched=("A", "C"), is_whole=True,
        ),
    ),
)  # fmt: skip


def diff(label: str) -> FileDiff:
    return FileDiff("queue.py", FileStatus.MODIFIED, body=BODY.get(label, BODY["A"]))


def found(title: str, severity: Severity) -> Finding:
    report = Report(
        fingerprint=title, reviewer=CODEX, lens=Lens.RISK, rule="", category=Category.EDGE_CASE,
        severity=severity, confidence=Confidence.HIGH, title=title,
        claim=f"{title}: codex says the pause never grows.", scenario="", anchor=Anchor(
            "queue.py", Side.NEW, 13, 13, "y"),
    )  # fmt: skip
    return Finding((report,), (), Disagreement.LONE)


STATEMENTS = {
    "A": AttemptStatement(
        "Counts the tries of a hook and raises after three. The pause doubles. I, Claude, kept "
        "the queue's interface.",
        ("The hook knows how often it was tried.",),
        (EdgeCase("A hook that fails at once", "queue.py", "hook.tries >= most", 14, 15),),
        ("Two workers retry the same hook",),
        ("Should the last failure be stored?",),
        "claude",
    ),
    "B": AttemptStatement(
        "Drops a hook that was tried too often.",
        ("A dropped hook needs no trace.",),
        (EdgeCase("Two workers retry the same hook", "queue.py", "lock"),),
        (),
        (),
        "gpt-6-codex",
    ),
    "C": AttemptStatement("As A, with a random pause.", by="gemini", is_writers=False),
}
POINTS = [
    PointRow(
        Parting.APART,
        {
            "A": PointCell("left out", "Two workers retry the same hook"),
            "B": PointCell("handled", "Two workers retry the same hook",
                           STATEMENTS["B"].handled[0]),
        },
    ),
    PointRow(
        Parting.SOME,
        {"A": PointCell("handled", "A hook that fails at once", STATEMENTS["A"].handled[0])},
    ),
]  # fmt: skip
GREEN = CheckChange(CheckRun("make test", 0, 4.0, passed=11), CheckRun("make test", 0, 4.0))
BROKEN = CheckChange(
    CheckRun("make test", 0, 4.0),
    CheckRun("make test", 1, 4.0, failed=("test_close", "test_retry")),
)


def attempt(label: str, writer: ReviewerIdentity, **changed) -> AttemptSnapshot:
    given = {
        "stage": AttemptStage.OVER,
        "cost": 0.42,
        "most": 1.67,
        "seconds": 250.0,
        "files": (diff(label),),
        "statement": STATEMENTS[label],
        "checks": (GREEN,),
        "session": f"session-{label}",
        "reviewers": (MISTRAL,),
        "facts": AttemptFacts(12, 12, 0, (1, 0, 0, 0), 0, 4, 2, 1, (), 2, 0.42, 250.0),
        **changed,
    }
    return AttemptSnapshot(Seat(label, writer), **given)


def over(**changed) -> TrialSnapshot:
    """Three attempts: one well, one with broken checks, one whose review isn't complete."""
    attempts = (
        attempt("A", CLAUDE, findings=(found("The pause never ends", Severity.LOW),)),
        attempt(
            "B", CODEX, checks=(BROKEN,), cost=0.08,
            findings=(found("A hook is lost", Severity.CRITICAL),),
            facts=AttemptFacts(10, 12, 2, (0, 1, 0, 1), 1, 121, 31, 2,
                               ("tenacity (pyproject.toml)",), None, 0.08, 61.0),
        ),
        attempt(
            "C", GEMINI, unread=("mistral read 1 of 2 files: codestral-9 was cut off.",),
            checks=(), facts=AttemptFacts(added=4, removed=2, files=1, complexity=-1,
                                          cost=None, seconds=40.0), cost=None,
        ),
    )  # fmt: skip
    given = {
        "kind": "concurrency",
        "why": "deep: it touches queues",
        "started": "2026-12-01T01:00:00+00:00",
        "most": 5.0,
        "comparison": COMPARED,
        **changed,
    }
    return TrialSnapshot(TRIAL, TASK, attempts, **given)


def running() -> TrialSnapshot:
    """One attempt over, one being written, one reviewed."""
    made = over(comparison=None)
    nothing = {"files": (), "statement": None, "session": "", "findings": (), "checks": ()}
    waiting = attempt(
        "B", CODEX, stage=AttemptStage.WRITING, doing="codex exec: reading src/queue.py",
        facts=AttemptFacts(), seconds=40.0, cost=0.03, **nothing,
    )  # fmt: skip
    third = attempt(
        "C", GEMINI, stage=AttemptStage.CHECKING, doing="make test", facts=AttemptFacts(),
        seconds=52.0, cost=0.11, **nothing,
    )  # fmt: skip
    return replace(made, attempts=(made.attempts[0], waiting, third))


@dataclass(frozen=True)
class ShelvedTrial:
    """As `review.attempts.listed.ListedTrial`."""

    id: str
    title: str
    started: str = "2026-12-01T01:00:00+00:00"
    labels: tuple[str, ...] = ("A", "B", "C")
    state: str = "3 of 3 attempts to take"
    repository: str = "/home/ada/shop"
    is_here: bool = True
    is_running: bool = False
    is_over: bool = True


class Step:
    """As `GraftStage`: a word."""

    def __init__(self, value: str) -> None:
        self.value = value


@dataclass(frozen=True)
class ScriptedGraft:
    """As `review.attempts.graft.GraftSnapshot`."""

    choice: Mapping[PieceRef, str]
    stage: Step = field(default_factory=lambda: Step("over"))
    doing: str = ""
    files: tuple[FileDiff, ...] = (diff("A"),)
    problems: tuple[str, ...] = ()
    checks: tuple[CheckChange, ...] = (GREEN,)
    tampering: tuple[Tampering, ...] = ()
    findings: tuple[Finding, ...] = ()
    raised: int = 0
    unread: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    cost: float | None = 0.02
    is_applicable: bool = True

    @property
    def is_over(self) -> bool:
        return self.stage.value == "over"

    @property
    def is_sound(self) -> bool:
        return self.is_over and self.is_applicable and not self.problems


@dataclass(frozen=True)
class ScriptedTook:
    """As `review.attempts.graft.Took`."""

    paths: tuple[str, ...] = ("queue.py",)
    merged: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass
class ScriptedTrials:
    """Yields the snapshots of `script`; with `hangs`, it stays at the last until it is closed."""

    script: list[TrialSnapshot] = field(default_factory=list)
    kept: dict[str, TrialSnapshot] = field(default_factory=dict)
    choices_given: Sequence[WriterChoice] = CHOICES
    hangs: bool = False
    fails: Exception | None = None
    elsewhere: tuple[ShelvedTrial, ...] = ()
    calls: list[tuple[object, ...]] = field(default_factory=list)
    closed: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def choices(self, wish: TrialWish) -> Sequence[WriterChoice]:
        self.calls.append(("choices", wish.preset))
        await asyncio.sleep(0)
        return self.choices_given

    async def seats(self, wish: TrialWish):
        return (), "concurrency", "deep: it touches queues (queue.py)"

    async def preview(self, wish: TrialWish) -> str:
        return f"To claude (deep):\x1b[2J\n\n{wish.task}\n"

    async def run(self, wish: TrialWish) -> AsyncGenerator[TrialSnapshot, None]:
        self.calls.append(("run", wish))
        try:
            for one in self.script:
                self.kept[one.id] = one
                await asyncio.sleep(0)
                yield one
            if self.fails is not None:
                raise self.fails
            if self.hangs:
                await self.changed.wait()
                yield self.kept[TRIAL]
        finally:
            self.closed += 1

    def cancel(self, trial: str, label: str = "") -> None:
        self.calls.append(("cancel", trial, label))
        stopped = replace(
            self.kept[trial],
            attempts=tuple(
                replace(one, stage=AttemptStage.OVER, is_stopped=True, why="You cancelled it.")
                if not one.is_over and label in ("", one.label)
                else one
                for one in self.kept[trial].attempts
            ),
        )
        self.kept[trial] = stopped
        if stopped.is_over:
            self.changed.set()

    async def snapshot(self, trial: str) -> TrialSnapshot:
        if trial not in self.kept:
            raise ChangeError("These attempts aren't there.", "List them again.")
        return self.kept[trial]

    async def listed(self) -> Sequence[ShelvedTrial]:
        here = [ShelvedTrial(one.id, one.title) for one in self.kept.values()]
        return [*here, *self.elsewhere]

    async def discard(self, trial: str) -> None:
        self.calls.append(("discard", trial))
        del self.kept[trial]

    async def reveal(self, trial: str) -> None:
        self.calls.append(("reveal", trial))
        self.kept[trial] = replace(self.kept[trial], is_revealed=True)

    async def close(self) -> None:
        """Nothing is open."""


@dataclass
class ScriptedTaking:
    """Takes what a test tells it to, from the trials."""

    trials: ScriptedTrials
    graft: dict[str, object] = field(default_factory=dict)
    took: ScriptedTook = ScriptedTook()
    hangs: bool = False
    fails: Exception | None = None
    broken_off: tuple[AttemptTaken, ...] = ()
    calls: list[tuple[object, ...]] = field(default_factory=list)

    async def check(self, trial: str, choice: Mapping[PieceRef, str]):
        self.calls.append(("check", dict(choice)))
        yield ScriptedGraft(choice, Step("running the checks"), "make test")
        if self.hangs:
            await asyncio.Event().wait()
        yield ScriptedGraft(choice, **self.graft)

    async def take(self, trial, label, reason, *, with_conflicts=False, is_forced=False):
        self.calls.append(("take", label, reason, with_conflicts, is_forced))
        return self._taken(trial, (label,), reason)

    async def take_graft(self, snapshot, reason, *, with_conflicts=False, is_forced=False):
        self.calls.append(("take_graft", reason, with_conflicts, is_forced))
        labels = tuple(sorted(set(snapshot.choice.values())))
        return self._taken(TRIAL, labels, reason)

    def _taken(self, trial: str, labels: tuple[str, ...], reason: str) -> ScriptedTook:
        if self.fails is not None:
            raise self.fails
        event = AttemptTaken("action-1", trial, labels, reason, self.took.paths, (), True)
        self.trials.kept[trial] = replace(self.trials.kept[trial], taken=(event,), is_revealed=True)
        return self.took

    async def give_back(self, taken: AttemptTaken) -> None:
        self.calls.append(("give_back", taken.action))
        if self.fails is not None:
            raise self.fails
        self.trials.kept[taken.trial] = replace(self.trials.kept[taken.trial], taken=())

    async def unfinished(self, trial: str) -> tuple[AttemptTaken, ...]:
        return self.broken_off

    async def finish(self, taken: AttemptTaken) -> ScriptedTook:
        self.calls.append(("finish", taken.action))
        return self.took
