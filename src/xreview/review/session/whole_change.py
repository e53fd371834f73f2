"""A change that has been read to its end, and the repository around it."""

from collections.abc import Generator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from xreview.domain.change import Change, ChangeSource, FileDiff, Unshown
from xreview.domain.record import dataclass
from xreview.repo.change.collecting import CollectedChange
from xreview.repo.change.request import ChangeRequest
from xreview.repo.files.contents import GitContents, contents_of
from xreview.repo.files.tree import RepositoryTree
from xreview.repo.repository import Repository
from xreview.review.session.surroundings import NO_REPOSITORY


@dataclass(frozen=True)
class WholeChange:
    """All files of a change, seen from the user's current folder."""

    collected: CollectedChange
    files: tuple[FileDiff, ...]
    folder: Path

    @property
    def change(self) -> Change:
        """What the reviewers get, before anything is ignored."""
        return Change(self.source, self.files)

    @property
    def source(self) -> ChangeSource:
        """What the change is."""
        return self.collected.source

    @property
    def repository(self) -> Repository | None:
        """Where it is; None for a patch outside of any."""
        return self.collected.repository

    @property
    def repository_name(self) -> str:
        """The name of the repository in events; without a clone, the address of the project."""
        if self.repository is not None:
            return self.repository.identity
        pull = self.collected.pull
        if pull is not None:
            return f"{pull.address.forge.origin}/{pull.base.project or pull.address.project}"
        return NO_REPOSITORY

    @property
    def actor(self) -> str:
        """Who decides, as git knows the user."""
        return self.repository.actor if self.repository else "unknown"

    @property
    def checkout(self) -> Path:
        """The folder whose programs must not be run."""
        return self.repository.folder if self.repository else self.folder

    @cached_property
    def size(self) -> int:
        """Bytes of its diff."""
        return sum(len(file.body) for file in self.files)

    @contextmanager
    def contents(self) -> Generator[GitContents, None, None]:
        """Read whole files of either side while the context is open."""
        reader = contents_of(self.collected)
        try:
            yield reader
        finally:
            reader.close()

    def tree(self) -> RepositoryTree | None:
        """The repository's files after the change; None outside of any. Close it."""
        if self.repository is None:
            return None
        if (attempt := self.collected.attempt) is not None:
            logged = (self.repository, attempt.commit)
            return RepositoryTree(self.source, attempt.repository, logged)
        return RepositoryTree(self.source, self.repository)

    @property
    def commit_before(self) -> str | None:
        """The commit that it starts from; None for none, or if that is unknown."""
        attempt = self.collected.attempt
        return self.source.base if attempt is None else attempt.commit or None

    def messages(self) -> tuple[str, ...]:
        """Its commits' messages, the oldest first. Blocks. Raises ChangeError if git fails."""
        if self.repository is None:
            return ()
        from xreview.repo.change.history import commits_of

        commits = commits_of(self.repository, self.source)
        return tuple(commit.message for commit in reversed(commits))

    def unshown(self) -> tuple[Unshown, ...]:
        """What belongs to it and is in no diff. Blocks. Raises ChangeError if git fails."""
        return self.collected.count(self.files)


def read_to_end(collected: CollectedChange, request: ChangeRequest) -> WholeChange:
    """Read the rest of a change. Blocks; closing `collected` ends it. Raises ChangeError."""
    files = [file for batch in collected.batches for file in batch]
    return WholeChange(collected, tuple(files), request.cwd)
