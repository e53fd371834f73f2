"""Carrying over what earlier sessions knew and decided to the reports of this one.

carry = CarryOver(load_history(journal, repository, paths), session=id, today="2026-01-31")

for path in carry.needs(reports):            # for each batch: O(new reports)
    carry.give(path, await text_of(path))
for carried in carry.judge(carry.take(reports), triage): …

for path in carry.needs_at_end(coverage):    # when all is read
    carry.give(path, await text_of(path))
for fixed in carry.settle(coverage, touched): …
"""

from collections.abc import Callable, Collection, Iterable, Sequence

from xreview.config.ignore import flaw, rules_of
from xreview.domain.change import Side
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.events.event import (
    ConventionWritten,
    FixApplied,
    FixConfirmed,
    FixReverted,
)
from xreview.domain.identity.carry_over import (
    Carried,
    CarriedState,
    Fixed,
    comes_back,
    suppression_by_convention,
    suppression_by_decision,
)
from xreview.domain.identity.claim import words_agree
from xreview.domain.identity.convention import Convention
from xreview.domain.identity.history import CONVENTION_EVENTS, PROBLEM_EVENTS, History, history_of
from xreview.domain.identity.pairing import is_edited
from xreview.domain.record import replace
from xreview.domain.report import Report
from xreview.domain.state import Decided, Triage, latest
from xreview.journal.store import Journal
from xreview.review.past.recognise import Kind, Recognition, is_told_apart, kind_of

Touched = Callable[[str], Sequence[range]]
"""The 1-based lines that the change added to a file (`FileDiff.touched`)."""


def load_history(
    journal: Journal, repository: str, paths: Collection[str], session: str = ""
) -> History:
    """What other sessions of a repository knew about the files of a change. Raises JournalError.

    `paths` are names on either side. Problems in other files are recognised by fingerprint only, so
    that the cost depends on the change and not on the journal.
    """
    said = list(journal.events(repository=repository, types=CONVENTION_EVENTS))
    about = set(journal.fingerprints_in(repository, paths))
    for event in said:
        if isinstance(event.payload, ConventionWritten):
            about.update(event.payload.subjects)
    seen = list(journal.events(repository=repository, types=PROBLEM_EVENTS, about=about))
    fixes = {one.payload.fix for one in seen if isinstance(one.payload, FixApplied)}
    reverted = journal.events(repository=repository, types=(FixReverted,), about=fixes)
    attempts = journal.attempts_among({event.session for event in seen})
    return history_of([*seen, *said, *reverted], without_session=session, attempts=attempts)


