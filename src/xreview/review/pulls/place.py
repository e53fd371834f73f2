"""What posting gets from outside."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from xreview.domain.events.event import Event, PullPayload
from xreview.domain.finding import Finding
from xreview.domain.pull.address import PullAddress
from xreview.domain.record import dataclass
from xreview.export.document import ExportEntry
from xreview.ports.forge import Forge
from xreview.review.pulls.post_consent import PostConsents


class RecordPosting(Protocol):
    """Writes what was posted to the journal. Raises JournalError."""

    def __call__(self, *payloads: PullPayload) -> Awaitable[None]:
        """Write; the events are on disk when this returns."""
        ...


@dataclass(frozen=True)
class PostPlace:
    """Where findings are posted, and where that is recorded.

    Args:
        address: the pull request's.
        commit: the full id of the head that was reviewed; "" if unknown.
        open_forge: opens the forge; blocks. Raises ForgeError.
        entries: findings with what was decided about them.
        earlier: the journal's events about this pull request, the oldest first; blocks.
    """

    address: PullAddress
    commit: str
    open_forge: Callable[[], Forge]
    entries: Callable[[Sequence[Finding]], Sequence[ExportEntry]]
    earlier: Callable[[], Sequence[Event]]
    record: RecordPosting
    consents: PostConsents
    now: Callable[[], str]

    def is_other(self, commit: str) -> bool:
        """Whether this is another commit than the reviewed head."""
        return bool(self.commit) and commit != self.commit
