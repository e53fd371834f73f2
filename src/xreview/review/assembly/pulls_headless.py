"""Posting without an interface: the findings of the latest recorded session of a pull request."""

from collections.abc import Collection, Mapping, Sequence

from xreview.domain.errors import UsageError
from xreview.domain.events.event import Event, PullOpened, PullPayload, ThreadsSeen
from xreview.domain.finding import Finding
from xreview.domain.identity.anchor import is_begun_by
from xreview.domain.pull.address import PullAddress, parse_pull_name, parse_pull_url
from xreview.domain.pull.thread_state import ThreadState
from xreview.domain.record import dataclass
from xreview.export.document import ExportDocument, ExportEntry
from xreview.journal.store import Journal
from xreview.review.assembly.run_options import RunOptions
from xreview.review.pulls.access import forge_for
from xreview.review.pulls.place import PostPlace
from xreview.review.pulls.post_consent import PostConsents
from xreview.review.pulls.posting import Posting
from xreview.review.pulls.pull_forge import pull_events_in
from xreview.review.record.document import document_in
from xreview.review.session.ledger import Ledger
from xreview.review.session.surroundings import new_id, now

_OPEN_FIRST = "Review it first: `xreview-tui --pr URL`."


@dataclass(frozen=True)
class RecordedPull:
    """A pull request as its latest session left it, and the way to it. Close it.

    Args:
        opened_at: when the session began (UTC, ISO 8601).
        seen: the states of its threads as the session read them, by id.
    """

    address: PullAddress
    document: ExportDocument
    posting: Posting
    opened_at: str
    seen: Mapping[str, ThreadState]
    ledger: Ledger

    @property
    def accepted(self) -> tuple[Finding, ...]:
        """What there is to post."""
        return tuple(entry.finding for entry in self.document.to_fix)

    def entry(self, finding: Finding) -> ExportEntry:
        """What is known about a finding."""
        return next(one for one in self.document.entries if one.finding is finding)

    def named(self, beginnings: Sequence[str], among: Collection[Finding]) -> tuple[Finding, ...]:
        """The findings that these beginnings of fingerprints name; all of them for none.

        Raises UsageError for a beginning that names none.
        """
        for typed in beginnings:
            if not any(_is_named(one, typed) for one in among):
                raise UsageError(
                    f"No such finding begins with {typed!r}.",
                    "`xreview-tui export --format json` prints the fingerprints.",
                )
        if not beginnings:
            return tuple(among)
        return tuple(one for one in among if any(_is_named(one, typed) for typed in beginnings))

    async def close(self) -> None:
        """Close the connections and the journal."""
        await self.posting.close()
        await self.ledger.close()


def _is_named(finding: Finding, typed: str) -> bool:
    return any(is_begun_by(name, typed) for name in finding.fingerprints)


def recorded_pull(wanted: str, repository: str, user: str, options: RunOptions) -> RecordedPull:
    """The pull request with this URL or number, or the latest reviewed one of a repository for "".

    Only what this machine itself opened counts: an address from a shared journal is never asked.
    Raises UsageError if there is none, JournalError.

    Args:
        repository, user: as events name them.
    """
    if not options.journal.exists():
        raise UsageError("No pull request was reviewed on this machine yet.", _OPEN_FIRST)
    with Journal.open(options.journal) as journal:
        event, opened = _opening(journal, wanted, repository)
        document = document_in(journal, event.repository, [event.session], user=user)
        seen = _seen(journal, event.session)
    address = parse_pull_url(opened.url)
    ledger = Ledger(options.journal)
    by_identity = {id(entry.finding): entry for entry in document.entries}

    async def record(*payloads: PullPayload) -> None:
        await ledger.append(
            [Event(new_id(), event.session, event.repository, now(), user, one) for one in payloads]
        )

    place = PostPlace(
        address,
        opened.head,
        lambda: forge_for(address.forge, options),
        lambda findings: [by_identity[id(one)] for one in findings],
        lambda: pull_events_in(options.journal, opened.url),
        record,
        PostConsents(options.folders.state),
        now,
    )
    return RecordedPull(address, document, Posting(place), event.at, seen, ledger)


def _opening(journal: Journal, wanted: str, repository: str) -> tuple[Event, PullOpened]:
    """The latest opening of the pull request that is meant."""
    named = parse_pull_name(wanted)
    url = named.url if isinstance(named, PullAddress) else ""
    found: tuple[Event, PullOpened] | None = None
    where = None if url else repository
    for event in journal.events(repository=where, types=(PullOpened,)):
        opened = event.payload
        if not isinstance(opened, PullOpened) or (url and opened.url != url):
            continue
        if isinstance(named, int) and parse_pull_url(opened.url).number != named:
            continue
        found = (event, opened)
    if found is None:
        text = wanted.strip()
        said = (
            f"The pull request {text} wasn't reviewed" if text else "No pull request was reviewed"
        )
        raise UsageError(f"{said} here yet.", _OPEN_FIRST)
    return found


def _seen(journal: Journal, session: str) -> dict[str, ThreadState]:
    states: dict[str, ThreadState] = {}
    for event in journal.events(session=session, types=(ThreadsSeen,)):
        if isinstance(event.payload, ThreadsSeen):
            states = {thread.id: thread.state for thread in event.payload.threads}
    return states
