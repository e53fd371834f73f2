"""Sorting the events of a shared journal: those that count, proposals, and the rest.

An event counts if an allowed key has signed it and it names that signer as its actor. Other
decisions, notes and conventions are proposals. All other unsigned events (reports, coverage, model
answers) aren't imported, since they would change what is known of findings.
"""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from xreview.domain.events.event import DecisionMade, Event, ProposalReceived, ReportReceived
from xreview.domain.events.shared_event import event_key, key_in, read_shared
from xreview.domain.events.shared_push import PushRecord, content_digest, is_push, read_push
from xreview.domain.proposal import PROPOSABLE
from xreview.domain.record import dataclass, field
from xreview.domain.text import shorten
from xreview.journal.store import Journal
from xreview.journal.subjects import subjects_of
from xreview.repo.shared_journal.journal_ref import SharedJournal
from xreview.repo.shared_journal.journal_tree import FileSet, SharedFile, within_budget
from xreview.repo.shared_journal.signers import Signers

CLOCK_SKEW = timedelta(minutes=5)
"""How far the clocks of two machines may differ."""

MOST_PROPOSALS = 10_000
SIGNATURE_SECONDS = 15.0
"""How long one pull checks signatures; the next one checks the rest."""

_UNSIGNED = "no key you allow has signed it"
_OF_ANOTHER = "signed by {signer}, but by someone else according to its content"
_TOO_OLD = "a decision older than the report it is about"
_LONGEST_ABOUT = 200


@dataclass
class Arrivals:
    """The events of a pull: those that count in the order of time, and proposals to store.

    The numbers count unsigned events that aren't imported, those that need a newer program,
    signatures not checked for lack of time, and files that aren't events, by reason.
    """

    signed: list[Event] = field(default_factory=list[Event])
    proposed: list[tuple[Event, ProposalReceived]] = field(
        default_factory=list[tuple[Event, ProposalReceived]]
    )
    left: int = 0
    newer: int = 0
    unchecked: int = 0
    refused: Counter[str] = field(default_factory=Counter[str])


