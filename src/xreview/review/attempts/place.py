"""What attempts work with: the user's checkout, the shelf with the trees, who takes part."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from typing import Protocol

from xreview.domain.attempt.seat import Seat
from xreview.domain.events.event import AttemptPayload
from xreview.domain.finding import Finding
from xreview.domain.fixing.check_run import CheckRun
from xreview.domain.record import dataclass
from xreview.domain.report import ReviewerIdentity
from xreview.domain.stakes.tier import Tier
from xreview.ports.model import Doing
from xreview.repo.disposable.shelf import FixShelf
from xreview.repo.disposable.taking import TreePatch
from xreview.repo.disposable.tree import DisposableTree
from xreview.repo.repository import Repository
from xreview.review.attempts.seating import WriterChoice
from xreview.review.attempts.snapshot import TrialSnapshot
from xreview.review.attempts.wish import TrialWish
from xreview.review.attempts.writers import StatementReader, TaskOrder, Writer
from xreview.review.fixing.fixers import FixTree


class RecordTrial(Protocol):
    """Writes what happens with attempts to the journal."""

    async def __call__(self, trial: str, *payloads: AttemptPayload) -> None:
        """Write events under the session that has the trial's id. Raises JournalError."""
        ...


class RecallTrial(Protocol):
    """Reads what the journal says of a trial."""

    async def __call__(self, trial: str) -> Sequence[AttemptPayload]:
        """Return its events, the oldest first; () if there are none. Raises JournalError."""
        ...


async def recall_nothing(trial: str) -> Sequence[AttemptPayload]:
    """Recall nothing, where there is no journal."""
    del trial
    return ()


@dataclass(frozen=True)
class ReviewOrder:
    """An attempt to be reviewed.

    Args:
        title: one line for the session, raw: "attempt B of: Limit the retries".
        task: what the writer was asked to do; reviewers get it as the brief.
        tree, patch: the attempt's files; they are those of `patch.tree` while it is reviewed.
        author: who wrote it; None for a graft, whose authors are in `authors`.
        authors: who wrote which files, by path, if not all of it is the author's.
        reviewer: the name of the reviewer to ask; "" lets the pipeline choose.
        tier: the reviewer's; None lets the pipeline choose.
        most: US dollars.
    """

    trial: str
    label: str
    title: str
    task: str
    tree: DisposableTree
    patch: TreePatch
    author: ReviewerIdentity | None
    authors: Mapping[str, ReviewerIdentity]
    reviewer: str
    tier: Tier | None
    most: float


@dataclass(frozen=True)
class AttemptReview:
    """The state of the review of an attempt.

    Args:
        session: its id in the journal.
        reviewers: the models that read or read already; () for the analysers alone.
        doing: what they do now; "" for nothing.
        cost: US dollars so far; None if unknown.
        unread: what no reviewer read, or who failed to, a sentence each; only complete once over.
    """

    session: str
    findings: tuple[Finding, ...] = ()
    reviewers: tuple[ReviewerIdentity, ...] = ()
    doing: str = ""
    cost: float | None = 0.0
    unread: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    is_over: bool = False


class TrialCrew(Protocol):
    """Who takes part in a trial (`review.assembly.attempts`)."""

    async def choices(self, wish: TrialWish) -> Sequence[WriterChoice]:
        """Return who can write, those that do by default first. Raises UsageError."""
        ...

    async def seats(self, wish: TrialWish) -> tuple[tuple[Seat, ...], str, str]:
        """Return who writes and reviews which attempt, what the task touches most, and why these
        tiers. Raises UsageError."""
        ...

    async def writer(
        self, seat: Seat, tree: DisposableTree, checks: Sequence[str], most: float
    ) -> Writer:
        """Make a seat's writer. Raises XReviewError if it can't be used, or may get no code."""
        ...

    async def preview(self, seat: Seat, order: TaskOrder, files: FixTree) -> str:
        """What the writer would get, word by word. Nothing is sent. Raises XReviewError."""
        ...

    async def reader(self, seat: Seat, tree: DisposableTree, most: float) -> StatementReader | None:
        """Make what describes an attempt whose writer doesn't; None if there is no model for it."""
        ...

    def check(
        self, checks: Sequence[str], tree: DisposableTree, state: str
    ) -> AsyncGenerator[Doing | CheckRun, None]:
        """Run the user's commands in the tree, with its files as in the git tree `state`, before
        and after; those of one tree at a time, because they often share a port or a database."""
        ...

    def review(self, order: ReviewOrder) -> AsyncGenerator[AttemptReview, None]:
        """Review an attempt; the last state says that it is over. Closing it stops the review.
        Raises XReviewError where it can't begin."""
        ...

    async def close(self) -> None:
        """Close connections and end processes."""
        ...


@dataclass(frozen=True)
class TrialPlace:
    """What attempts work with.

    Args:
        conventions: the repository's and the user's.
        is_hidden: whether a path is kept from writers.
        checks: the user's commands. links: ignored paths that these need.
        most: US dollars for one trial. at_once: how many write at the same time.
        seconds: how long a writer can take, its own time limit included.
        recall: reads the journal, for trials of earlier runs.
    """

    repository: Repository
    shelf: FixShelf
    record: RecordTrial
    new_id: Callable[[], str]
    now: Callable[[], str]
    is_hidden: Callable[[str], bool]
    conventions: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    most: float = 5.0
    at_once: int = 3
    seconds: float = 1800.0
    recall: RecallTrial = recall_nothing


@dataclass(frozen=True)
class OpenedTrial:
    """A trial with its files.

    Args:
        base: a tree with the files that all started from.
        trees: each attempt's. patches: what each changed, where it changed anything.
    """

    snapshot: TrialSnapshot
    base: DisposableTree
    trees: Mapping[str, DisposableTree]
    patches: Mapping[str, TreePatch]
