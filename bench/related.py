"""How often the files said to be related to a commit change soon after it.

    PYTHONPATH=. python bench/related.py DIR... [--commits N] [--fail-under SHARE]

Takes local clones, bare or not. For each of the N newest commits (but the last 20, whose future
isn't known), it counts the commits before it, as the app does, and looks at the commits after it: a
hint is confirmed if the file changes within 14 days and 20 commits, by the same author or together
with a file of the commit. In the same run, as many hints for the same commits are drawn from the
most often changed files, and at random from the files that ever changed together with these.

The thresholds in `co_change` were chosen on httpx, requests, axios, hono, vite, compose, gson,
okhttp, redis, ripgrep, sidekiq and jbuilder; judge them on others.
"""

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from xreview.repo.past_commits import PastCommit, past_commits
from xreview.repo.repository import Repository, find_repository
from xreview.review.related.co_change import (
    MOST_PATHS,
    MOST_SHOWN,
    RECENT_COMMITS,
    WINDOW,
    co_changes,
)

DAYS, FOLLOWING = 14, 20
HISTORY = 200
"""The least commits before one that is judged."""

READ = 3000


@dataclass(frozen=True)
class Files:
    """The files of a commit, asked for one by one."""

    repository: Repository
    commit: str

    def __contains__(self, path: object) -> bool:
        process = self.repository.start("cat-file", "-e", f"{self.commit}:{path}")
        return process.finish().code == 0


@dataclass
class Score:
    """How many hints were shown, and how many were confirmed; `strictly` by a common commit."""

    shown: int = 0
    confirmed: int = 0
    strictly: int = 0
    commits: int = 0

    def add(self, paths: Sequence[str], following: Sequence[PastCommit], one: PastCommit) -> None:
        """Judge the hints for one commit."""
        self.commits += bool(paths)
        for path in paths:
            changing = [later for later in following if path in later.paths]
            together = [later for later in changing if set(later.paths) & set(one.paths)]
            by_same = [later for later in changing if later.author == one.author]
            self.shown += 1
            self.confirmed += bool(together or by_same)
            self.strictly += bool(together)

    def __iadd__(self, other: "Score") -> "Score":
        self.shown += other.shown
        self.confirmed += other.confirmed
        self.strictly += other.strictly
        self.commits += other.commits
        return self

    def words(self, judged: int) -> str:
        """The score in a row of the table."""
        share = self.confirmed / self.shown if self.shown else 0
        strict = self.strictly / self.shown if self.shown else 0
        return (
            f"{self.shown:5} hints  {share:6.1%} confirmed  {strict:6.1%} together  "
            f"{self.commits / max(1, judged):6.1%} of commits  "
            f"{self.shown / max(1, judged):.3f} each"
        )


def often(one: PastCommit, before: Sequence[PastCommit], files: Files, count: int) -> list[str]:
    """The most often changed files of late."""
    counts = Counter(path for past in before[:RECENT_COMMITS] for path in past.paths)
    return _first((path for path, _ in counts.most_common()), one, files, count)


def by_chance(one: PastCommit, before: Sequence[PastCommit], files: Files, count: int) -> list[str]:
    """Files that changed together with one of these before, at random."""
    touching = [past for past in before if set(past.paths) & set(one.paths)]
    related = {
        path for past in touching[:WINDOW] if len(past.paths) <= MOST_PATHS for path in past.paths
    }
    paths = sorted(related)
    random.Random(one.id).shuffle(paths)
    return _first(paths, one, files, count)


def _first(paths: Iterable[str], one: PastCommit, files: Files, count: int) -> list[str]:
    found: list[str] = []
    for path in paths:
        if len(found) == count:
            break
        if path not in one.paths and path in files:
            found.append(path)
    return found


def run(folder: Path, most: int) -> tuple[int, dict[str, Score]]:
    """Judge one repository: how many commits, and the score of each way to choose."""
    repository = find_repository(folder)
    head = repository.start("rev-parse", "HEAD").finish().output.decode().strip()
    commits = past_commits(repository, head, READ)
    scores = {"shown": Score(), "often changed": Score(), "by chance": Score()}
    judged, seconds = 0, 0.0
    for index in range(FOLLOWING, min(FOLLOWING + most, len(commits) - HISTORY)):
        one, before = commits[index], commits[index + 1 :]
        if not 1 <= len(one.paths) <= MOST_PATHS:
            continue
        judged += 1
        files = Files(repository, one.id)
        begun = time.perf_counter()
        shown = co_changes(one.paths, before, files)
        seconds = max(seconds, time.perf_counter() - begun)
        later = [
            past
            for past in commits[index - FOLLOWING : index]
            if past.at - one.at <= DAYS * 24 * 60 * 60
        ]
        scores["shown"].add([hint.path for hint in shown], later, one)
        scores["often changed"].add(often(one, before, files, len(shown)), later, one)
        scores["by chance"].add(by_chance(one, before, files, len(shown)), later, one)
    print(f"{folder}: {judged} commits, the slowest took {seconds:.2f} s")
    for name, score in scores.items():
        print(f"  {name:14} {score.words(judged)}")
    return judged, scores


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    parser.add_argument("--commits", type=int, default=400)
    parser.add_argument("--fail-under", type=float, default=0.0)
    given = parser.parse_args()
    total, sums = 0, {}
    for folder in given.folders:
        judged, scores = run(folder, given.commits)
        total += judged
        for name, score in scores.items():
            sums.setdefault(name, Score())
            sums[name] += score
    print(f"all: {total} commits, at most {MOST_SHOWN} hints each")
    for name, score in sums.items():
        print(f"  {name:14} {score.words(total)}")
    shown = sums["shown"]
    return int(shown.confirmed < given.fail_under * shown.shown)


if __name__ == "__main__":
    raise SystemExit(main())
