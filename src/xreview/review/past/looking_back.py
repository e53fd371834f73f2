"""Reading what earlier sessions knew, for `CarryOver`, from the journal and the files."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from xreview.domain.change import Change, FileDiff, FileStatus, Side
from xreview.domain.coverage import CoverageEntry
from xreview.domain.errors import ChangeError
from xreview.domain.events.event import StanceTaken
from xreview.domain.fixing.state import FixState
from xreview.domain.identity.carry_over import Carried, Fixed, reopened
from xreview.domain.identity.history import History, Known
from xreview.domain.proposal import Proposal, by_subject
from xreview.domain.record import replace
from xreview.domain.report import Report
from xreview.domain.stance import StanceKind
from xreview.domain.state import Triage
from xreview.ports.reviewer import ContentReader
from xreview.review.past.carry import CarryOver
from xreview.review.session.ledger import Ledger


class LookingBack:
    """The past of one session, known by its id. `today` is ISO 8601."""

    def __init__(self, ledger: Ledger, repository: str, session: str, today: str) -> None:
        self._ledger = ledger
        self._repository = repository
        self._session = session
        self._today = today
        self._recalled: set[str] = set()
        self._carry = CarryOver(History(), session=session, today=today)

    async def open(self, files: Iterable[FileDiff]) -> None:
        """Load what earlier sessions knew about the files of the change. Raises JournalError; then
        nothing is known."""
        paths = {path for file in files for path in (file.path, file.old_path) if path}
        history = await self._ledger.history(self._repository, paths, self._session)
        self._carry = CarryOver(history, session=self._session, today=self._today)

    @property
    def conventions(self) -> tuple[str, ...]:
        """The sentences of the conventions."""
        return tuple(one.sentence for one in self._carry.history.conventions.values())

    @property
    def known(self) -> Iterable[Report]:
        """The problems in the files of the change, as they were last seen."""
        return (one.report for one in self._carry.history.known.values())

    def own_in(self, files: Iterable[FileDiff]) -> list[tuple[Known, FileDiff]]:
        """The findings of people in these files that hold, as last written, where last seen."""
        history = self._carry.history
        by_path = {name: file for file in files for name in (file.path, file.old_path) if name}
        found: list[tuple[Known, FileDiff]] = []
        for identity, written in history.own.items():
            known = history.known[identity]
            if (file := by_path.get(known.report.anchor.path)) is not None:
                report = replace(written, anchor=known.report.anchor)
                found.append((replace(known, report=report), file))
        return found

    async def take(
        self, reports: Sequence[Report], contents: ContentReader, files: Mapping[str, FileDiff]
    ) -> tuple[Carried, ...]:
        """The reports with the identities and states of their problems, for `judge`."""
        await self._give(self._carry.needs(reports), contents, files)
        return self._carry.take(reports)

    async def recall(self, taken: Iterable[Carried]) -> Triage:
        """Earlier decisions about those not recalled yet, to be joined with the state before the
        user can decide. Raises JournalError."""
        fingerprints = {one.report.fingerprint for one in taken} - self._recalled
        known = await self._ledger.recall(self._repository, fingerprints)
        self._recalled.update(fingerprints)
        return known

    async def proposals(self, taken: Iterable[Carried]) -> Mapping[str, tuple[Proposal, ...]]:
        """The proposals about these, by fingerprint. Raises JournalError."""
        names = {name for one in taken for name in (one.report.fingerprint, one.own)}
        return by_subject(await self._ledger.proposals(self._repository, names))

    async def fixes(self, taken: Iterable[Carried]) -> FixState:
        """What fixes did to these and, where their code was edited since, to what they were. Raises
        JournalError."""
        names = {name for one in taken for name in (one.report.fingerprint, one.kept.replaces)}
        return await self._ledger.fixes(self._repository, names - {""})

    def judge(self, taken: Iterable[Carried], triage: Triage) -> tuple[tuple[Carried, ...], Triage]:
        """The reports with their suppressions, and the state without the reopened ones."""
        carried = self._carry.judge(taken, triage)
        again = [one.report.fingerprint for one in carried if one.is_reopened]
        return carried, reopened(triage, again, self._session)

    async def answers(self, fingerprints: Collection[str]) -> tuple[StanceTaken, ...]:
        """What models answered in earlier sessions: since the code is the same, that holds until
        they answer anew. Raises JournalError."""
        known = await self._ledger.stances(self._repository, fingerprints)
        return tuple(one for one in known if one.stance.kind is not StanceKind.SILENT)

    def conventions_about(self, fingerprints: Collection[str]) -> list[str]:
        """The ids of the conventions that were made from these."""
        return [
            id
            for id, one in self._carry.history.conventions.items()
            if not frozenset(one.subjects).isdisjoint(fingerprints)
        ]

    async def settle(
        self, coverage: Sequence[CoverageEntry], change: Change, contents: ContentReader
    ) -> tuple[Fixed, ...]:
        """The known problems that are gone, once everything is read."""
        await self._give(self._carry.needs_at_end(coverage), contents, change.by_path)
        return self._carry.settle(coverage, lambda path: change.by_path[path].touched(Side.NEW))

    async def _give(
        self, paths: Iterable[str], contents: ContentReader, files: Mapping[str, FileDiff]
    ) -> None:
        for path in paths:
            file = files.get(path) or FileDiff(path, FileStatus.MODIFIED)
            try:
                content = await contents.read(file, Side.NEW)
            except ChangeError:
                continue  # unreadable: neither fixed nor moved
            text = None if content is None else content.decode("utf-8", "surrogateescape")
            self._carry.give(path, text)
