"""What is known to be wrong in reviewed commits: from git's history, and from the user's journal.

History is read by what `log outcomes` uses: each arm's reports are given to it as those of a
session, so that the same code says which of them lie on lines that were fixed or reverted later.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from experiment_parts.arms import ArmReview
from experiment_parts.commits import SampledCommit
from experiment_parts.counting import (
    ARMS,
    KnownProblem,
    ProblemSource,
    Spot,
    any_of,
    chance_of_meeting,
)
from experiment_parts.journal_problems import NamedProblem
from xreview.disagreement.align import align
from xreview.domain.change import LineKind
from xreview.domain.errors import ChangeError
from xreview.domain.events.outcome_events import AftermathKind, AftermathSeen
from xreview.domain.report import Report
from xreview.domain.scorecard.scored import Arm
from xreview.repo.attribution.base import Deadline
from xreview.repo.later.patches import difference
from xreview.repo.repository import Repository
from xreview.review.aftermath.lines import PlacedFinding, says_much
from xreview.review.aftermath.looking import AftermathSearch, look_for_aftermath
from xreview.review.aftermath.sessions import PastReview

NEAR = 3
"""Lines around a report that still count as its place: a fix is often beside what was quoted."""
SHIPPED_AFTER = 14
"""Days after which a problem counts as shipped, in a repository without tags."""
_SECONDS = 120.0
_DAY = 86_400.0
_SOURCES = {
    AftermathKind.FIXED: ProblemSource.FIXED,
    AftermathKind.REVERTED: ProblemSource.REVERTED,
}
Reviews = Mapping[tuple[str, Arm], ArmReview]


@dataclass(frozen=True)
class Truth:
    """The known problems, and sentences about what couldn't be looked at."""

    problems: tuple[KnownProblem, ...]
    notices: tuple[str, ...]


def known_problems(
    repository: Repository,
    head: str,
    commits: Sequence[SampledCommit],
    reviews: Reviews,
    named: Iterable[NamedProblem],
    shipped_after: int = SHIPPED_AFTER,
) -> Truth:
    """What is known to be wrong in these commits, and which arms caught it. Raises ChangeError."""
    search = _search(repository, head, commits, reviews)
    by_fix: dict[str, list[AftermathSeen]] = {}
    for one in search.found:
        by_fix.setdefault(one.commit, []).append(one)
    added = _AddedLines(repository, commits)
    releases = _Releases(repository, {one.id: one for one in commits}, shipped_after)
    problems = [_from_history(fix, seen, reviews, added, releases) for fix, seen in by_fix.items()]
    problems += [_from_journal(one, reviews, added) for one in named]
    return Truth(tuple(problems), tuple(search.notices))


def _search(
    repository: Repository, head: str, commits: Sequence[SampledCommit], reviews: Reviews
) -> AftermathSearch:
    past = [
        PastReview(one.id, one.moment, one.parent, one.id, (), _placed(one.id, reviews), {})
        for one in commits
    ]
    return look_for_aftermath(repository, head, past, _SECONDS)


def _placed(commit: str, reviews: Reviews) -> tuple[PlacedFinding, ...]:
    return tuple(
        PlacedFinding(arm.value, path, first, last, frozenset())
        for arm in ARMS
        if (review := reviews.get((commit, arm))) is not None
        for path in {one.anchor.path for one in review.reports}
        for first, last in review.spans_in(path, NEAR)
    )


def _from_history(
    fix: str,
    seen: Sequence[AftermathSeen],
    reviews: Reviews,
    added: "_AddedLines",
    releases: "_Releases",
) -> KnownProblem:
    kinds = {one.kind for one in seen}
    kind = AftermathKind.REVERTED if AftermathKind.REVERTED in kinds else AftermathKind.FIXED
    spots = tuple(
        Spot(one.reviewed, one.path, one.lines, added.of(one.reviewed, one.path)) for one in seen
    )
    problem = KnownProblem(
        fix,
        _SOURCES[kind],
        spots,
        any(releases.has_shipped(one) for one in seen),
        frozenset(arm for arm in ARMS if any(arm.value in one.subjects for one in seen)),
    )
    return _with_reading(problem, reviews)


