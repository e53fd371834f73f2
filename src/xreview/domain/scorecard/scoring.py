"""Computing the scorecard from gathered facts, in one pass over the reports."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import NamedTuple

from xreview.domain.calibration.figures import JudgedReport
from xreview.domain.calibration.gathered import calibration_of, working_problems
from xreview.domain.decision import Reason, Verdict
from xreview.domain.report import Category, ReviewerKind
from xreview.domain.ruling import Ruling
from xreview.domain.scorecard.attempting import count_attempts
from xreview.domain.scorecard.catching import count_catches, should_have_raised
from xreview.domain.scorecard.charging import untaken_reviews
from xreview.domain.scorecard.facts import Fact, Made
from xreview.domain.scorecard.figures import (
    OutcomeTally,
    Rate,
    Scorecard,
    ScorecardRow,
    Yield,
    delay_of,
)
from xreview.domain.scorecard.fixing import count_fixes
from xreview.domain.scorecard.gathering import Counted, ScorecardFacts, gather_facts
from xreview.domain.scorecard.prompting import prompt_account
from xreview.domain.scorecard.proportion import Proportion
from xreview.domain.scorecard.scored import Arm, ScoredReviewer, arm_of, reviewer_order


def score(facts: Iterable[Fact], since: str | None = None) -> Scorecard:
    """The scorecard of facts, given in the order they were written. With `since` (ISO 8601, UTC),
    only reports first seen from then on count, with all decisions about them."""
    return _Scoring(gather_facts(facts), since).scorecard()


_judged_report = cache(JudgedReport)  # there are few different ones
_PLACES = {category: index for index, category in enumerate(Category)}


class _Outcome(NamedTuple):
    """The outcome of one report.

    Args:
        made: the decision that holds: the latest, or of equal times the one written last; None
            while it is open.
        verdict: its verdict on this report: it rejects one whose other side it accepts.
        delay: seconds to the first decision that holds; None if there is none, or if it is older
            than this reviewer's report.
    """

    report: Counted
    author: str
    made: Made | None = None
    verdict: Verdict | None = None
    delay: float | None = None
    is_fixed: bool = False
    is_resolved: bool = False

    @property
    def is_passed_over(self) -> bool:
        """Whether another side of its finding was accepted."""
        return self.made is not None and self.made.is_against(self.report.first)


class _Scoring:
    def __init__(self, gathered: ScorecardFacts, since: str | None) -> None:
        self._gathered = gathered
        self._since = since
        self._untaken = untaken_reviews(gathered)
        found = [
            self._outcome(counted)
            for counted in gathered.reports.values()
            if (since is None or counted.first.at >= since)
            and not gathered.is_withdrawn(counted.first)
        ]
        if self._untaken:
            found = [one for one in found if one.verdict or not self._is_untaken(one)]
        self._outcomes = found

    def scorecard(self) -> Scorecard:
        """All figures."""
        cells: dict[tuple[str, ScoredReviewer, Category], list[_Outcome]] = {}
        delays: dict[ScoredReviewer, list[float]] = {}
        for outcome in self._outcomes:
            seen = outcome.report.first
            cells.setdefault((outcome.author, seen.reviewer, seen.category), []).append(outcome)
            if outcome.delay is not None:
                delays.setdefault(seen.reviewer, []).append(outcome.delay)
        rows = _rows(cells)
        reports = [outcome.report for outcome in self._outcomes]
        caught = self._caught()
        fixers, refuted = count_fixes(self._gathered, self._since)
        catches, catches_by = count_catches(caught.values(), self._gathered, self._since)
        return Scorecard(
            since=self._since,
            sessions=len({session for report in reports for session, _ in report.places}),
            repositories=len({report.first.repository for report in reports}),
            rows=rows,
            arms=_arms(rows),
            sight=_sight(caught, self._gathered),
            yields=self._yields(),
            delays={reviewer: delay_of(delays[reviewer]) for reviewer in delays},
            delay=delay_of(delay for group in delays.values() for delay in group),
            catches=catches,
            catches_by=catches_by,
            fixers=fixers,
            refuted=refuted,
            prompts=prompt_account(
                ((one.report, one.verdict) for one in self._outcomes), self._gathered, self._since
            ),
            attempts=count_attempts(caught, self._gathered, self._since),
            calibration=calibration_of(self._gathered, self._judged(), self._since, self._untaken),
        )

    def _judged(self) -> Iterator[JudgedReport]:
        """Yield what was decided about each report of a program."""
        working = working_problems(self._gathered)
        for outcome in self._outcomes:
            if outcome.verdict is None:
                continue
            seen = outcome.report.first
            if not seen.reviewer.is_person:
                is_working = bool(working) and (seen.repository, seen.fingerprint) in working
                yield _judged_report(seen.confidence, outcome.verdict, is_working)

    def _outcome(self, report: Counted) -> _Outcome:
        gathered, seen, author = self._gathered, report.first, self._author(report)
        problem = (seen.repository, seen.fingerprint)
        holding = gathered.made.get(problem)
        if holding and gathered.undone:
            holding = [
                made for made in holding if (seen.repository, made.action) not in gathered.undone
            ]
        if not holding:
            return _Outcome(report, author)
        first = last = holding[0]
        for made in holding:
            if made.at < first.at:
                first = made
            if made.at >= last.at:
                last = made
        delay = _seconds(seen.at, first.at)
        return _Outcome(
            report,
            author,
            last,
            Verdict.REJECT if last.is_against(seen) else last.decision.verdict,
            delay if delay >= 0 else None,
            problem in gathered.fixed,
            (seen.repository, last.action) in gathered.resolved,
        )

    def _is_untaken(self, outcome: _Outcome) -> bool:
        """Whether it was only said of attempts that the user didn't take."""
        return all(session in self._untaken for session, _ in outcome.report.places)

    def _author(self, report: Counted) -> str:
        """The vendor of the author, by the first session that knew it."""
        sessions = self._gathered.sessions
        if author := sessions[report.first.session].author:
            return author
        known = [sessions[id] for id, _ in report.places if sessions[id].author]
        return min(known, key=lambda session: session.opened_at).author if known else ""

    def _caught(self) -> dict[Made, list[Counted]]:
        """The reports of each accepted problem, by the decision."""
        caught: dict[Made, list[Counted]] = {}
        for outcome in self._outcomes:
            if outcome.made is not None and outcome.verdict is Verdict.ACCEPT:
                caught.setdefault(outcome.made, []).append(outcome.report)
        return caught

    def _yields(self) -> dict[ScoredReviewer, Yield]:
        accepted: Counter[tuple[ScoredReviewer, str]] = Counter()
        took_part: dict[ScoredReviewer, set[str]] = {}
        for id, session in self._gathered.sessions.items():
            if id in self._untaken:
                continue  # below, if anything in it was decided
            if self._since is None or session.opened_at >= self._since:
                for name, reviewer in session.reviewers.items():
                    if name in session.read or not session.reviewed_at:
                        took_part.setdefault(reviewer, set()).add(id)
        for outcome in self._outcomes:
            seen = outcome.report.first
            if (ids := took_part.get(seen.reviewer)) is None:
                ids = took_part[seen.reviewer] = set[str]()
            ids.add(seen.session)
            if outcome.verdict is Verdict.ACCEPT:
                accepted[seen.reviewer, seen.session] += 1
        return {
            reviewer: Yield(
                _rate(reviewer, accepted, {id: self._dollars(id, reviewer) for id in ids}),
                _rate(reviewer, accepted, {id: self._minutes(id, reviewer) for id in ids}),
            )
            for reviewer, ids in sorted(took_part.items(), key=lambda one: reviewer_order(one[0]))
            if not reviewer.is_person
        }

    def _dollars(self, id: str, reviewer: ScoredReviewer) -> float | None:
        if (spent := self._gathered.spent.get((id, reviewer.name))) and spent.dollars is not None:
            return spent.dollars
        return 0.0 if reviewer.kind is ReviewerKind.ANALYSER else None

    def _minutes(self, id: str, reviewer: ScoredReviewer) -> float | None:
        if (spent := self._gathered.spent.get((id, reviewer.name))) and spent.seconds is not None:
            return spent.seconds / 60
        session = self._gathered.sessions[id]
        if not session.opened_at or not session.reviewed_at:
            return None
        seconds = _seconds(session.opened_at, session.reviewed_at)
        return seconds / 60 if seconds >= 0 else None


