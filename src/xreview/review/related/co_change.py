"""Files that usually change together with those of a change, counted in past commits.

Association rules over a version history, as in Zimmermann, Weißgerber, Diehl and Zeller, "Mining
version histories to guide software changes" (IEEE TSE 31(6), 2005), without huge commits, which
say little (Rolfsnes et al., "Generalizing the analysis of evolutionary coupling for software change
impact analysis", SANER 2016). `bench/related.py` measures the thresholds.
"""

import re
from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator, Sequence

from xreview.domain.related import CoChange
from xreview.repo.past_commits import PastCommit

MOST_PATHS = 30
"""A commit with more is a mass edit, which relates everything to everything; and a change with more
is one itself."""

WINDOW = 20
"""The newest commits to a file that count: what is written together changes over the years."""

LEAST_CONFIDENCE = 0.7
_LEAST_WINDOW = 5

RECENT_COMMITS = 50
LEAST_RECENT = 5
"""The companion must be in so many of the recent commits: one at rest rarely needs the change."""

MOST_SHOWN = 3

_FOLLOWS = re.compile(
    r"(^|/)(change(s|log)|history|news|releases?|readme)(\.[a-z]+)?$"
    r"|(^|/)(package(-lock)?\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|bun\.lockb?|[^/]*\.lock)$"
    r"|(^|/)(go\.(mod|sum)|cargo\.toml|pyproject\.toml|setup\.py|pom\.xml|[^/]*\.gemspec)$"
    r"|(^|/)(gradle\.properties|[^/]*version[^/]*)$|(^|/)(changelog|changes|news)\.?d?/",
    re.IGNORECASE,
)
"""Logs, versions and lists of dependencies: much changes with them, and nothing because of them."""


def co_changes(
    changed: Collection[str], commits: Sequence[PastCommit], existing: Container[str]
) -> tuple[CoChange, ...]:
    """Return the files that usually change with those of a change and aren't in it, the surest
    first.

    Args:
        changed: the paths of the change, both of a renamed file.
        commits: those before the change, the newest first.
        existing: the paths after the change.
    """
    if len(changed) > MOST_PATHS:
        return ()
    recent = Counter(path for one in commits[:RECENT_COMMITS] for path in one.paths)
    best: dict[str, CoChange] = {}
    for found in _companions(changed, commits):
        if recent[found.path] < LEAST_RECENT or found.path not in existing:
            continue
        if found.path not in best or _weight(found) > _weight(best[found.path]):
            best[found.path] = found
    ordered = sorted(best.values(), key=lambda one: (*(-part for part in _weight(one)), one.path))
    return tuple(ordered[:MOST_SHOWN])


def _companions(changed: Collection[str], commits: Iterable[PastCommit]) -> Iterator[CoChange]:
    history: dict[str, list[PastCommit]] = {
        path: [] for path in sorted(changed) if not _FOLLOWS.search(path)
    }
    for commit in commits:
        if len(commit.paths) > MOST_PATHS:
            continue
        for path in commit.paths:
            if path in history and len(history[path]) < WINDOW:
                history[path].append(commit)
    for path, touching in history.items():
        if len(touching) < _LEAST_WINDOW:
            continue
        counts = Counter(other for commit in touching for other in commit.paths)
        for other, together in counts.items():
            if other not in changed and together / len(touching) >= LEAST_CONFIDENCE:
                yield CoChange(other, path, together, len(touching))


def _weight(found: CoChange) -> tuple[float, int]:
    return found.together / found.of, found.of
