"""Runs the program's own review of a commit, once for each arm, and keeps what came of it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xreview.config.paths import CONFIG_DIR, DATA_DIR, Folders
from xreview.domain.change import Side
from xreview.domain.errors import ExitCode, InterruptionError
from xreview.domain.events.codec import from_json
from xreview.domain.events.event import SessionOpened, UsageReceived
from xreview.domain.report import Lens, Report
from xreview.domain.scorecard.scored import Arm
from xreview.journal.store import Journal

_SOURCE = Path(__file__).parents[2] / "src"
_MOST_SECONDS = 3600.0
_FINISHED = (ExitCode.DONE, ExitCode.OPEN_FINDINGS, ExitCode.INCOMPLETE)
"""Exit codes of a review that has a result, if perhaps not of all files."""
_FORM = 1


@dataclass(frozen=True, slots=True)
class ArmReview:
    """What one reviewer said of one commit.

    Args:
        read: the files that it read. failure: why it didn't finish; "" if it did.
        seconds: by the clock, from the start of the program to its end.
    """

    commit: str
    arm: Arm
    reports: tuple[Report, ...]
    read: frozenset[str]
    seconds: float
    failure: str = ""

    def spans_in(self, path: str, near: int) -> list[tuple[int, int]]:
        """The lines of a file's new side that its reports are about, with so many around them."""
        return [
            (one.anchor.start_line - near, one.anchor.end_line + near)
            for one in self.reports
            if one.anchored and one.anchor.side is Side.NEW and one.anchor.path == path
        ]


@dataclass(frozen=True, slots=True)
class Spent:
    """US dollars, and how many reviewers' price is unknown."""

    dollars: float = 0.0
    unknown: int = 0


@dataclass(frozen=True)
class ArmRoom:
    """One arm: its reviewer, and a folder with a journal and a cache of its own.

    `folders` are the user's: keys and reviewers come from their configuration.
    """

    arm: Arm
    reviewer: str
    folder: Path
    folders: Folders
    repository: Path

    @property
    def journal(self) -> Path:
        """The arm's own journal."""
        return self.folder / "journal.sqlite3"

    def reviewed(self, commit: str) -> ArmReview | None:
        """What was said of a commit before; None if it wasn't reviewed, or the reviewer failed."""
        try:
            kept = json.loads(self._kept(commit).read_text("utf-8"))
            if kept["form"] != _FORM:
                return None
            document, seconds = kept["document"], float(kept["seconds"])
            review = review_in(document, commit, self.arm, self.reviewer, seconds)
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None  # half a file: the commit is reviewed again, with answers from the cache
        return None if review.failure else review

    def review(self, commit: str, family: str, budget: float) -> ArmReview:
        """Review a commit and keep the result. Raises InterruptionError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        begin = time.monotonic()
        done = self._run(commit, family, budget)
        seconds = time.monotonic() - begin
        if done.returncode == ExitCode.INTERRUPTED:
            raise InterruptionError("Interrupted.", "Go on with --resume.")
        said = done.stderr.decode("utf-8", "replace").strip()
        if done.returncode not in _FINISHED or not done.stdout:
            why = said[-500:] or f"exit code {done.returncode}"
            return ArmReview(commit, self.arm, (), frozenset(), seconds, why)
        document = json.loads(done.stdout)
        self._keep(commit, {"form": _FORM, "seconds": seconds, "document": document})
        return review_in(document, commit, self.arm, self.reviewer, seconds)

    def _run(self, commit: str, family: str, budget: float) -> "subprocess.CompletedProcess[bytes]":
        command = (
            *(sys.executable, "-m", "xreview", "-C", str(self.repository)),
            *("review", "--commit", commit, "--reviewer", self.reviewer, "--author", family),
            *(
                "--tier",
                "deep",
                "--budget",
                f"{budget:.4f}",
                "--yes-egress",
                "--quiet",
                "--format",
                "json",
            ),
        )
        environ = {
            **os.environ,
            CONFIG_DIR: str(self.folders.config),
            DATA_DIR: str(self.folder.absolute()),
            "PYTHONPATH": os.pathsep.join(
                filter(None, (str(_SOURCE), os.environ.get("PYTHONPATH")))
            ),
        }
        # In a session of its own, so that Ctrl+C reaches it once: a second signal would end it
        # before it has recorded what it spent.
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        with _forwarding(process):
            try:
                output, said = process.communicate(timeout=_MOST_SECONDS)
            except subprocess.TimeoutExpired:
                process.terminate()
                _, said = process.communicate()
                why = f"no result after {_MOST_SECONDS / 60:.0f} minutes".encode()
                return subprocess.CompletedProcess(command, -1, b"", said + why)
        return subprocess.CompletedProcess(command, process.returncode, output, said)

    def _kept(self, commit: str) -> Path:
        return self.folder / "reviews" / f"{commit}.json"

    def _keep(self, commit: str, kept: Mapping[str, object]) -> None:
        path = self._kept(commit)
        path.parent.mkdir(exist_ok=True)
        half = path.with_suffix(".half")
        half.write_text(json.dumps(kept), "utf-8")
        half.replace(path)

    def spent(self, commits: Sequence[str] | None = None) -> Spent:
        """What the arm's reviews of these commits have cost, aborted ones too; None for all.

        Raises JournalError.
        """
        if not self.journal.exists():
            return Spent()
        dollars, unknown = 0.0, 0
        heads: dict[str, str | None] = {}
        with Journal.open(self.journal) as journal:
            for event in journal.events(types=(SessionOpened, UsageReceived)):
                if isinstance(event.payload, SessionOpened):
                    heads[event.session] = event.payload.head
                elif isinstance(event.payload, UsageReceived):
                    if commits is not None and heads.get(event.session) not in commits:
                        continue
                    dollars += event.payload.cost or 0.0
                    unknown += event.payload.cost is None
        return Spent(dollars, unknown)


@contextmanager
def _forwarding(process: "subprocess.Popen[bytes]") -> Generator[None]:
    """Pass Ctrl+C and SIGTERM on to the process, which ends with what it has."""

    def forward(number: int, frame: object) -> None:
        if process.poll() is None:
            process.send_signal(number)

    before = {one: signal.signal(one, forward) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def is_of(reviewer: str, name: str) -> bool:
    """Whether a name in a review is that of a reviewer; a model with both lenses has two names."""
    return name in (reviewer, *(f"{reviewer}/{lens}" for lens in Lens))


def review_in(
    document: Mapping[str, Any], commit: str, arm: Arm, reviewer: str, seconds: float
) -> ArmReview:
    """What a reviewer said, from the JSON export of a review; analysers and others don't count.

    Raises KeyError, TypeError or ValueError for something else.
    """
    session = document["sessions"][0]
    reports = [
        report
        for finding in document["findings"]
        for one in finding["reports"]
        if is_of(reviewer, (report := from_json(Report, one)).reviewer.name)
    ]
    read = frozenset(
        entry["path"]
        for entry in session["account"]["entries"]
        if any(is_of(reviewer, name) for name in entry["by"])
    )
    failures = [one["why"] for one in session["failures"] if is_of(reviewer, one["reviewer"])]
    unique = tuple({(one.anchor.path, one.fingerprint): one for one in reports}.values())
    return ArmReview(commit, arm, unique, read, seconds, "; ".join(failures))
