"""The calibration that the scorecard shows, from its gathered facts."""

from collections.abc import Collection, Iterable

from xreview.domain.calibration.figures import Calibration, JudgedReport, calibrate
from xreview.domain.calibration.reviewed import (
    LaterSign,
    ReviewHistory,
    change_key,
    reviewed_files,
    sign_of_aftermath,
    sign_of_miss,
)
from xreview.domain.decision import Verdict
from xreview.domain.events.event import AftermathSeen
from xreview.domain.scorecard.gathering import Problem, ScorecardFacts


def calibration_of(
    facts: ScorecardFacts,
    reports: Iterable[JudgedReport],
    since: str | None,
    untaken: Collection[str],
) -> Calibration:
    """Return the calibration of the sessions since a time (ISO 8601), without `untaken` ones."""
    sessions = {
        id: session
        for id, session in facts.sessions.items()
        if session.weighed is not None
        and id not in untaken
        and (since is None or session.opened_at >= since)
    }
    history = ReviewHistory(
        {id: session.weighed for id, session in sessions.items() if session.weighed is not None},
        {id: change_key(one.repository, id, one.base, one.head) for id, one in sessions.items()},
        _decided_sessions(facts) if sessions else frozenset(),
        tuple(_signs(facts)),
    )
    return calibrate(reviewed_files(history), reports)


def working_problems(facts: ScorecardFacts) -> frozenset[Problem]:
    """The problems whose fix works: judged fixed, applied in whole, and not undone."""
    return frozenset(
        (repository, name)
        for (repository, _), fix in facts.fixes.started.items()
        for finding in fix.outcomes
        if fix.is_working(finding)
        for name in finding
    )


def _decided_sessions(facts: ScorecardFacts) -> frozenset[str]:
    return frozenset(
        made.session
        for decisions in facts.made.values()
        for made in decisions
        if (made.repository, made.action) not in facts.undone
    )


def _signs(facts: ScorecardFacts) -> Iterable[LaterSign]:
    for miss in facts.misses:
        if (miss.repository, miss.action) not in facts.undone:
            yield sign_of_miss(miss.session, miss.path, miss.found, miss.at, miss.action)
    for event in facts.aftermath:
        if isinstance(event.payload, AftermathSeen):
            subjects = event.payload.subjects
            accepted = [one for one in subjects if _is_accepted((event.repository, one), facts)]
            if sign := sign_of_aftermath(event.payload, accepted):
                yield sign


def _is_accepted(problem: Problem, facts: ScorecardFacts) -> bool:
    holding = [
        made
        for made in facts.made.get(problem, ())
        if (made.repository, made.action) not in facts.undone
    ]
    # Of equal times, the one that was written last holds.
    last = max(reversed(holding), key=lambda made: made.at, default=None)
    return last is not None and last.decision.verdict is Verdict.ACCEPT
