"""What the journal knows about a finding: opinions, answers, and the record of its reviewers."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

from xreview.disagreement.rank import Record
from xreview.domain.events.event import EscalationResolved, OpinionGiven
from xreview.domain.finding import Finding
from xreview.domain.record import dataclass, field, replace
from xreview.domain.report import Category
from xreview.domain.scorecard.figures import OutcomeTally, ScorecardRow
from xreview.domain.scorecard.proportion import Proportion
from xreview.domain.scorecard.scored import ScoredReviewer, scored
from xreview.domain.state import Triage
from xreview.journal.store import Journal
from xreview.review.record.scorecard import read_scorecard

Pair = tuple[str, ScoredReviewer, Category]
"""The author's vendor ("" if unknown), the reviewer, and the category."""


@dataclass(frozen=True)
class PairRecord:
    """The outcome of a reviewer's reports in a category on one vendor's code.

    Args:
        author: the vendor, "" if unknown.
        share: the accepted ones of those accepted or rejected, at least one.
    """

    author: str
    reviewer: ScoredReviewer
    category: Category
    share: Proportion


@dataclass(frozen=True)
class Precedents:
    """Opinions and outcomes of all escalations in a repository, in time, and the shares of accepted
    reports, by pair, over all repositories. Loaded once, and extended as opinions come."""

    opinions: tuple[OpinionGiven, ...] = ()
    outcomes: tuple[EscalationResolved, ...] = ()
    shares: Mapping[Pair, Proportion] = field(default_factory=dict[Pair, Proportion])

    def with_opinion(self, opinion: OpinionGiven) -> "Precedents":
        """These with one more opinion."""
        return replace(self, opinions=(*self.opinions, opinion))

    def with_opinions_of(self, earlier: "Precedents | None") -> "Precedents":
        """These with the earlier ones' opinions that they lack."""
        known = earlier.opinions if earlier else ()
        missing = (opinion for opinion in known if opinion not in self.opinions)
        return replace(self, opinions=(*self.opinions, *missing))

    def opinions_on(self, finding: Finding, triage: Triage) -> list[OpinionGiven]:
        """Third opinions about it, if the escalation holds."""
        return [one for one in self.opinions if _is_about(one, finding, triage)]

    def outcomes_on(self, finding: Finding, triage: Triage) -> list[EscalationResolved]:
        """Colleagues' answers about it, if the escalation holds."""
        return [one for one in self.outcomes if _is_about(one, finding, triage)]

    @cached_property
    def record(self) -> Record:
        """The record for the ranking; analysers, which have no vendor, count together."""
        found: dict[tuple[str, str, Category], tuple[int, int]] = {}
        for (author, reviewer, category), share in self.shares.items():
            pair = (author, reviewer.vendor, category)
            accepted, decided = found.get(pair, (0, 0))
            found[pair] = (accepted + share.count, decided + share.of)
        return found

    def records_on(self, finding: Finding, author: str) -> list[PairRecord]:
        """The record of each of its reviewers on this author's code in that category."""
        found: dict[Pair, PairRecord] = {}
        for report in finding.reports:
            pair = (author, scored(report.reviewer), report.category)
            if share := self.shares.get(pair):
                found[pair] = PairRecord(*pair, share)
        return list(found.values())


NO_PRECEDENTS = Precedents()


def read_precedents(journal: Path, repository: str) -> Precedents:
    """Load them, in about a second for 100,000 events. Raises JournalError."""
    with Journal.open(journal) as opened:
        kinds = (OpinionGiven, EscalationResolved)
        events = sorted(opened.events(repository=repository, types=kinds), key=lambda one: one.at)
    told = [event.payload for event in events]
    return Precedents(
        tuple(one for one in told if isinstance(one, OpinionGiven)),
        tuple(dict.fromkeys(one for one in told if isinstance(one, EscalationResolved))),
        _shares(read_scorecard(journal).rows),
    )


def _shares(rows: Iterable[ScorecardRow]) -> dict[Pair, Proportion]:
    tallies: dict[Pair, OutcomeTally] = {}
    for row in rows:
        pair = (row.author, row.reviewer, row.category)
        tallies[pair] = tallies.get(pair, OutcomeTally()) + row.tally
    shares = {pair: tally.accepted_share for pair, tally in tallies.items()}
    return {pair: share for pair, share in shares.items() if share.of}


def _is_about(told: OpinionGiven | EscalationResolved, finding: Finding, triage: Triage) -> bool:
    is_meant = not frozenset(told.subjects).isdisjoint(finding.fingerprints)
    return is_meant and told.action not in triage.undone
