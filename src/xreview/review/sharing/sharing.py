"""Sharing the journal of a repository with other people, through a reference of its remote.

Everything in the repository's own reference is about this repository, wherever its clone is: an
imported event gets this clone's name for the repository, and none is sent. A remote keeps the
journal of *this* repository if both name a common first commit (`SharedJournal.refuse_stranger`).
Which events count depends on who signed them (`arriving`).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from xreview.domain.errors import JournalError
from xreview.domain.events.event import Event, ProposalReceived, ProposalTaken
from xreview.domain.events.payload import FindingEvent, SessionEvent
from xreview.domain.events.shared_event import MOST_BYTES, event_key, key_in, path_of, shared_form
from xreview.domain.events.shared_push import MOST_EVENTS, PushRecord, content_digest
from xreview.domain.proposal import taken_up
from xreview.domain.record import dataclass, replace
from xreview.domain.text import count_of
from xreview.journal.replay import proposals_of
from xreview.journal.store import Journal
from xreview.repo.repository import Repository
from xreview.repo.shared_journal.journal_ref import OvertakenError, SharedJournal, shared_journal
from xreview.repo.shared_journal.journal_tree import FileSet, united
from xreview.repo.shared_journal.remote import JournalRemote, Remote, TransferDirection
from xreview.repo.shared_journal.signers import Signers, signers_of
from xreview.review.session.surroundings import new_id, now
from xreview.review.sharing.arriving import Arrivals, Arriving, proposal_id

TRIES = 5
"""How often to try where others push at the same time."""

_NOT_SIGNED = (
    "Your events are not signed, so they are proposals to everybody else. To sign them, set "
    "gpg.format to ssh and user.signingKey in your own git configuration."
)

_TOO_MUCH = "The remote's journal is too large to read at once."

Confirm = Callable[[TransferDirection, Sequence[JournalRemote]], None]
"""Confirms addresses with the user, once; raises UsageError if the user declines."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """The result of a push: the number of events that the remote didn't have, the total now,
    whether the user's SSH key signed them, and sentences for the user."""

    addresses: tuple[JournalRemote, ...]
    sent: int
    total: int
    is_signed: bool
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pulled:
    """The result of a pull; the numbers are of events, unless another thing is named.

    Args:
        addresses: the source. found: whether it has a journal.
        imported: new and signed, so they count. people: their actors.
        proposals: new proposals. proposers: their claimed actors.
        left: unsigned ones that aren't proposals: reports, coverage.
        knows_signers: whether the user allows any signer.
        pruned: skipped, since their session was pruned here.
        newer: those that need a newer program; they stay in the reference.
        refused: files that aren't events or contradict others, by reason.
    """

    addresses: tuple[JournalRemote, ...]
    found: bool
    imported: int
    pruned: int
    people: tuple[str, ...]
    proposals: int
    proposers: tuple[str, ...]
    left: int
    knows_signers: bool
    newer: int
    refused: tuple[tuple[str, int], ...]
    notices: tuple[str, ...]


def push(
    journal_path: Path, repository: Repository, word: str, cwd: Path, confirm: Confirm
) -> Pushed:
    """Add this repository's events to the remote's journal.

    `word` is a remote's name, an address, or a path (relative to `cwd`). Raises UsageError if the
    remote isn't allowed or confirmed, JournalError.
    """
    with Journal.open(journal_path) as journal, shared_journal(repository) as shared:
        remote = shared.remote(word, TransferDirection.PUSH, cwd)
        confirm(TransferDirection.PUSH, remote.addresses)
        ours = shared.own_files()
        fresh, too_large = _unshared(journal, repository, ours)
        signers = signers_of(repository)
        records = _records(fresh, journal, repository.actor, signers)
        events = {path_of(event, content): content for event, content in fresh}
        kept = shared.store({**shared.origins(), **events, **records})
        sent, total = _push(shared, remote, united(ours, kept))
        notices = list(shared.signing.notices) if sent else []
        if too_large:
            notices.append(f"Skipped {count_of(too_large, 'event')} too large to share.")
        if sent and not signers.can_sign:
            notices.append(_NOT_SIGNED)
        return Pushed(
            remote.addresses, sent, total, bool(sent) and signers.can_sign, tuple(notices)
        )


def _push(shared: SharedJournal, remote: Remote, ours: FileSet) -> tuple[int, int]:
    for _ in range(TRIES):
        theirs_tip = shared.fetch(remote)
        theirs = shared.files(theirs_tip, known=ours)
        if shared.unread:
            raise JournalError(_TOO_MUCH, "Pull first, several times if necessary.")
        shared.refuse_stranger(theirs)
        together = united(theirs, ours)
        sent = _events_in(together) - _events_in(theirs)
        if not sent:
            if theirs_tip and theirs.keys() == together.keys():
                shared.adopt(theirs_tip)
            return 0, _events_in(theirs)
        commit = shared.commit(
            together,
            _parents(shared, theirs_tip),
            f"Add {count_of(sent, 'event')} to the journal\n",
        )
        try:
            shared.push(remote, commit)
        except OvertakenError:
            continue
        shared.adopt(commit)
        return sent, _events_in(together)
    raise JournalError(
        f"Others pushed at the same time, {TRIES} times in a row: nothing was pushed.",
        "Try again later.",
    )


