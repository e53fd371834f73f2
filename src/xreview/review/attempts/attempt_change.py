"""An attempt as a change to review: its disposable tree against the files that all started from."""

from collections.abc import Mapping

from xreview.domain.change import ChangeKind, ChangeSource
from xreview.domain.record import dataclass, field, replace
from xreview.domain.report import ReviewerIdentity
from xreview.repo.change.attempt_files import AttemptFiles
from xreview.repo.change.collecting import CollectedChange, compare_states
from xreview.repo.change.comparison import Comparison
from xreview.repo.disposable.tree import DisposableTree
from xreview.repo.repository import Repository


@dataclass(frozen=True)
class WrittenAttempt:
    """What is known of an attempt before it is read.

    Args:
        title: one line for the session, raw.
        after: the git tree that its writer made.
        writer: None if unknown, or if several wrote it.
        writers: who wrote which file, by path, if not all of it is the writer's.
    """

    label: str
    title: str
    task: str
    tree: DisposableTree
    after: str
    writer: ReviewerIdentity | None
    writers: Mapping[str, ReviewerIdentity] = field(default_factory=dict[str, ReviewerIdentity])


def attempt_change(repository: Repository, written: WrittenAttempt) -> CollectedChange:
    """Start reading an attempt. The user's repository gives the change its name and its history;
    everything else is read from the tree's own.

    Blocks. Raises ChangeError.
    """
    tree = written.tree
    source = ChangeSource(
        ChangeKind.ATTEMPT,
        written.title,
        str(repository.folder),
        tree.base,
        written.after,
        folder=str(tree.top),
    )
    own = tree.readable()
    collected = compare_states(own, Comparison(source, tree.base, written.after))
    files = AttemptFiles(
        written.label, written.task, own, tree.head, written.writer, written.writers
    )
    return replace(collected, repository=repository, attempt=files)
