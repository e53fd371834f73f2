"""Trials over real disposable trees, written by the test itself, with a crew that it scripts."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.repo.builder import Builder, isolate
from xreview.domain.attempt.comparing import compare_attempts
from xreview.domain.attempt.piece import PieceRef
from xreview.domain.attempt.seat import Seat
from xreview.domain.events.attempt_events import AttemptReturned, AttemptTaken, TrialStarted
from xreview.domain.events.event import Event
from xreview.domain.fixing.check_run import CheckRun
from xreview.domain.report import ReviewerIdentity, ReviewerKind
from xreview.journal.store import Journal
from xreview.ports.model import Doing
from xreview.repo.disposable.shelf import FixShelf
from xreview.repo.disposable.tree import DisposableTree
from xreview.repo.repository import find_repository
from xreview.review.attempts.graft import GraftSnapshot, Took
from xreview.review.attempts.place import (
    AttemptReview,
    OpenedTrial,
    ReviewOrder,
    TrialPlace,
)
from xreview.review.attempts.snapshot import AttemptSnapshot, AttemptStage, TrialSnapshot
from xreview.review.attempts.taking import Taking
from xreview.review.fixing.checks import CheckRunner

TRIAL = "20261201T000000000000"
CLAUDE = ReviewerIdentity("claude-code", ReviewerKind.AGENT, "anthropic", "claude-opus-5")
CODEX = ReviewerIdentity("codex", ReviewerKind.AGENT, "openai", "gpt-6.2-sol")
GEMINI = ReviewerIdentity("gemini", ReviewerKind.MODEL, "google", "gemini-4-pro")
WRITERS = {"A": CLAUDE, "B": CODEX, "C": GEMINI}

Change = Callable[[Path], None] | Mapping[str, str | bytes | None]
"""What an attempt does to a folder: new contents by path, None to delete, or a function."""


LINES = [f"line {number} of it\n" for number in range(1, 41)]


def text(*changed: int, mark: str = "A") -> str:
    """The file with these lines, by number, as the attempt `mark` writes them."""
    return "".join(
        f"{mark} wrote line {at}\n" if at in changed else line for at, line in enumerate(LINES, 1)
    )


def make_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Builder:
    """A repository with a file of 40 lines and files of several kinds."""
    isolate(monkeypatch, tmp_path / "home")
    made = Builder(tmp_path / "project")
    made.write("a.py", "".join(LINES))
    made.write("b.py", "b = 1\n")
    made.write("gone.py", "gone = 1\n")
    made.write("old.py", "".join(f"old_{number} = {number}\n" for number in range(20)))
    made.write("run.sh", "echo\n")
    made.write("data.bin", b"\0\1")
    made.write("crlf.txt", "a\r\nb\r\nc")
    made.commit("first")
    return made


def change_files(top: Path, change: Change) -> None:
    """Do to a folder what an attempt does."""
    if callable(change):
        change(top)
        return
    for path, content in change.items():
        place = top / path
        if content is None:
            place.unlink()
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content if isinstance(content, bytes) else content.encode())


@dataclass
class ScriptedCrew:
    """Runs the checks for real; the review says what the test sets."""

    states: Sequence[AttemptReview] = (AttemptReview("session", is_over=True),)
    orders: list[ReviewOrder] = field(default_factory=list)
    seen: list[dict[str, bytes]] = field(default_factory=list)
    hangs: bool = False

    async def check(
        self, checks: Sequence[str], tree: DisposableTree, state: str
    ) -> AsyncGenerator[Doing | CheckRun, None]:
        runner = CheckRunner({"PATH": "/usr/bin:/bin"})
        await asyncio.to_thread(tree.put, state)
        for command in checks:
            yield Doing(f"running {command}")
            yield await runner.run(command, tree.top)

    async def review(self, order: ReviewOrder) -> AsyncGenerator[AttemptReview, None]:
        self.orders.append(order)
        files = [one for one in order.tree.top.rglob("*") if one.is_file()]
        top = order.tree.top
        self.seen.append(
            {
                str(one.relative_to(top)): one.read_bytes()
                for one in files
                if ".git" not in one.relative_to(top).parts
            }
        )
        for state in self.states:
            yield state
        if self.hangs:
            await asyncio.Event().wait()


class TrialsAtHand:
    """One trial whose attempts are what the test wrote, over real trees (`OpenTrials`)."""

    def __init__(self, project: Builder, *, checks: Sequence[str] = (), **attempts: Change) -> None:
        self._base_made(project, checks)
        self.trees = {label: self._twin(label, change) for label, change in attempts.items()}
        self.patches = {label: tree.patch() for label, tree in self.trees.items()}
        written = {label: one for label, one in self.patches.items() if one.files}
        self.snapshot = TrialSnapshot(
            TRIAL,
            "Limit the retries",
            tuple(
                AttemptSnapshot(Seat(label, WRITERS[label]), AttemptStage.OVER, files=one.files)
                for label, one in self.patches.items()
            ),
            base=self._base.base,
            most=3.0,
            comparison=compare_attempts({label: one.files for label, one in written.items()}),
            before=self._before(checks),
        )

    def _base_made(self, project: Builder, checks: Sequence[str]) -> None:
        self.repository = find_repository(project.top)
        self.shelf = FixShelf(project.top.parent / "state" / "attempts")
        self.crew = ScriptedCrew()
        self.noted: list[AttemptTaken | AttemptReturned] = []
        self._ids = iter(range(1, 1000))
        self.place = TrialPlace(
            self.repository,
            self.shelf,
            self._record,
            lambda: f"{next(self._ids):021d}",
            lambda: "2026-12-01T00:00:00+00:00",
            lambda _: False,
            checks=tuple(checks),
        )
        self._base = DisposableTree.create(self.repository, self.shelf.new(TRIAL))

    def _twin(self, label: str, change: Change) -> DisposableTree:
        tree = self._base.twin(self.shelf.new(f"{TRIAL}-{label}"))
        change_files(tree.top, change)
        return tree

    def _before(self, checks: Sequence[str]) -> tuple[CheckRun, ...]:
        async def run() -> tuple[CheckRun, ...]:
            runner = CheckRunner({"PATH": "/usr/bin:/bin"})
            return tuple([await runner.run(one, self._base.top) for one in checks])

        return asyncio.run(run()) if checks else ()

    async def _record(self, trial: str, *payloads: object) -> None:
        raise AssertionError("taking notes through the trials")

    async def open(self, trial: str) -> OpenedTrial:
        assert trial == TRIAL
        return OpenedTrial(self.snapshot, self._base, self.trees, self.patches)

    async def note_taken(self, trial: str, payload: AttemptTaken | AttemptReturned) -> None:
        assert trial == TRIAL
        self.noted.append(payload)
        kept = tuple(one for one in self.snapshot.taken if one.action != payload.action)
        more = (payload,) if isinstance(payload, AttemptTaken) else ()
        self.snapshot = replace(self.snapshot, taken=(*kept, *more))

    def choose(self, **labels: str) -> dict[PieceRef, str]:
        """A choice by file: `a__py="B"` takes all pieces of a.py from B."""
        comparison = self.snapshot.comparison
        assert comparison is not None
        by_path = {name.replace("__", "."): label for name, label in labels.items()}
        return {
            piece.ref: by_path[piece.ref.path]
            for piece in comparison.pieces
            if piece.ref.path in by_path
        }

    def change_attempt(self, label: str, **changed: object) -> None:
        """Alter what the snapshot says of an attempt."""
        attempts = tuple(
            replace(one, **changed) if one.label == label else one  # type: ignore[arg-type]
            for one in self.snapshot.attempts
        )
        self.snapshot = replace(self.snapshot, attempts=attempts)


def every_kind(top: Path) -> None:
    """Changes of every kind, as a writer makes them."""
    (top / "a.py").write_text(text(2, 20))
    (top / "gone.py").unlink()
    (top / "old.py").rename(top / "new.py")
    (top / "run.sh").chmod(0o755)
    (top / "data.bin").write_bytes(b"\0\2\xff")
    (top / "crlf.txt").write_bytes(b"a\r\nB\r\nc")
    (top / "deep").mkdir()
    (top / "deep/fresh.py").write_text("fresh = 1\n")
    (top / "link").symlink_to("a.py")


def take(trials: TrialsAtHand, label: str = "A", reason: str = "", **how: bool) -> Took:
    """Take a whole attempt."""
    return asyncio.run(Taking(trials).take(TRIAL, label, reason, **how))


def checked(trials: TrialsAtHand, choice: Mapping[PieceRef, str]) -> GraftSnapshot:
    """Check a graft to its end."""

    async def run() -> list[GraftSnapshot]:
        return [one async for one in Taking(trials).check(TRIAL, choice)]

    return asyncio.run(run())[-1]


def graft(
    trials: TrialsAtHand, choice: Mapping[PieceRef, str], reason: str = "", **how: bool
) -> Took:
    """Check a graft, and take it."""
    return asyncio.run(Taking(trials).take_graft(checked(trials, choice), reason, **how))


def give_back(trials: TrialsAtHand, taken: AttemptTaken | None) -> None:
    """Undo a take."""
    assert taken is not None
    asyncio.run(Taking(trials).give_back(taken))


def lines_by_label(taken: AttemptTaken, path: str = "a.py") -> dict[str, list[int]]:
    """Which lines of a file are whose, as they were recorded."""
    found: dict[str, list[int]] = {}
    for one in taken.lines:
        if one.path == path:
            found.setdefault(one.label, []).extend(range(one.start, one.end + 1))
    return found


def note_in(path: Path, trials: TrialsAtHand, project: Builder, at: str = "") -> None:
    """Write to a journal what the trials would; `at` is when, now for ""."""
    seats = tuple(Seat(label, writer) for label, writer in WRITERS.items())
    started = TrialStarted(TRIAL, "Limit the retries", "", "", "", (), "", seats, "")
    payloads: list[TrialStarted | AttemptTaken | AttemptReturned] = [started, *trials.noted]
    repository = find_repository(project.top).identity
    when = at or datetime.now(UTC).isoformat(timespec="microseconds")
    with Journal.open(path) as journal:
        journal.append(
            [
                Event(f"{number:021d}", TRIAL, repository, when, "Ada <ada@example.org>", payload)
                for number, payload in enumerate(payloads)
            ]
        )