def pull(
    journal_path: Path, repository: Repository, word: str, cwd: Path, confirm: Confirm
) -> Pulled:
    """Fetch the remote's journal, and import its events into this machine's journal.

    Args and errors: as `push`. Nothing is sent.
    """
    with Journal.open(journal_path) as journal, shared_journal(repository) as shared:
        remote = shared.remote(word, TransferDirection.PULL, cwd)
        confirm(TransferDirection.PULL, remote.addresses)
        theirs_tip = shared.fetch(remote)
        ours = shared.own_files()
        theirs = shared.files(theirs_tip, known=ours)
        shared.refuse_stranger(theirs)
        together = united(ours, theirs)
        notices = list(_unite(shared, theirs_tip, ours, theirs))
        signers = signers_of(repository)
        source = remote.addresses[0].shown
        arrivals = Arriving(shared, journal, repository.identity, signers, source).sort(together)
        if shared.unread:
            notices.append(f"{_TOO_MUCH} {count_of(shared.unread, 'file')} left; pull again.")
        if arrivals.unchecked:
            notices.append(
                f"{count_of(arrivals.unchecked, 'signature')} not checked yet; pull again."
            )
        imported = journal.import_events(arrivals.signed)
        _keep_proposals(journal, repository, arrivals)
        refused = arrivals.refused
        refused["content doesn't match the name"] += shared.left_out
        refused["an id of a different event in this journal"] += imported.differing
        return Pulled(
            remote.addresses,
            theirs_tip is not None,
            imported.added,
            imported.pruned,
            _people(event.actor for event in arrivals.signed),
            len(arrivals.proposed),
            _people(event.actor for event, _ in arrivals.proposed),
            arrivals.left,
            signers.knows_any,
            arrivals.newer,
            tuple(sorted((reason, count) for reason, count in refused.items() if count)),
            (*signers.notices, *notices),
        )


def _people(actors: Iterable[str]) -> tuple[str, ...]:
    return tuple(actor for actor, _ in Counter(actors).most_common())


def _keep_proposals(journal: Journal, repository: Repository, arrivals: Arrivals) -> None:
    """Store new proposals, and close those whose event is signed now."""
    session, at = f"pull-{new_id()}", now()

    def wrapped(id: str, payload: ProposalReceived | ProposalTaken) -> Event:
        return Event(id, session, repository.identity, at, repository.actor, payload)

    kept = [wrapped(proposal_id(event), received) for event, received in arrivals.proposed]
    came = {event.id for event in arrivals.signed}
    settled = [one for one in proposals_of(journal, repository.identity) if one.id in came]
    kept += [wrapped(new_id(), taken) for taken in taken_up("", settled)]
    journal.append(kept)


def _unite(
    shared: SharedJournal, theirs_tip: str | None, ours: FileSet, theirs: FileSet
) -> Iterable[str]:
    """Update the reference to the files of both."""
    together = united(ours, theirs)
    if theirs_tip is None or together.keys() == ours.keys():
        return ()
    if together.keys() == theirs.keys() and not (shared.left_out or shared.unread):
        shared.adopt(theirs_tip)
        return ()
    commit = shared.commit(
        together, _parents(shared, theirs_tip), "Unite the journals of two clones\n"
    )
    shared.adopt(commit)
    return shared.signing.notices


def _parents(shared: SharedJournal, theirs: str | None) -> list[str]:
    """The parents of a union commit, without one that the other contains."""
    ours = shared.tip
    if theirs is None or ours is None:
        return [tip for tip in (theirs, ours) if tip]
    if shared.is_ancestor(ours, theirs):
        return [theirs]
    return [ours] if shared.is_ancestor(theirs, ours) else [theirs, ours]


def _unshared(
    journal: Journal, repository: Repository, ours: FileSet
) -> tuple[list[tuple[Event, bytes]], int]:
    """The events that the reference lacks, with their files, and the number of too large ones.

    What reviewers said of attempts stays here, as what their writers said: only decisions are sent.
    """
    attempts = {one.id for one in journal.sessions(repository.identity) if one.is_of_attempt}
    shared_ids = {key_in(path) for path in ours}
    fresh: list[tuple[Event, bytes]] = []
    too_large = 0
    for event in journal.events(repository=repository.identity):
        if not event.payload.is_shared or event_key(event.id) in shared_ids:
            continue
        if event.session in attempts and isinstance(event.payload, SessionEvent | FindingEvent):
            continue
        content = shared_form(event)
        if len(content) > MOST_BYTES:
            too_large += 1
        else:
            fresh.append((event, content))
    return fresh, too_large


def _records(
    fresh: Sequence[tuple[Event, bytes]], journal: Journal, actor: str, signers: Signers
) -> dict[str, bytes]:
    """The records of a push, which sign the pusher's own events.

    What the reference already had is never signed: anyone may have written it. Raises JournalError.
    """
    if not fresh:
        return {}
    plain = PushRecord(actor, now(), {}, journal.end())
    if not signers.can_sign:
        return dict([plain.file])
    own = [(event_key(event.id), content_digest(c)) for event, c in fresh if event.actor == actor]
    records: dict[str, bytes] = {}
    for start in range(0, max(len(own), 1), MOST_EVENTS):
        record = replace(plain, events=dict(own[start : start + MOST_EVENTS]))
        signed = replace(record, signature=signers.sign(record.signed_text))
        records |= [signed.file]
    return records


def _events_in(files: FileSet) -> int:
    return sum(key_in(path) is not None for path in files)
