"""What fixes work with: the user's checkout, the findings, who takes part."""

from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Protocol

from xreview.domain.events.event import FixPayload
from xreview.domain.finding import Finding
from xreview.domain.fixing.check_run import CheckRun
from xreview.domain.fixing.fixer import FixerReply
from xreview.domain.record import dataclass
from xreview.export.document import ExportEntry
from xreview.ports.model import Doing
from xreview.ports.reviewer import Usage
from xreview.repo.disposable.shelf import FixShelf
from xreview.repo.disposable.taking import TreePatch
from xreview.repo.disposable.tree import DisposableTree
from xreview.repo.repository import Repository
from xreview.review.fixing.choosing import FixerChoice
from xreview.review.fixing.fixers import Fixer, FixTree
from xreview.review.fixing.judgement import Judgement
from xreview.review.fixing.order import FixOrder


class RecordFix(Protocol):
    """Writes what happens in a fix to the journal."""

    async def __call__(self, *payloads: FixPayload) -> None:
        """Write events. Raises JournalError."""
        ...


class FixCrew(Protocol):
    """Who takes part in a fix (`review.assembly.fixing`)."""

    async def choices(self, entries: Sequence[ExportEntry]) -> Sequence[FixerChoice]:
        """Return who can fix these findings, the default first. Raises UsageError."""
        ...

    async def fixer(self, name: str, entries: Sequence[ExportEntry], tree: DisposableTree) -> Fixer:
        """Make the fixer of that name; the default for "".

        Raises XReviewError if it can't be used, or if code may not go to it.
        """
        ...

    async def preview(self, name: str, order: FixOrder, files: FixTree) -> str:
        """What the fixer of that name (the default for "") would get, word by word.

        Needs no consent, since nothing is sent. Raises XReviewError.
        """
        ...

    def check(
        self, checks: Sequence[str], tree: DisposableTree
    ) -> AsyncGenerator[Doing | CheckRun, None]:
        """Run the user's commands in the tree, and put back what they changed."""
        ...

    def judge(
        self, order: FixOrder, reply: FixerReply, tree: DisposableTree, patch: TreePatch,
        before: Sequence[CheckRun],
    ) -> AsyncGenerator[Doing | Usage | Judgement, None]:  # fmt: skip
        """Judge what came of it; the judgement comes last."""
        ...

    async def skim(
        self, order: FixOrder, tree: DisposableTree, patch: TreePatch, why: str
    ) -> Judgement:
        """Judge the partial patch of a fix that was cut short, without running or asking
        anything."""
        ...

    async def close(self) -> None:
        """Close connections and end processes."""
        ...


@dataclass(frozen=True)
class FixPlace:
    """What fixes work with.

    Args:
        session: the id of the review session that the findings are from.
        entries: turns findings into what is known and decided about them.
        rejected: gives the findings that were rejected, which must not be fixed.
        is_hidden: whether a path is kept from fixers.
        checks: the user's commands. links: ignored paths that these need. most: US dollars.
        commit: the full id of the commit that must be checked out; "" for any.
    """

    repository: Repository
    session: str
    shelf: FixShelf
    entries: Callable[[Sequence[Finding]], tuple[ExportEntry, ...]]
    rejected: Callable[[], tuple[ExportEntry, ...]]
    record: RecordFix
    new_id: Callable[[], str]
    is_hidden: Callable[[str], bool]
    checks: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    most: float | None = None
    commit: str = ""