def _tally(outcomes: list[_Outcome]) -> OutcomeTally:
    verdicts: Counter[Verdict] = Counter()
    reasons: Counter[Reason] = Counter()
    rulings: Counter[Ruling] = Counter()
    fixed = resolved = passed_over = 0
    for outcome in outcomes:
        if (made := outcome.made) is None or (verdict := outcome.verdict) is None:
            continue
        verdicts[verdict] += 1
        if verdict is Verdict.ACCEPT:
            fixed += outcome.is_fixed
        elif verdict is Verdict.ESCALATE:
            resolved += outcome.is_resolved
        if made.chosen and outcome.is_passed_over:
            passed_over += 1
            continue
        if verdict is Verdict.REJECT:
            reasons[made.decision.reason] += 1
        if made.ruling:
            rulings[made.ruling] += 1
    return OutcomeTally(
        raised=len(outcomes),
        accepted=verdicts[Verdict.ACCEPT],
        rejected={reason: reasons[reason] for reason in Reason if reasons[reason]},
        escalated=verdicts[Verdict.ESCALATE],
        open=len(outcomes) - verdicts.total(),
        fixed=fixed,
        resolved=resolved,
        passed_over=passed_over,
        rulings={ruling: rulings[ruling] for ruling in Ruling if rulings[ruling]},
    )