class Arriving:
    """Sorts the files of a shared journal, by the signers that the user allows. `source` says where
    the files come from, safe to display."""

    def __init__(
        self,
        shared: SharedJournal,
        journal: Journal,
        repository: str,
        signers: Signers,
        source: str,
    ) -> None:
        self._shared = shared
        self._journal = journal
        self._repository = repository
        self._signers = signers
        self._source = source
        self._known, self._proposed = _keys_known(journal, repository)
        self._result = Arrivals()

    def sort(self, files: FileSet) -> Arrivals:
        """Sort the files that aren't in the journal yet. Raises JournalError."""
        signed = self._signed_by(files)
        # By this machine's clock: an event from the future would override every later decision.
        limit = (datetime.now(UTC) + CLOCK_SKEW).isoformat(timespec="microseconds")
        counting: dict[str, Event] = {}
        others: dict[str, tuple[Event, str, str]] = {}
        about: dict[str, str] = {}
        wanted = list(self._wanted(files, signed))
        readable = within_budget(wanted)
        self._shared.unread += len(wanted) - len(readable)
        for path, content in self._shared.contents(readable):
            event = self._read(path, content, limit)
            if event is None:
                continue
            signers = signed.get((event_key(event.id), content_digest(content)), ())
            if event.actor in signers:
                self._keep_once(counting, event)
                continue
            if isinstance(event.payload, ReportReceived):
                about[event.payload.report.fingerprint] = _about(event.payload)
            why = _OF_ANOTHER.format(signer=signers[0]) if signers else _UNSIGNED
            self._take_other(others, event, content.decode("ascii").rstrip("\n"), why)
        self._result.signed = self._without_old(counting)
        self._propose(others, counting, about)
        return self._result

    def _read(self, path: str, content: bytes, limit: str) -> Event | None:
        try:
            event = read_shared(path, content, self._repository, limit)
        except ValueError as error:
            self._result.refused[str(error)] += 1
            return None
        if event is None:
            self._result.newer += 1
        return event

    def _keep_once(self, events: dict[str, Event], event: Event) -> None:
        if events.setdefault(event.id, event) != event:
            self._result.refused["an id with two contents"] += 1

    def _take_other(
        self, others: dict[str, tuple[Event, str, str]], event: Event, content: str, why: str
    ) -> None:
        if event_key(event.id) in self._known:
            if self._journal.has_other(event):
                self._result.refused["an id of a different event in this journal"] += 1
        elif not isinstance(event.payload, PROPOSABLE):
            self._result.left += 1
        elif len(others) >= MOST_PROPOSALS:
            self._result.refused["too many proposals"] += 1
        elif others.setdefault(event.id, (event, content, why))[0] != event:
            self._result.refused["an id with two contents"] += 1

    def _propose(
        self,
        others: Mapping[str, tuple[Event, str, str]],
        counting: Mapping[str, Event],
        about: Mapping[str, str],
    ) -> None:
        reported = self._reported(event for event, _, _ in others.values())
        for id, (event, content, why) in others.items():
            if id in counting:
                self._result.refused["an id with two contents"] += 1
            elif _is_too_old(event, reported):
                self._result.refused[_TOO_OLD] += 1
            elif event_key(id) not in self._proposed:
                subjects = subjects_of(event.payload)
                told = next((about[one] for one in subjects if one in about), "")
                received = ProposalReceived(content, subjects, told, why, self._source)
                self._result.proposed.append((event, received))

    def _without_old(self, counting: Mapping[str, Event]) -> list[Event]:
        reported = self._reported(counting.values())
        kept = [event for event in counting.values() if not _is_too_old(event, reported)]
        self._result.refused[_TOO_OLD] += len(counting) - len(kept)
        return sorted(kept, key=lambda event: (event.at, event.id))

    def _reported(self, events: Iterable[Event]) -> dict[str, str]:
        """When each finding that these decide on was first reported, here or in these events."""
        together = list(events)
        subjects = {
            subject
            for event in together
            if isinstance(event.payload, DecisionMade)
            for subject in event.payload.subjects
        }
        here = self._journal.events(
            repository=self._repository, types=(ReportReceived,), about=subjects
        )
        first: dict[str, str] = {}
        for event in (*here, *together):
            if isinstance(event.payload, ReportReceived):
                name = event.payload.report.fingerprint
                first[name] = min(event.at, first.get(name, event.at))
        return first

    def _wanted(
        self, files: FileSet, signed: Mapping[tuple[str, str], tuple[str, ...]]
    ) -> Iterator[SharedFile]:
        """The files of unknown events, of known proposals that are signed now, and all files of an
        id that has several."""
        times = Counter(map(key_in, files))
        keys = {key for key, _ in signed}
        for path in sorted(files):
            key = key_in(path)
            if key is None:
                continue
            is_new = key not in self._known and (key not in self._proposed or key in keys)
            if is_new or times[key] > 1:
                yield files[path]

    def _signed_by(self, files: FileSet) -> dict[tuple[str, str], tuple[str, ...]]:
        """The signers of each event, by its key and content digest."""
        found: dict[tuple[str, str], tuple[str, ...]] = {}
        deadline = time.monotonic() + SIGNATURE_SECONDS
        records = (file for path, file in sorted(files.items()) if is_push(path))
        for path, content in self._shared.contents(records):
            try:
                record = read_push(path, content)
            except ValueError as error:
                self._result.refused[str(error)] += 1
                continue
            if record is None or not self._matters(record):
                continue
            if time.monotonic() > deadline:
                self._result.unchecked += 1
            elif self._signers.is_signed_by(record.address, record.signed_text, record.signature):
                for event in record.events.items():
                    found[event] = (*found.get(event, ()), record.actor)
        return found

    def _matters(self, record: PushRecord) -> bool:
        """Whether it is signed and has an event that isn't here yet."""
        can_be = bool(record.signature) and self._signers.knows_any
        return can_be and not self._known.issuperset(record.events)


def _keys_known(journal: Journal, repository: str) -> tuple[set[str], set[str]]:
    """The keys of the events here, and of those stored as proposals."""
    known: set[str] = set()
    proposed: set[str] = set()
    for event in journal.events(repository=repository):
        if isinstance(event.payload, ProposalReceived):
            proposed.add(proposed_key(event.id))
        else:
            known.add(event_key(event.id))
    return known, proposed


def proposal_id(event: Event) -> str:
    """The id under which an event is stored as a proposal, always the same."""
    return f"proposal-{event_key(event.id)}"


def proposed_key(id: str) -> str:
    """The key of the event in a proposal with this id."""
    return id.removeprefix("proposal-")


def _is_too_old(event: Event, reported: Mapping[str, str]) -> bool:
    """Whether it decides about something that was first reported after it."""
    if not isinstance(event.payload, DecisionMade):
        return False
    first = [reported[one] for one in event.payload.subjects if one in reported]
    if not first:
        return False
    latest = datetime.fromisoformat(event.at) + CLOCK_SKEW
    return latest < datetime.fromisoformat(min(first))


def _about(reported: ReportReceived) -> str:
    anchor = reported.report.anchor
    return shorten(f"{anchor.path}:{anchor.start_line} {reported.report.title}", _LONGEST_ABOUT)