class CarryOver:
    """The carry-over of one session, known by its id; reads nothing itself. `today` is ISO 8601."""

    def __init__(self, history: History, *, session: str, today: str) -> None:
        self.history = history
        self._session = session
        self._today = today
        self._recognition = Recognition(history)
        self._reports: dict[str, list[Report]] = {}
        self._firsts: dict[Kind, Carried] = {}

    def needs(self, reports: Iterable[Report]) -> tuple[str, ...]:
        """The files whose new side `take` needs for these reports."""
        return self._recognition.needs(reports)

    def give(self, path: str, text: str | None) -> None:
        """Pass the new side of a file; None if it doesn't exist (any more)."""
        self._recognition.give(path, text)

    def take(self, reports: Iterable[Report]) -> tuple[Carried, ...]:
        """The reports with the identities and states of their problems, to be passed to `judge`.

        An earlier report is included again if a new one shows that it was a separate claim.
        """
        came = list(reports)
        kinds = self._recognition.tell_apart(came)
        again = [self._firsts[kind] for kind in sorted(kinds) if kind in self._firsts]
        nearest_first = sorted(came, key=self._recognition.distance)
        taken = {id(report): self._take(report) for report in nearest_first}
        return (*map(_doubted, again), *(taken[id(report)] for report in came))

    def _take(self, report: Report) -> Carried:
        identity, is_known = self._recognition.recognise(report)
        earlier = self._recognition.last(identity) if is_known else None
        edited = None if is_known else self._recognition.edited(report)
        own, is_first = report.fingerprint, not is_told_apart(report)
        kind, report = kind_of(report), replace(report, fingerprint=identity)
        self._reports.setdefault(report.anchor.path, []).append(report)
        state = self._state(identity, edited)
        carried = Carried(report, state, own, earlier or edited, is_edited=edited is not None)
        if is_first and not report.rule:
            self._firsts.setdefault(kind, carried)
        return carried

    def _state(self, identity: str, edited: Report | None) -> CarriedState:
        known = self.history.known.get(identity if edited is None else edited.fingerprint)
        return CarriedState.NEW if known is None else known.again

    def judge(self, taken: Iterable[Carried], triage: Triage) -> tuple[Carried, ...]:
        """The reports with their suppressions, given all earlier decisions about them. Afterwards,
        remove the reopened ones from the state with `carry_over.reopened`."""
        return tuple(self._judged(carried, triage) for carried in taken)

    def _judged(self, carried: Carried, triage: Triage) -> Carried:
        report = carried.report
        decided = self._decided_before(report, triage)
        if carried.is_reopened:
            return carried
        if decided is not None:
            then = self.history.put_off.get((decided.action, report.fingerprint))
            if comes_back(decided, then, report, self._today):
                return replace(carried, is_reopened=True)
            return replace(carried, suppression=suppression_by_decision(decided))
        conventions = self._conventions_for(carried)
        suppression = suppression_by_convention(report, conventions, matches_path)
        return replace(carried, suppression=suppression)

    def _conventions_for(self, carried: Carried) -> list[Convention]:
        """Those that may answer it: if there are several claims of its kind, only by its words."""
        kind = kind_of(replace(carried.report, fingerprint=carried.own))
        is_told_apart = self._recognition.is_told_apart(kind)
        return [
            convention
            for convention in self.history.conventions.values()
            if not is_told_apart or convention.names(carried.report)
        ]

    def _decided_before(self, report: Report, triage: Triage) -> Decided | None:
        holding = triage.holding([report.fingerprint])
        return latest(decided for decided in holding if decided.session != self._session)

    def needs_at_end(self, coverage: Iterable[CoverageEntry]) -> tuple[str, ...]:
        """The files whose new side `settle` needs."""
        return tuple(
            dict.fromkeys(
                self._recognition.last(identity).anchor.path
                for identity in self._unseen(coverage)
                if not self._recognition.is_given(self._recognition.last(identity).anchor.path)
            )
        )

    def settle(self, coverage: Iterable[CoverageEntry], touched: Touched) -> tuple[Fixed, ...]:
        """The known problems that are gone: the same reviewer read their whole file, and their code
        is gone, or was changed and not reported again."""
        return tuple(
            Fixed(self._recognition.last(identity), evidence)
            for identity in self._unseen(coverage)
            if (evidence := self._evidence(identity, touched))
        )

    def _unseen(self, coverage: Iterable[CoverageEntry]) -> list[str]:
        read = dict.fromkeys(
            (entry.path, entry.reviewer) for entry in coverage if entry.reading is Reading.READ
        )
        return [
            identity
            for path, reviewer in read
            for identity in self.history.by_path.get(path, ())
            if not self._recognition.is_seen(identity)
            and not self.history.known[identity].is_fixed
            and not self.history.known[identity].is_tentative
            and self._recognition.last(identity).reviewer.name == reviewer
            and self._recognition.last(identity).anchored
            and self._recognition.last(identity).anchor.side is Side.NEW
        ]

    def _evidence(self, identity: str, touched: Touched) -> str:
        anchor = self._recognition.last(identity).anchor
        if not self._recognition.has_text(anchor.path):
            return ""
        reviewer = self._recognition.last(identity).reviewer.name
        line = self._recognition.stands(identity)
        if line is None:
            gone = f"{reviewer} read the file, and the code is gone"
            return "" if self._goes_on(identity) else gone
        lines = range(line, line + anchor.end_line - anchor.start_line + 1)
        changed = touched(anchor.path)
        if any(max(lines.start, one.start) < min(lines.stop, one.stop) for one in changed):
            return f"{reviewer} read the code again and no longer reports it"
        return ""

    def _goes_on(self, identity: str) -> bool:
        """Whether a new report is about the edited code of this problem."""
        known = self.history.known[identity]
        for report in self._reports.get(known.report.anchor.path, ()):
            other = self.history.known.get(report.fingerprint)
            if (other is None or other.first > known.last) and is_edited(known.report, report):
                return True
        return False


def _doubted(first: Carried) -> Carried:
    """A claim that no longer is the only one of its kind: if it differs from the known one, earlier
    decisions don't apply to it."""
    if first.earlier is None or first.is_edited or words_agree(first.earlier, first.report):
        return first
    return replace(first, state=CarriedState.NEW, earlier=None, is_reopened=True)


def fixes_confirmed(fixed: Iterable[Fixed]) -> list[FixConfirmed]:
    """The facts to record about what is gone."""
    return [FixConfirmed((one.report.fingerprint,), one.evidence) for one in fixed]


def matches_path(pattern: str, path: str) -> bool:
    """Whether a .gitignore pattern matches a path; an invalid one matches none."""
    return not flaw(pattern) and rules_of((pattern,)).ignores(path)
