"""Counting what reviewers caught, what they missed, and what shipped.

A reviewer is charged with a problem if it read the file in that session and its lens covers the
problem; a reviewer that never reported anything has no known lens and is charged with all.
"""

from collections import Counter
from collections.abc import Collection, Iterable

from xreview.domain.events.person_events import FoundIn
from xreview.domain.report import Lens
from xreview.domain.scorecard.facts import Miss
from xreview.domain.scorecard.figures import CatchCount
from xreview.domain.scorecard.gathering import Counted, ScorecardFacts
from xreview.domain.scorecard.scored import ScoredReviewer, reviewer_order


def count_catches(
    accepted: Iterable[Collection[Counted]], facts: ScorecardFacts, since: str | None
) -> tuple[CatchCount, dict[ScoredReviewer, CatchCount]]:
    """The account of all reviewers together and of each, from the reports of each accepted problem,
    and from what came to light `since` a time (ISO 8601)."""
    caught: Counter[ScoredReviewer | None] = Counter()
    missed: Counter[ScoredReviewer | None] = Counter()
    shipped: Counter[ScoredReviewer | None] = Counter()
    for reports in accepted:
        raisers = {one.first.reviewer for one in reports if not one.first.reviewer.is_person}
        if raisers:
            caught.update((None, *raisers))
        else:
            missed.update((None, *should_have_raised(reports, facts)))
    for miss in facts.misses:
        is_undone = (miss.repository, miss.action) in facts.undone
        if is_undone or (since is not None and miss.at < since):
            continue
        counts = shipped if miss.found is FoundIn.PRODUCTION else missed
        counts.update((None, *_readers_of(miss, facts)))
    counted = {
        one: CatchCount(caught[one], missed[one], shipped[one])
        for one in {*caught, *missed, *shipped}
    }
    total = counted.pop(None, CatchCount())
    by_reviewer = {one: count for one, count in counted.items() if one is not None}
    return total, dict(sorted(by_reviewer.items(), key=lambda item: reviewer_order(item[0])))


def should_have_raised(
    reports: Iterable[Counted], facts: ScorecardFacts
) -> frozenset[ScoredReviewer]:
    """Who read a file with the problem in a session that reported it, under a lens that covers
    it."""
    listed = list(reports)
    lenses = {counted.first.lens for counted in listed}
    return frozenset(
        reader
        for counted in listed
        for session, path in counted.places
        for reader in _readers(session, path, facts)
        if _covers(reader, lenses, facts)
    )


def _readers_of(miss: Miss, facts: ScorecardFacts) -> frozenset[ScoredReviewer]:
    lenses = set(Lens) if miss.lens is None else {miss.lens}
    readers = _readers(miss.session, miss.path, facts)
    return frozenset(one for one in readers if _covers(one, lenses, facts))


def _readers(session: str, path: str, facts: ScorecardFacts) -> list[ScoredReviewer]:
    if (known := facts.sessions.get(session)) is None:
        return []
    return [
        known.reviewers.get(name) or ScoredReviewer(name, None, "")
        for name, paths in known.read.items()
        if path in paths
    ]


def _covers(reader: ScoredReviewer, lenses: Collection[Lens], facts: ScorecardFacts) -> bool:
    asked = facts.lenses.get(reader)
    return not asked or not asked.isdisjoint(lenses)
