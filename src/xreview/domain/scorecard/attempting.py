"""Counting what became of attempts.

A solution works if it was taken and not given back, all checks passed on it (there must be some),
and no finding of high or critical severity that was accepted against it is still open. A graft is
one solution, of all attempts in it. What all attempts of a group took is shared by their working
solutions, so that attempts that led nowhere aren't free.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from xreview.domain.scorecard.attempt_facts import RecordedAttempt, ScoredTake
from xreview.domain.scorecard.attempt_figures import (
    AttemptAccount,
    AttemptTally,
    ScoredWriter,
    SolutionSpending,
    scored_writer,
)
from xreview.domain.scorecard.charging import (
    Charge,
    ChargedAttempt,
    charged_attempts,
    paths_taken,
)
from xreview.domain.scorecard.facts import Made
from xreview.domain.scorecard.gathering import Counted, ScorecardFacts
from xreview.domain.scorecard.proportion import Proportion
from xreview.domain.scorecard.scored import (
    Arm,
    ScoredReviewer,
    arm_of,
    reviewer_order,
    scored,
)

OTHER_KIND = "other"
"""Of a task that touches nothing in particular."""

_Key = TypeVar("_Key", bound=Hashable)
_Parts = frozenset[tuple[str, str, str]]
"""The attempts that working solutions consist of: repository, trial, and label."""


def count_attempts(
    accepted: Mapping[Made, Iterable[Counted]], facts: ScorecardFacts, since: str | None
) -> AttemptAccount:
    """The account of attempts, from the reports of each accepted problem; only of trials started
    `since` a time (ISO 8601)."""
    attempts = charged_attempts(accepted, facts, since)
    parts = _working_parts(attempts, facts)

    def grouped(
        keys_of: Callable[[RecordedAttempt], Iterable[_Key]],
        ordered: Callable[[Iterable[_Key]], Iterable[_Key]],
    ) -> dict[_Key, AttemptTally]:
        groups: dict[_Key, list[ChargedAttempt]] = {}
        for one in attempts:
            for key in dict.fromkeys(keys_of(one.recorded)):
                groups.setdefault(key, []).append(one)
        return {key: _tally(groups[key], parts) for key in ordered(groups)}

    return AttemptAccount(
        len({one.trial for one in attempts}),
        len(attempts),
        grouped(_writer, sorted),
        grouped(_reviewers, lambda found: sorted(found, key=reviewer_order)),
        grouped(lambda one: (one.kind or OTHER_KIND,), sorted),
        grouped(_arms, sorted_arms),
    )


def sorted_arms(arms: Iterable[Arm]) -> list[Arm]:
    """Arms in the order of `Arm`."""
    found = set(arms)
    return [arm for arm in Arm if arm in found]


def _writer(attempt: RecordedAttempt) -> tuple[ScoredWriter]:
    return (scored_writer(attempt.seat.writer, attempt.seat.tier),)


def _reviewers(attempt: RecordedAttempt) -> Sequence[ScoredReviewer]:
    return [scored(one) for one in attempt.reviewed.reviewers] if attempt.reviewed else []


def _arms(attempt: RecordedAttempt) -> tuple[Arm, ...]:
    """The arm of an attempt: another family's if one of those that read it is of one."""
    if not attempt.session:
        return ()
    family = attempt.seat.writer.family
    arms = {arm_of(family, one) for one in _reviewers(attempt)} or {Arm.ANALYSER}
    return (sorted_arms(arms)[0],)


def _working_parts(attempts: Iterable[ChargedAttempt], facts: ScorecardFacts) -> _Parts:
    """The attempts that are working solutions, or parts of one."""
    by_take: dict[ScoredTake, list[ChargedAttempt]] = {}
    for one in attempts:
        for take in one.takes:
            by_take.setdefault(take, []).append(one)
    return frozenset(
        (*one.trial, one.label)
        for take, parts in by_take.items()
        if take.taken.is_green and not any(_is_broken(take, one, facts) for one in parts)
        for one in parts
    )


def _is_broken(take: ScoredTake, part: ChargedAttempt, facts: ScorecardFacts) -> bool:
    """Whether a severe problem in what was taken of it is accepted and not fixed."""
    paths = paths_taken(take, part.label)
    return any(
        one.is_severe and one.is_in(paths) and not _is_fixed(one, facts) for one in part.charges
    )


def _is_fixed(charge: Charge, facts: ScorecardFacts) -> bool:
    repository, names = charge.made.repository, charge.made.subjects
    if any((repository, name) in facts.fixed for name in names):
        return True
    return any(
        fix.is_working(finding)
        for (where, _), fix in facts.fixes.started.items()
        if where == repository
        for finding in fix.outcomes
        if not finding.isdisjoint(names)
    )


def _tally(attempts: Collection[ChargedAttempt], parts: _Parts) -> AttemptTally:
    reviewed = [one.recorded.reviewed.facts for one in attempts if one.recorded.reviewed]
    checked = [one for one in reviewed if one.checks_run]
    picked = [one for one in attempts if one.takes]
    return AttemptTally(
        attempts=len(attempts),
        picked=len(picked),
        grafted=sum(all(len(take.taken.labels) > 1 for take in one.takes) for one in picked),
        first_try=Proportion(sum(one.is_green for one in checked), len(checked)),
        accepted=len({charge.made for one in attempts for charge in one.charges}),
        rounds=len({(one.trial, fix) for one in attempts for fix in one.rounds}),
        dollars=_spending([(one, one.recorded.dollars) for one in attempts], parts),
        minutes=_spending([(one, one.recorded.minutes) for one in attempts], parts),
        working=_solved(attempts, parts),
    )


def _spending(
    amounts: Sequence[tuple[ChargedAttempt, float | None]], parts: _Parts
) -> SolutionSpending:
    known = [(one, amount) for one, amount in amounts if amount is not None]
    solved = _solved([one for one, _ in known], parts)
    return SolutionSpending(solved, sum(one for _, one in known), len(known), len(amounts))


def _solved(attempts: Iterable[ChargedAttempt], parts: _Parts) -> int:
    """How many tasks have a working solution that one of these is, or is a part of."""
    return len({one.trial for one in attempts if (*one.trial, one.label) in parts})
