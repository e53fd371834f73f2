"""What attempts cost beyond their writers and reviewers, against git's own worktrees.

Run by `bench/attempts.py overhead`. Each run is a whole trial (`Trials.run`) with three attempts
side by side, whose writers change some files at once, without checks and with reviews that end at
once: the snapshot of the files, a tree for each attempt, guarding it, the patch, its numbers, the
comparison, what is kept on disk and the proof that the checkout is unchanged. The baseline, in the
same run and as many side by side, is `git worktree add`, the same changes, `git add`, `git diff`
and `git worktree remove`; it has HEAD's files only, not the user's.
"""

import argparse
import asyncio
import hashlib
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import AsyncGenerator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from pathlib import Path
from threading import Lock

from xreview.domain.attempt.seat import LABELS, Seat
from xreview.domain.events.event import AttemptPayload
from xreview.domain.fixing.check_run import CheckRun
from xreview.domain.report import ReviewerIdentity, ReviewerKind
from xreview.ports.model import Doing
from xreview.repo.disposable.shelf import ATTEMPT_WARES, FixShelf
from xreview.repo.disposable.tree import DisposableTree
from xreview.repo.repository import find_repository
from xreview.review.attempts.place import AttemptReview, ReviewOrder, TrialPlace
from xreview.review.attempts.seating import WriterChoice
from xreview.review.attempts.trials import Trials
from xreview.review.attempts.wish import TrialWish
from xreview.review.attempts.writers import TaskOrder, WriterReply, WriterSignal
from xreview.review.fixing.fixers import FixTree
from xreview.review.session.surroundings import new_id, now

WRITER = ReviewerIdentity("bench", ReviewerKind.AGENT, "")
CHANGES = 20


def overhead(arguments: argparse.Namespace) -> int:
    ends = 0
    for named in arguments.repositories:
        name, _, aim = named.partition("=")
        top = arguments.folder / name
        ends |= measure(top, arguments.attempts, arguments.runs, float(aim or "inf"))
    return ends


def measure(top: Path, attempts: int, runs: int, aim: float) -> int:
    """Print the medians per attempt; 1 above the aim, or if a file of the checkout changed."""
    before = listed(top)
    ours: list[float] = []
    plain: list[float] = []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as state:
            ours.append(asyncio.run(tried(top, Path(state), attempts)) / attempts)
        with tempfile.TemporaryDirectory() as state:
            plain.append(worktrees(top, Path(state), attempts) / attempts)
    own, baseline = statistics.median(ours), statistics.median(plain)
    verdict = "no aim" if aim == float("inf") else f"aim {aim:g} s"
    print(
        f"{top.name:8} {attempts} attempts: {own:.3f} s each ({verdict}; worst {max(ours):.3f} s)"
        f"   git worktree {baseline:.3f} s   ratio {own / baseline:.1f}"
    )
    if listed(top) != before:
        print(f"{top.name}: the checkout is different now")
        return 1
    return int(own > aim)


class Crew:
    """Writers that change files at once, and reviews that end at once (`TrialCrew`)."""

    identity = WRITER

    def __init__(self, attempts: int) -> None:
        self._attempts = attempts

    async def choices(self, wish: TrialWish) -> Sequence[WriterChoice]:
        return ()

    async def seats(self, wish: TrialWish) -> tuple[tuple[Seat, ...], str, str]:
        return tuple(Seat(label, WRITER) for label in LABELS[: self._attempts]), "other", ""

    async def writer(
        self, seat: Seat, tree: DisposableTree, checks: Sequence[str], most: float
    ) -> "Crew":
        return self

    async def write(self, order: TaskOrder, tree: FixTree) -> AsyncGenerator[WriterSignal, None]:
        await asyncio.to_thread(change, tree.top)
        yield WriterReply()

    async def preview(self, seat: Seat, order: TaskOrder, files: FixTree) -> str:
        return ""

    async def reader(self, seat: Seat, tree: DisposableTree, most: float) -> None:
        return None

    async def check(
        self, checks: Sequence[str], tree: DisposableTree, state: str
    ) -> AsyncGenerator[Doing | CheckRun, None]:
        for command in checks:
            yield Doing(command)

    async def review(self, order: ReviewOrder) -> AsyncGenerator[AttemptReview, None]:
        yield AttemptReview("session", is_over=True)

    async def close(self) -> None:
        pass


async def tried(top: Path, state: Path, attempts: int) -> float:
    """The seconds of a whole trial."""

    async def record(trial: str, *payloads: AttemptPayload) -> None:
        pass

    shelf = FixShelf(state / "attempts", ATTEMPT_WARES)
    repository = find_repository(top)
    place = TrialPlace(
        repository,
        shelf,
        record,
        new_id,
        now,
        lambda path: path.endswith("CLAUDE.md"),
        at_once=attempts,
    )
    trials, start = Trials(place, Crew(attempts)), time.perf_counter()
    async with aclosing(trials.run(TrialWish("Change something."))) as snapshots:
        *_, last = [one async for one in snapshots]
    seconds = time.perf_counter() - start
    assert all(len(one.files) == CHANGES and not one.why for one in last.attempts)
    await trials.discard(last.id)
    await trials.close()
    return seconds


def change(top: Path) -> None:
    """Add a line to some files."""
    files = sorted(one for one in top.rglob("*") if one.is_file() and ".git" not in one.parts)
    for one in files[:: max(1, len(files) // CHANGES)][:CHANGES]:
        one.write_bytes(one.read_bytes() + b"changed by the writer\n")


def worktrees(top: Path, state: Path, attempts: int) -> float:
    """The seconds of git's own worktrees, one for each attempt, side by side."""
    copy = state / "copy.git"
    registering = Lock()  # git trips over worktrees that others are just adding
    quiet = ["git", "clone", "--quiet", "--bare", "--no-hardlinks", str(top), str(copy)]
    subprocess.run(quiet, check=True)

    def git(place: Path, *arguments: str) -> None:
        command = ["git", "-c", "core.hooksPath=/dev/null", *arguments]
        subprocess.run(command, cwd=place, check=True, stdout=subprocess.DEVNULL)

    def attempt(number: int) -> None:
        tree = state / f"tree{number}"
        with registering:
            git(copy, "worktree", "add", "--quiet", "--no-checkout", "--detach", str(tree), "HEAD")
        git(tree, "reset", "--quiet", "--hard")
        change(tree)
        git(tree, "add", "-A")
        git(tree, "diff", "--cached", "HEAD")
        with registering:
            git(copy, "worktree", "remove", "--force", str(tree))

    start = time.perf_counter()
    with ThreadPoolExecutor(attempts) as pool:
        list(pool.map(attempt, range(attempts)))
    return time.perf_counter() - start


def listed(top: Path) -> dict[str, tuple[int, str]]:
    """Mode and content of every file of a checkout: index, references and objects included."""
    found: dict[str, tuple[int, str]] = {}
    for one in top.rglob("*"):
        if one.is_symlink() or one.is_file():
            content = os.fsencode(one.readlink()) if one.is_symlink() else one.read_bytes()
            found[str(one)] = one.lstat().st_mode, hashlib.sha256(content).hexdigest()
    return found