def _rows(
    cells: Mapping[tuple[str, ScoredReviewer, Category], list[_Outcome]],
) -> tuple[ScorecardRow, ...]:
    ordered = sorted(cells, key=lambda key: (key[0], reviewer_order(key[1]), _PLACES[key[2]]))
    return tuple(ScorecardRow(*key, _tally(cells[key])) for key in ordered)


def _arms(rows: Iterable[ScorecardRow]) -> dict[Arm, OutcomeTally]:
    arms = dict.fromkeys(Arm, OutcomeTally())
    for row in rows:
        arms[arm_of(row.author, row.reviewer)] += row.tally
    return arms


def _rate(
    reviewer: ScoredReviewer,
    accepted: Mapping[tuple[ScoredReviewer, str], int],
    efforts: Mapping[str, float | None],
) -> Rate:
    known = {id: effort for id, effort in efforts.items() if effort is not None}
    caught = sum(accepted.get((reviewer, id), 0) for id in known)
    return Rate(caught, sum(known.values()), len(known), len(efforts))


def _sight(
    caught: Mapping[Made, list[Counted]], gathered: ScorecardFacts
) -> dict[tuple[ScoredReviewer, Category], Proportion]:
    """How many of the accepted problems that it could have raised each reviewer raised, in the
    order of reviewers and categories."""
    raised: Counter[tuple[ScoredReviewer, Category]] = Counter()
    chances: Counter[tuple[ScoredReviewer, Category]] = Counter()
    for reports in caught.values():
        raisers = {counted.first.reviewer for counted in reports}
        readers = raisers | should_have_raised(reports, gathered)
        for category in {counted.first.category for counted in reports}:
            chances.update((reader, category) for reader in readers)
            raised.update((raiser, category) for raiser in raisers)
    ordered = sorted(chances, key=lambda key: (reviewer_order(key[0]), _PLACES[key[1]]))
    return {key: Proportion(raised[key], chances[key]) for key in ordered}


def _seconds(start: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()
