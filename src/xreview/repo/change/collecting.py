"""Reading the change under review: from a request to file diffs, in batches.

Synchronous; call it in a thread. A request without options means the worktree against HEAD; if
everything is committed, the branch since it left the default branch; else the last commit.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, suppress
from itertools import chain, takewhile
from typing import TYPE_CHECKING, Protocol

from xreview.domain.change import ChangeKind, ChangeSource, FileDiff, FileStatus, Side, Unshown
from xreview.domain.errors import ChangeError
from xreview.domain.record import dataclass, field, replace
from xreview.repo.change import sources
from xreview.repo.change.comparison import PATCH, Comparison
from xreview.repo.change.declared_binary import show_declared_binary
from xreview.repo.change.request import STANDARD_INPUT, ChangeRequest
from xreview.repo.change.untracked import LIST_ARGUMENTS, untracked_files
from xreview.repo.diff.git_diff import split_git_diff
from xreview.repo.hardened.process import GitProcess
from xreview.repo.hardened.processes import EndedWork
from xreview.repo.repository import Repository, find_repository

if TYPE_CHECKING:  # the first frame shows neither
    from xreview.domain.pull.pull import Pull
    from xreview.repo.change.attempt_files import AttemptFiles

_TROUBLE = re.compile(r"could not|unable to|cannot|can't|denied|^error:")
Batches = Iterator[tuple[FileDiff, ...]]
_UNMERGED_ARGUMENTS = ("ls-files", "-z", "--unmerged")
_UNMERGED_NOTICE = "Unmerged: shown with its conflict markers."
_UNMERGED_STAGED_NOTICE = (
    "Unmerged: nothing is staged for this file until the conflict is resolved."
)


class DistantFiles(Protocol):
    """The files of a change that isn't on this machine. Thread-safe."""

    def read(self, side: Side, path: str, limit: int) -> bytes | None:
        """Return a file's content; None if it doesn't exist or has more than `limit` bytes.

        Blocks. Raises ChangeError.
        """
        ...

    def close(self) -> None:
        """Close the connections. Another read opens them again."""
        ...


@dataclass
class CollectedChange:
    """A change that is being read.

    Args:
        source: its description, known from the start.
        batches: file diffs in git's order, untracked files last, each file once. Raises
            ChangeError where git fails. Not to be shared between threads.
        repository: None for a patch outside of a repository.
        comparison: the states that git compares; None for a patch.
        unread: what no batch so far has a diff of.
        pull: the pull request, if it is one.
        distant: where its files are, if they aren't on this machine.
        attempt: where its files are, if it is an attempt.
        readings: what `close` ends.
    """

    source: ChangeSource
    batches: Batches
    repository: Repository | None
    comparison: Comparison | None = None
    unread: list[Unshown] = field(default_factory=list[Unshown])
    pull: "Pull | None" = None
    distant: DistantFiles | None = field(default=None, repr=False)
    attempt: "AttemptFiles | None" = None
    readings: list[EndedWork] = field(default_factory=list[EndedWork], repr=False)

    def first_files(self) -> tuple[FileDiff, ...]:
        """The first files as `batches` will give them, if they are known before: maybe none.

        With many files, git takes most of its time before the first one to find renames. What
        isn't added or deleted can't be one.
        """
        if self.files_in is None or self.comparison is None or self.comparison.new is None:
            return ()
        with suppress(ChangeError):  # `batches` tells
            glance = self.files_in.start(*self.comparison.arguments_for(*PATCH, renames=False))
            self.readings.append(glance)
            with closing(glance):
                files = next(split_git_diff(glance.chunks()), ())
                return tuple(takewhile(_is_plain, files))
        return ()

    @property
    def files_in(self) -> Repository | None:
        """The repository that has both states of its files; an attempt's aren't in the user's."""
        return self.attempt.repository if self.attempt else self.repository

    def count(self, files: Iterable[FileDiff]) -> tuple[Unshown, ...]:
        """What belongs to the change but is in none of these diffs, which are all of its files.

        Git counts the change a second time (`change.counting`). Raises ChangeError where it fails.
        """
        from xreview.repo.change.counting import FORMATS, find_missing, parse_counts

        files = list(files)
        known = self.unread.copy()
        known += (Unshown(f.path, f.unread, f.unread_lines) for f in files if f.unread)
        if self.files_in is None or self.comparison is None:
            return tuple(known)
        process = self.files_in.start(*self.comparison.arguments_for(*FORMATS))
        process.give_way()
        self.readings.append(process)
        counted = parse_counts(b"".join(process.chunks()))
        return (*known, *find_missing(files, counted, known))

    def close(self) -> None:
        """Stop reading; `batches` then ends too. May be called from any thread."""
        for process in self.readings:
            process.close()


