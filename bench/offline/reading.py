"""Reading one change of a clone with the embedded analysers, as the app does."""

import asyncio
import subprocess
import time
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from xreview.analysers.plan import rules_language
from xreview.analysers.registry import EMBEDDED, create
from xreview.ports.reviewer import RawReport, ReviewRequest
from xreview.repo.change.collecting import collect
from xreview.repo.change.request import ChangeRequest
from xreview.review.session.whole_change import read_to_end


@dataclass(frozen=True)
class CommitRead:
    """What the analysers said about a commit; `seconds` are those of the analysers alone."""

    repo: str
    id: str
    files: int
    lines: int
    reports: tuple[RawReport, ...]
    seconds: float


def read_commit(clone: Path, repo: str, request: ChangeRequest, id: str) -> CommitRead:
    """Read a change. Raises ChangeError."""
    collected = collect(request)
    try:
        change = read_to_end(collected, request)
        with change.contents() as contents:
            began = time.perf_counter()
            reports = asyncio.run(_reports(ReviewRequest(change.change, contents)))
            seconds = time.perf_counter() - began
    finally:
        collected.close()
    lines = sum(file.added + file.removed for file in change.files)
    return CommitRead(repo, id, len(change.files), lines, tuple(reports), seconds)


async def _reports(request: ReviewRequest) -> list[RawReport]:
    each = await asyncio.gather(*(_of_lens(name, request) for name in EMBEDDED))
    return [report for reports in each for report in reports]


async def _of_lens(name: str, request: ReviewRequest) -> list[RawReport]:
    async with aclosing(create(name).review(request)) as signals:
        return [signal async for signal in signals if isinstance(signal, RawReport)]


def git(clone: Path, *arguments: str) -> str:
    """Run git in a clone of the user's."""
    done = subprocess.run(
        ["git", "-C", str(clone), *arguments], capture_output=True, check=True, timeout=120
    )
    return done.stdout.decode("utf-8", "replace")


def name_of(clone: Path) -> str:
    """The short name of a clone: "httpx" for encode+httpx/repo."""
    folder = clone.parent if clone.name == "repo" else clone
    return folder.name.rpartition("+")[2].removesuffix(".git")


_NAMES = {
    **dict.fromkeys(("javascript", "typescript", "tsx"), "JS/TS"),
    "python": "Python",
    "go": "Go",
    "java": "Java",
    "rust": "Rust",
    "ruby": "Ruby",
    "c": "C",
    "cpp": "C++",
    "bash": "shell",
    "github-actions": "GitHub Actions",
}


def language_of(path: str) -> str:
    """The language of a file as a row of the table; one without an ending is a script."""
    return _NAMES.get(rules_language(path) or "bash", "other")
