"""Sharing the journal of a repository with other people, through a reference of its remote.

Whose event belongs here: whatever is in the repository's own reference is about this repository,
wherever a clone of it lies; so an event that comes in gets this clone's name for the repository,
and none is sent. That a remote keeps the journal of *this* repository is seen by the first commits
that both name (`SharedJournal.refuse_stranger`).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from xreview.domain.errors import JournalError
from xreview.domain.event import Event
from xreview.domain.shared_event import (
    MOST_BYTES,
    NOT_SHARED,
    key_in,
    key_of,
    path_of,
    read_shared,
    shared_form,
)
from xreview.domain.text import count_of
from xreview.journal.store import Journal
from xreview.repo.journal_ref import OvertakenError, SharedJournal, shared_journal
from xreview.repo.journal_tree import FileSet, SharedFile, united
from xreview.repo.remote import Address, Direction, Remote
from xreview.repo.repository import Repository

TRIES = 5
"""How often to try where others push at the same time."""

_CLOCK_SKEW = timedelta(hours=1)

Confirm = Callable[[Direction, Sequence[Address]], None]
"""Asks the person, or remembers, whether these addresses are meant; raises UsageError if not."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push did.

    Args:
        addresses: where to. sent: events that the remote did not have.
        total: files in the journal now. is_signed: whether its commit was. notices: sentences.
    """

    addresses: tuple[Address, ...]
    sent: int
    total: int
    is_signed: bool
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull did.

    Args:
        addresses: where from. found: whether there was a journal at all.
        imported: events that this machine's journal did not have. people: who they are by.
        pruned: events that stay out, since their session was pruned here.
        newer: events that only a newer program understands; they stay in the reference.
        refused: how many files were no events, by reason; contradicting ones among them.
    """

    addresses: tuple[Address, ...]
    found: bool
    imported: int
    pruned: int
    people: tuple[str, ...]
    newer: int
    refused: tuple[tuple[str, int], ...]
    notices: tuple[str, ...]


def push(
    journal_path: Path, repository: Repository, word: str, cwd: Path, confirm: Confirm
) -> Pushed:
    """Add this repository's events to the remote's journal.

    Args:
        word: a remote's name, an address, or a path. cwd: what a path is relative to.

    Raises UsageError where the remote may not be used or was not confirmed, JournalError.
    """
    with Journal.open(journal_path) as journal, shared_journal(repository) as shared:
        remote = shared.remote(word, Direction.PUSH, cwd)
        confirm(Direction.PUSH, remote.addresses)
        ours = shared.files(shared.tip)
        fresh, too_large = _unshared(journal, repository, ours)
        kept = shared.store({**shared.origins(), **fresh})
        sent, total = _push(shared, remote, united(ours, kept))
        notices = list(shared.signing.notices) if sent else []
        if too_large:
            notices.append(f"{count_of(too_large, 'event')} too large to be shared.")
        return Pushed(
            remote.addresses, sent, total, bool(sent) and shared.signing.is_wanted, tuple(notices)
        )


def _push(shared: SharedJournal, remote: Remote, ours: FileSet) -> tuple[int, int]:
    for _ in range(TRIES):
        theirs_tip = shared.fetch(remote)
        theirs = shared.files(theirs_tip, known=ours)
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
    """Take the remote's journal into the repository, and its events into this machine's journal.

    Args and errors: as `push`. Nothing is sent.
    """
    with Journal.open(journal_path) as journal, shared_journal(repository) as shared:
        remote = shared.remote(word, Direction.PULL, cwd)
        confirm(Direction.PULL, remote.addresses)
        theirs_tip = shared.fetch(remote)
        ours = shared.files(shared.tip)
        theirs = shared.files(theirs_tip, known=ours)
        shared.refuse_stranger(theirs)
        together = united(ours, theirs)
        notices = _unite(shared, theirs_tip, ours, theirs)
        arrived, newer, refused = _arrivals(
            shared, repository, together, _known(journal, repository)
        )
        imported = journal.import_events(arrived)
        refused["not what their names say"] += shared.left_out
        refused["another content than the event here with the same id"] += imported.differing
        people = Counter(event.actor for event in arrived)
        return Pulled(
            remote.addresses,
            theirs_tip is not None,
            imported.added,
            imported.pruned,
            tuple(actor for actor, _ in people.most_common()),
            newer,
            tuple(sorted((reason, count) for reason, count in refused.items() if count)),
            tuple(notices),
        )


def _unite(
    shared: SharedJournal, theirs_tip: str | None, ours: FileSet, theirs: FileSet
) -> Iterable[str]:
    """Make the reference name all files of both."""
    together = united(ours, theirs)
    if theirs_tip is None or together.keys() == ours.keys():
        return ()
    if together.keys() == theirs.keys() and not shared.left_out:
        shared.adopt(theirs_tip)
        return ()
    commit = shared.commit(
        together, _parents(shared, theirs_tip), "Unite the journals of two clones\n"
    )
    shared.adopt(commit)
    return shared.signing.notices


def _parents(shared: SharedJournal, theirs: str | None) -> list[str]:
    """The commits that a union follows: what is contained in the other is left out."""
    ours = shared.tip
    if theirs is None or ours is None:
        return [tip for tip in (theirs, ours) if tip]
    if shared.is_ancestor(ours, theirs):
        return [theirs]
    return [ours] if shared.is_ancestor(theirs, ours) else [theirs, ours]


def _unshared(
    journal: Journal, repository: Repository, ours: FileSet
) -> tuple[dict[str, bytes], int]:
    """Path and content of the events that the reference lacks, and how many are too large."""
    shared_ids = {key_in(path) for path in ours}
    fresh: dict[str, bytes] = {}
    too_large = 0
    for event in journal.events(repository=repository.identity):
        if event.payload.type in NOT_SHARED or key_of(event.id) in shared_ids:
            continue
        content = shared_form(event)
        if len(content) > MOST_BYTES:
            too_large += 1
        else:
            fresh[path_of(event, content)] = content
    return fresh, too_large


def _known(journal: Journal, repository: Repository) -> set[str]:
    return {key_of(event.id) for event in journal.events(repository=repository.identity)}


def _arrivals(
    shared: SharedJournal, repository: Repository, files: FileSet, known: set[str]
) -> tuple[list[Event], int, Counter[str]]:
    """The events among the files that are not known, in the order of time; how many are of a newer
    program; how many files are refused, by reason."""
    # The clock is this machine's: what claims to be later would outdo every decision to come.
    limit = (datetime.now(UTC) + _CLOCK_SKEW).isoformat(timespec="microseconds")
    events: dict[str, Event] = {}
    refused: Counter[str] = Counter()
    newer = 0
    for path, content in shared.contents(_unknown(files, known)):
        try:
            event = read_shared(path, content, repository.identity, limit)
        except ValueError as error:
            refused[str(error)] += 1
            continue
        if event is None:
            newer += 1
        elif events.setdefault(event.id, event) != event:
            refused["a second content for one id"] += 1
    return sorted(events.values(), key=lambda event: (event.at, event.id)), newer, refused


def _unknown(files: FileSet, known: set[str]) -> Iterator[SharedFile]:
    """The files of events that are not known, and all of an id that was given to several."""
    times = Counter(map(key_in, files))
    for path in sorted(files):
        key = key_in(path)
        if key is not None and (key not in known or times[key] > 1):
            yield files[path]


def _events_in(files: FileSet) -> int:
    return sum(key_in(path) is not None for path in files)
