"""Where the files of an attempt are, and who wrote them."""

from collections.abc import Mapping

from xreview.domain.record import dataclass, field
from xreview.domain.report import ReviewerIdentity
from xreview.repo.repository import Repository


@dataclass(frozen=True)
class AttemptFiles:
    """The files of an attempt, which aren't in the user's repository.

    Args:
        label: the attempt's, or a few words for a graft.
        task: what its writer was asked to do, in the user's words.
        repository: that of its disposable tree, with the git trees that the source names.
        commit: that of the user's HEAD when the tree was made, whose history the files have; ""
            before the first commit.
        writer: who wrote what isn't in `writers`; None if that is unknown.
        writers: who wrote which file, by path.
    """

    label: str
    task: str
    repository: Repository = field(repr=False)
    commit: str = ""
    writer: ReviewerIdentity | None = None
    writers: Mapping[str, ReviewerIdentity] = field(default_factory=dict[str, ReviewerIdentity])

    def writer_of(self, path: str) -> ReviewerIdentity | None:
        """Who wrote a file; None if that is unknown."""
        return self.writers.get(path, self.writer)