def _from_journal(named: NamedProblem, reviews: Reviews, added: "_AddedLines") -> KnownProblem:
    path = named.path
    by_words: set[Arm] = set()
    on_lines: set[Arm] = set()
    for arm in ARMS:
        if (review := reviews.get((named.commit, arm))) is None:
            continue
        if any(_say_the_same(one, review.reports) for one in named.reports):
            by_words.add(arm)
        spans = review.spans_in(path, NEAR)
        if named.line and any(first <= named.line <= last for first, last in spans):
            on_lines.add(arm)
    problem = KnownProblem(
        named.id,
        named.source,
        (Spot(named.commit, path, 1, added.of(named.commit, path)),),
        named.has_shipped,
        frozenset(by_words | on_lines),
        frozenset(by_words),
    )
    return _with_reading(problem, reviews)


def _say_the_same(problem: Report, reports: Sequence[Report]) -> bool:
    """Whether the program's own alignment puts one of the reports into a group with the problem."""
    groups = align((problem, *reports))
    mine = next(group for group in groups if any(one is problem for one in group))
    return len(mine) > 1


def _with_reading(problem: KnownProblem, reviews: Reviews) -> KnownProblem:
    """The problem with who didn't read its files, and how likely chance would have met it."""
    unread: set[Arm] = set()
    chances: list[tuple[Arm, float]] = []
    for arm in ARMS:
        known = [(one, reviews.get((one.commit, arm))) for one in problem.spots]
        told = [(spot, review) for spot, review in known if review is not None]
        if not told:
            continue
        if not any(spot.path in review.read for spot, review in told):
            unread.add(arm)
        met = [
            chance_of_meeting(spot.added, spot.lines, review.spans_in(spot.path, NEAR))
            for spot, review in told
        ]
        chances.append((arm, any_of(met)))
    return replace(problem, unread_by=frozenset(unread), chance=tuple(chances))


class _AddedLines:
    """The lines that each commit adds, by file, as far as git says."""

    def __init__(self, repository: Repository, commits: Sequence[SampledCommit]) -> None:
        self._repository = repository
        self._parents = {one.id: one.parent for one in commits}
        self._known: dict[str, Mapping[str, tuple[int, ...]]] = {}

    def of(self, commit: str, path: str) -> tuple[int, ...]:
        if commit not in self._known:
            self._known[commit] = dict(self._lines(commit))
        return self._known[commit].get(path, ())

    def _lines(self, commit: str) -> Iterator[tuple[str, tuple[int, ...]]]:
        deadline = Deadline(time.monotonic() + _SECONDS, time.monotonic)
        parent = self._parents[commit]
        for file in difference(self._repository, parent, commit, deadline):
            lines = (line for hunk in file.hunks for line in hunk.lines)
            yield (
                file.path,
                tuple(
                    line.new_number
                    for line in lines
                    if line.kind is LineKind.ADDED
                    and line.new_number is not None
                    and says_much(line.text)
                ),
            )


class _Releases:
    """Whether a problem reached a release: a tag has the commit and not what fixed it."""

    def __init__(
        self, repository: Repository, commits: Mapping[str, SampledCommit], shipped_after: int
    ) -> None:
        self._repository = repository
        self._commits = commits
        self._days = shipped_after
        self._has_tags = bool(self._tags())

    def has_shipped(self, seen: AftermathSeen) -> bool:
        if self._has_tags:
            return bool(self._tags(f"--contains={seen.reviewed}", f"--no-contains={seen.commit}"))
        fixed = datetime.fromisoformat(seen.committed_at).timestamp()
        return fixed - self._commits[seen.reviewed].at >= self._days * _DAY

    def _tags(self, *conditions: str) -> bytes:
        command = ("for-each-ref", "--count=1", "--format=%(objectname)", *conditions, "refs/tags/")
        try:
            return self._repository.start(*command).finish().checked().strip()
        except ChangeError:
            return b""