def collect(request: ChangeRequest) -> CollectedChange:
    """Start reading the change that a request names. Returns once it's known what the change is.

    A change may have no files; its source then says what was compared. Raises ChangeError or
    UsageError if the request can't be carried out here.
    """
    if request.patch is not None:
        return _from_patch(request, request.patch)
    if (selected := sources.select_states(request)) is not None:
        return compare_states(*selected)
    repository, head, branches = sources.find_head(request)
    with ExitStack() as started:
        uncommitted = None
        if repository.top is not None:
            uncommitted = compare_states(repository, sources.compare_worktree(repository, head))
            started.callback(uncommitted.close)
        # Most changes are committed: git looks for both at the same time.
        committed = head and sources.LastCommitted(repository, head, branches)
        if committed:
            started.callback(committed.close)
        first = next(uncommitted.batches, None) if uncommitted else None
        if uncommitted and (first is not None or committed is None):
            started.pop_all()
            if committed:
                committed.close()
            batches = chain((first,), uncommitted.batches) if first else uncommitted.batches
            return replace(uncommitted, batches=batches)
        if committed:
            return compare_states(repository, committed.compare())
    raise ChangeError(
        "The HEAD of this bare repository has no commit.",
        "Name what to review with --commit or --range.",
    )


def compare_states(repository: Repository, comparison: Comparison) -> CollectedChange:
    """Start everything that reads a comparison at once. Raises ChangeError."""
    processes: list[EndedWork] = []

    def start(*arguments: str) -> GitProcess:
        process = repository.start(*arguments)
        processes.append(process)
        return process

    unread: list[Unshown] = []
    comparing = start(*comparison.arguments)
    batches = _with_complaints(comparing, split_git_diff(comparing.chunks()), "compare", unread)
    batches = show_declared_binary(batches, repository, comparison)
    if comparison.new is None:
        batches = _with_unmerged(batches, start(*_UNMERGED_ARGUMENTS), comparison.cached)
    if comparison.is_with_untracked and repository.top is not None:
        listing = start(*LIST_ARGUMENTS)
        untracked = untracked_files(repository.top, listing.chunks(), unread)
        batches = chain(batches, _with_complaints(listing, untracked, "list", unread))
    return CollectedChange(
        comparison.source, batches, repository, comparison, unread, readings=processes
    )


def _is_plain(file: FileDiff) -> bool:
    return file.status is FileStatus.MODIFIED and not file.binary


def _with_complaints(
    process: GitProcess, batches: Batches, verb: str, unread: list[Unshown]
) -> Batches:
    """The batches; then notes what git skipped because it couldn't enter or open it."""
    yield from batches
    why = f"git couldn't {verb} all files"
    unread += (Unshown("", f"{why}: {row}") for row in process.complaints if _TROUBLE.search(row))


def _with_unmerged(batches: Batches, listing: GitProcess, staged: bool) -> Batches:
    """Mark files with several versions in the index, and add those that git didn't print."""
    # `<mode> <id> <stage>` TAB `<path>` NUL, repeated
    entries = listing.finish().output.decode("utf-8", "surrogateescape").split("\0")
    left = {entry.partition("\t")[2]: True for entry in entries if entry}
    for batch in batches:
        if left:
            batch = tuple(
                replace(file, status=FileStatus.UNMERGED, notice=_UNMERGED_NOTICE)
                if left.pop(file.path, False)
                else file
                for file in batch
            )
        yield batch
    if left:
        notice = _UNMERGED_STAGED_NOTICE if staged else _UNMERGED_NOTICE
        yield tuple(FileDiff(path, FileStatus.UNMERGED, notice=notice) for path in left)


def _from_patch(request: ChangeRequest, name: str) -> CollectedChange:
    from xreview.repo.patch.input import exists_in, files_of, open_patch

    patch = open_patch(request, name)
    try:
        repository = find_repository(request.cwd)
    except ChangeError:
        repository = None  # a patch can be read anywhere
    title = "patch from standard input" if name == STANDARD_INPUT else f"patch {name}"
    source = ChangeSource(ChangeKind.PATCH, title, str(repository.folder) if repository else "")
    exists = exists_in(repository.top if repository else None)
    return CollectedChange(source, files_of(patch, exists), repository, readings=[patch])
