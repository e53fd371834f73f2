"""What is held against an attempt: the problems in it that the user accepted.

They come from its own review, or from the triage after it was taken: every review of the same
repository against the same commit as the first one after the take, until the next take. There, a
problem is held against the attempt that lines of the file came from, unless it is known from the
review of another attempt of the same trial.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from xreview.domain.change import ChangeKind
from xreview.domain.record import dataclass, field
from xreview.domain.report import Severity
from xreview.domain.scorecard.attempt_facts import RecordedAttempt, ScoredTake
from xreview.domain.scorecard.facts import Made
from xreview.domain.scorecard.gathering import Counted, ScorecardFacts


@dataclass(frozen=True, slots=True)
class Charge:
    """An accepted problem, and its reports that are about the attempt."""

    made: Made
    reports: tuple[Counted, ...]

    @property
    def is_severe(self) -> bool:
        """Whether one of the reports is high or critical."""
        return any(one.first.severity >= Severity.HIGH for one in self.reports)

    def is_in(self, paths: Collection[str]) -> bool:
        """Whether it was reported in one of these files."""
        return any(path in paths for one in self.reports for _, path in one.places)


@dataclass(frozen=True, slots=True)
class ChargedAttempt:
    """An attempt, what was taken of it and not given back, and what is held against it.

    `rounds` names the fixes of that which were handed over after it was taken.
    """

    recorded: RecordedAttempt
    takes: tuple[ScoredTake, ...] = ()
    charges: tuple[Charge, ...] = ()
    rounds: frozenset[str] = frozenset()

    @property
    def label(self) -> str:
        """Its label in the trial."""
        return self.recorded.seat.label

    @property
    def trial(self) -> tuple[str, str]:
        """Its repository and trial."""
        return self.recorded.repository, self.recorded.trial


def charged_attempts(
    accepted: Mapping[Made, Iterable[Counted]], facts: ScorecardFacts, since: str | None
) -> tuple[ChargedAttempt, ...]:
    """Every attempt, from the reports of each accepted problem; only of trials started `since` a
    time (ISO 8601)."""
    if not (found := tuple(facts.trials.attempts())):
        return ()
    charging = _Charging(accepted, facts)
    return tuple(charging.charged(one) for one in found if since is None or one.at >= since)


def paths_taken(take: ScoredTake, label: str) -> frozenset[str]:
    """The files into which an attempt came, whole or in part."""
    if take.taken.labels == (label,):
        return frozenset(take.taken.paths)
    return frozenset(one.path for one in take.taken.lines if one.label == label)


def untaken_reviews(facts: ScorecardFacts) -> frozenset[str]:
    """The reviews of attempts that the user didn't take: what is undecided in them isn't open."""
    held = facts.trials.held()
    taken = {(one.repository, one.taken.trial, label) for one in held for label in one.taken.labels}
    kept = {
        one.session
        for one in facts.trials.attempts()
        if (one.repository, one.trial, one.seat.label) in taken
    }
    reviews = {id for id, one in facts.sessions.items() if one.kind is ChangeKind.ATTEMPT}
    return frozenset(reviews - kept)


@dataclass(slots=True)
class _Charging:
    accepted: Mapping[Made, Iterable[Counted]]
    facts: ScorecardFacts
    reported: dict[str, list[tuple[Made, Counted]]] = field(
        default_factory=dict[str, list[tuple[Made, Counted]]]
    )
    """The reports of accepted problems in each session."""
    reviews: dict[tuple[str, str], set[str]] = field(
        default_factory=dict[tuple[str, str], set[str]]
    )
    """The reviews of each trial's attempts."""
    takes: dict[tuple[str, str, str], list[ScoredTake]] = field(
        default_factory=dict[tuple[str, str, str], list[ScoredTake]]
    )
    triage: dict[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    """The sessions of the triage after each take, by its action."""

    def __post_init__(self) -> None:
        for made, reports in self.accepted.items():
            for one in reports:
                for session in {session for session, _ in one.places}:
                    self.reported.setdefault(session, []).append((made, one))
        for attempt in self.facts.trials.attempts():
            name = attempt.repository, attempt.trial
            self.reviews.setdefault(name, set()).add(attempt.session)
        held = self.facts.trials.held()
        for take in held:
            self.triage[take.taken.action] = _triage_after(take, held, self.facts)
            for label in take.taken.labels:
                name = take.repository, take.taken.trial, label
                self.takes.setdefault(name, []).append(take)

    def charged(self, attempt: RecordedAttempt) -> ChargedAttempt:
        """Return the attempt with what is held against it."""
        name = attempt.repository, attempt.trial, attempt.seat.label
        takes = tuple(self.takes.get(name, ()))
        reports: dict[Made, dict[int, Counted]] = {}
        for made, one in (*self._of_review(attempt), *self._of_triage(attempt, takes)):
            reports.setdefault(made, {})[id(one)] = one
        charges = tuple(Charge(made, tuple(found.values())) for made, found in reports.items())
        return ChargedAttempt(attempt, takes, charges, self._rounds(attempt, takes, charges))

    def _of_review(self, attempt: RecordedAttempt) -> Iterable[tuple[Made, Counted]]:
        return self.reported.get(attempt.session, ()) if attempt.session else ()

    def _of_triage(
        self, attempt: RecordedAttempt, takes: Iterable[ScoredTake]
    ) -> Iterator[tuple[Made, Counted]]:
        others = self.reviews[attempt.repository, attempt.trial] - {attempt.session}
        for take in takes:
            paths = paths_taken(take, attempt.seat.label)
            for session in self.triage[take.taken.action]:
                for made, one in self.reported.get(session, ()):
                    if not any(known in others for known, _ in one.places) and not (
                        paths.isdisjoint(path for where, path in one.places if where == session)
                    ):
                        yield made, one

    def _rounds(
        self, attempt: RecordedAttempt, takes: Iterable[ScoredTake], charges: Iterable[Charge]
    ) -> frozenset[str]:
        since = min((one.at for one in takes), default=None)
        names = {name for one in charges for name in one.made.subjects}
        return frozenset(
            fix
            for (repository, fix), started in self.facts.fixes.started.items()
            if since is not None
            and repository == attempt.repository
            and started.at >= since
            and not names.isdisjoint(started.subjects)
        )


def _triage_after(
    take: ScoredTake, held: Iterable[ScoredTake], facts: ScorecardFacts
) -> frozenset[str]:
    """The sessions of the triage after a take."""
    later = (one.at for one in held if one.repository == take.repository and one.at > take.at)
    end = min(later, default=None)
    opened = sorted(
        (session.opened_at, id)
        for id, session in facts.sessions.items()
        if session.repository == take.repository
        and session.kind not in (None, ChangeKind.ATTEMPT)
        and session.opened_at >= take.at
        and (end is None or session.opened_at < end)
    )
    if not opened:
        return frozenset()
    base = facts.sessions[opened[0][1]].base
    return frozenset(id for _, id in opened if facts.sessions[id].base == base)
