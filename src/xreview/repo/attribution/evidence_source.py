"""What a file in `evidence` provides, and the change it searches."""

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from xreview.domain.authorship.author import Evidence, EvidenceKind
from xreview.domain.change import ChangeSource
from xreview.domain.errors import ChangeError
from xreview.domain.record import dataclass
from xreview.domain.text import count_of
from xreview.repo.attribution.base import Deadline
from xreview.repo.attribution.lineage import Lineage
from xreview.repo.attribution.objects import Objects, read_objects, references_matching
from xreview.repo.change.history import CommitDetails, parse_commit
from xreview.repo.diff.file_header import LINK_MODE
from xreview.repo.files.worktree import read_worktree_file
from xreview.repo.repository import Repository

Found = tuple[Sequence[Evidence], Sequence[str]]
"""Evidence, and notices about what wasn't read."""

_COMMIT_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True)
class TracedChange:
    """The change whose author is wanted, and what git says about it until the deadline."""

    repository: Repository
    source: ChangeSource
    lineage: Lineage
    deadline: Deadline

    def read(self, names: Sequence[str], limit: int) -> Objects:
        """As `read_objects`. Raises ChangeError."""
        return read_objects(self.repository, names, limit, self.deadline)

    def references(self, *patterns: str) -> dict[str, str]:
        """The object ids of references by full name. Raises ChangeError."""
        return references_matching(self.repository, patterns, self.deadline)

    @cached_property
    def commits(self) -> tuple[CommitDetails, ...]:
        """The commits that aren't too large, the newest first. Raises ChangeError."""
        contents = self._commit_objects.contents
        return tuple(parse_commit(id, contents[id]) for id in self.lineage.ids if id in contents)

    @property
    def large_commits(self) -> tuple[str, ...]:
        """The ids of the other commits. Raises ChangeError."""
        return self._commit_objects.too_large

    @cached_property
    def _commit_objects(self) -> Objects:
        return self.read(self.lineage.ids, _COMMIT_BYTES)


@dataclass(frozen=True, slots=True)
class EvidenceSource:
    """One kind of evidence in a repository.

    Args:
        kind: decides the order of the search, the most trusted kind first.
        find: raises ChangeError where git or the disk fails; malformed evidence is skipped.
    """

    kind: EvidenceKind
    label: str
    find: Callable[[TracedChange], Found]


@cache
def evidence_sources() -> tuple[EvidenceSource, ...]:
    """Every source: each module in `evidence` has one as `SOURCE`."""
    package = import_module("xreview.repo.attribution.evidence")
    names = sorted(module.name for module in iter_modules(package.__path__))
    found: list[EvidenceSource] = [
        import_module(f"{package.__name__}.{name}").SOURCE for name in names
    ]
    return tuple(sorted(found, key=lambda source: list(EvidenceKind).index(source.kind)))


def read_below(folder: Path, path: str, limit: int) -> bytes:
    """Read a file below a folder; b"" for none, a link, or one of more than `limit` bytes.

    Raises ChangeError where it can't be read.
    """
    found = read_worktree_file(folder, path, limit)
    return b"" if found is None or found[0] == LINK_MODE else found[2] or b""


def newest_files(folder: Path, ending: str, most: int) -> Iterator[str]:
    """The names of regular files in a folder, the newest first; none if it isn't a folder.

    Raises ChangeError where it can't be read.
    """
    try:
        if not stat.S_ISDIR(folder.lstat().st_mode):
            return
        with os.scandir(folder) as entries:
            found = [
                (entry.stat(follow_symlinks=False).st_mtime, entry.name)
                for entry in entries
                if entry.name.endswith(ending) and entry.is_file(follow_symlinks=False)
            ]
    except FileNotFoundError:
        return  # also for a file that was just deleted
    except OSError as error:
        raise ChangeError(
            f"{folder} can't be read: {error.strerror}.", "Check its permissions."
        ) from error
    for _, name in sorted(found, reverse=True)[:most]:
        yield name


def skipped_notice(names: Sequence[str], noun: str, why: str) -> list[str]:
    """A notice about objects that weren't searched for authors; [] if there are none."""
    if not names:
        return []
    return [f"Author search: {count_of(len(names), noun)} {why}, {names[0][:12]} first."]
