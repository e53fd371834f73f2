"""The repository as reviewers can read it: only the files of the change's new side.

Only tracked files, and untracked files that aren't ignored, can be read: nothing behind a symbolic
link and nothing outside the repository. Synchronous; call it in a thread.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, islice

from xreview.domain.change import ChangeKind, ChangeSource
from xreview.domain.errors import ChangeError
from xreview.domain.inside import CLASHING, clashing, why_outside
from xreview.domain.record import dataclass
from xreview.repo.diff.file_header import LINK_MODE, SUBMODULE_MODE
from xreview.repo.files.worktree import read_worktree_file
from xreview.repo.hardened.process import ONE_LARGE_GIT
from xreview.repo.repository import Repository

FILE_BYTES = 2 * 1024 * 1024
SEARCH_SECONDS = 10.0
SEARCH_MEMORY = 512 * 1024 * 1024
"""Bytes. git needs little, but a pattern of twenty characters can make it use gigabytes."""

MOST_REPEATS = 1000
"""The highest product of a pattern's repetition bounds: `(x{9}){9}` has 81."""

_LONGEST_LINE = 1000
_MOST_READ = 8 * 1024 * 1024  # bytes of hits, of which most may be unreadable files
_BOUNDS = re.compile(r"\{(\d*)(?:,(\d*))?\}")
_ON_DISK = (ChangeKind.WORKTREE, ChangeKind.BRANCH, ChangeKind.PATCH)
_FIELD = "%x1f"
_LOG_FORMAT = f"--format=%h{_FIELD}%as{_FIELD}%s"
_HIT = re.compile(rb"(?P<path>[^\0]*)\0(?P<line>\d+)\0(?P<text>.*)")


Entry = tuple[str, str, str]
"""A path, its mode ("" if untracked) and its blob ("" if it's read from disk)."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A line that a search found; `line` is 1-based, all text is raw."""

    path: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A commit that touched a path: its abbreviated id, day (ISO 8601) and subject."""

    id: str
    day: str
    subject: str


class RepositoryTree:
    """Reads the new side of a change: the worktree, the index, a commit or a tree.

    `logged` is the repository and the commit ("" for none) whose history `log` tells, where that
    isn't the new side's own.
    """

    def __init__(
        self,
        source: ChangeSource,
        repository: Repository,
        logged: tuple[Repository, str] | None = None,
    ) -> None:
        self._repository = repository
        self._objects = repository.objects
        self._is_on_disk = source.head is None and source.kind in _ON_DISK
        self._commit = None if source.kind is ChangeKind.STAGED else source.head
        self._logged = logged or (repository, self._commit or "HEAD")

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The sorted paths of all readable files, `/`-separated.

        Without links, submodules and `refused` paths. Raises ChangeError where git fails.
        """
        return tuple(sorted(self._listing))

    @cached_property
    def refused(self) -> Mapping[str, str]:
        """Paths that a repository can't contain, each with the reason (see `domain.inside`).

        Only a crafted tree has them. Raises ChangeError where git fails.
        """
        paths = [path for path, *_ in self._entries]
        refused = {path: why for path in paths if (why := why_outside(path))}
        if self._commit is None:
            # Names in the index are unique, but a file there may be a folder on disk.
            return refused
        inside = (path for path in paths if path not in refused)
        return refused | dict.fromkeys(sorted(clashing(inside)), CLASHING)

    @cached_property
    def _listing(self) -> dict[str, str]:
        """The blob of each readable path."""
        return {
            path: blob
            for path, mode, blob in self._entries
            if mode not in (LINK_MODE, SUBMODULE_MODE) and path not in self.refused
        }

    @cached_property
    def _entries(self) -> tuple[Entry, ...]:
        if self._commit is not None:
            # `<mode> blob <id>` TAB path
            rows = self._rows("ls-tree", "-r", "-z", "--full-tree", self._commit)
            return tuple((path, fields[0], fields[2]) for fields, path in rows)
        # `<mode> <id> <stage>` TAB path, several for an unmerged path
        rows = self._rows("ls-files", "-z", "--stage")
        staged = {path: (path, fields[0], fields[1]) for fields, path in rows}
        if not self._is_on_disk:
            return tuple(staged.values())
        others = self._run("ls-files", "-z", "--others", "--exclude-standard").split(b"\0")
        untracked = [_text(path) for path in others if path and not path.endswith(b"/")]
        return (*staged.values(), *((path, "", "") for path in untracked if path not in staged))

    def _rows(self, *arguments: str) -> Iterator[tuple[list[str], str]]:
        """The three fields and the path of each listed entry."""
        for entry in self._run(*arguments).split(b"\0"):
            fields, _, path = entry.partition(b"\t")
            if fields:
                yield fields.decode("ascii", "replace").split(" "), _text(path)

    def read(self, path: str) -> bytes | None:
        """Return a file's content; None if it isn't readable, or has more than `FILE_BYTES`.

        Raises ChangeError where git or the disk fails.
        """
        if path not in self._listing:
            return None
        if self._is_on_disk:
            top = self._repository.top
            found = read_worktree_file(top, path, FILE_BYTES) if top else None
            return found[2] if found and found[0] != LINK_MODE else None
        return self._objects.read(self._listing[path], "blob", FILE_BYTES)

    def search(self, pattern: str, folder: str = "", most: int = 100) -> tuple[Hit, ...]:
        """Find at most `most` lines that match a POSIX extended regular expression.

        `folder` is a folder or a file. Raises ChangeError if the pattern is malformed, or needs too
        much memory or more than `SEARCH_SECONDS`.
        """
        _check_repeats(pattern)
        arguments = ["grep", "-I", "-n", "--null", "--no-color", "--full-name"]
        arguments += ["--no-textconv", "--no-recurse-submodules", "-E", "-e", pattern]
        if self._is_on_disk:
            arguments.append("--untracked")
        elif self._commit is None:
            arguments.append("--cached")
        else:
            arguments.append(self._commit)
        arguments += ["--", *([folder] if folder else [])]
        # git takes up to 50 MB for a search, and as much to have read a large change.
        self._objects.close()
        with ONE_LARGE_GIT:
            return self._found(arguments, most)

    def _found(self, arguments: Sequence[str], most: int) -> tuple[Hit, ...]:
        process = self._repository.start(*arguments)
        # POSIX regular expressions can take exponential time and unlimited memory.
        process.bound(SEARCH_SECONDS, SEARCH_MEMORY)
        try:
            rows = _rows(process.chunks(fine=(0, 1)))
            # Mostly git has ended then: it need not be there beside the one that reads the files.
            first = tuple(islice(rows, most + 1))
            found = self._checked(chain(first, rows), most)
        except ChangeError as error:
            raise ChangeError(
                f"The search failed: {error.message}",
                "Use a POSIX extended regular expression that few lines match.",
            ) from error
        finally:
            process.close()
        if process.is_late and len(found) < most:
            raise ChangeError(
                f"The search took longer than {SEARCH_SECONDS:g} seconds.",
                "Use a simpler expression, or search one folder.",
            )
        return found

    def _checked(self, rows: Iterable[bytes], most: int) -> tuple[Hit, ...]:
        """The hits in readable files that contain the line where git found it.

        git follows a link that replaced a folder; `read` doesn't.
        """
        hits: list[Hit] = []
        lines: dict[str, list[bytes]] = {}
        prefix = f"{self._commit}:".encode() if self._commit is not None else b""
        for row in rows:
            match = _HIT.fullmatch(row)
            if match is None:
                continue
            path = _text(match["path"].removeprefix(prefix))
            if path not in lines:
                lines = {path: (self.read(path) or b"").split(b"\n")}
            number = int(match["line"])
            text = match["text"]
            if number <= len(lines[path]) and lines[path][number - 1] == text:
                hits.append(Hit(path, number, _text(text)[:_LONGEST_LINE]))
                if len(hits) == most:
                    break
        return tuple(hits)

    def log(self, path: str, most: int = 20) -> tuple[LogEntry, ...]:
        """Return the last commits that touched a file or folder, the newest first.

        () before the first commit. Raises ChangeError where git fails.
        """
        # Without `--follow`, with which git reads whole histories.
        command = ("log", f"--max-count={most}", "--no-show-signature", "--no-textconv")
        repository, head = self._logged
        if not head:
            return ()
        log = repository.start(*command, _LOG_FORMAT, head, "--", path)
        completed = log.finish(SEARCH_SECONDS)
        if completed.code:
            if "unknown revision" in completed.complaint or "bad revision" in completed.complaint:
                return ()
            raise ChangeError(f"The log can't be read: {completed.complaint}", "Try another path.")
        rows = (_text(row).split("\x1f", 2) for row in completed.output.split(b"\n"))
        return tuple(LogEntry(*row) for row in rows if len(row) == 3)

    def close(self) -> None:
        """End the git process that reads objects."""
        self._objects.close()

    def _run(self, *arguments: str) -> bytes:
        return self._repository.start(*arguments).finish().checked()


def _check_repeats(pattern: str) -> None:
    """Refuse repetitions that the engine expands to a size none of our bounds would stop."""
    size = 1
    for low, high in _BOUNDS.findall(pattern):
        size *= max(1, *(int(number[:9]) for number in (low, high) if number))
    if size > MOST_REPEATS:
        raise ChangeError(
            f"The search failed: the pattern repeats {size:,} times.",
            f"Keep repetitions to {MOST_REPEATS:,} in total, or use * and +.",
        )


def _rows(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of git's output. Raises ChangeError after `_MOST_READ` bytes."""
    rest = b""
    read = 0
    for chunk in chunks:
        *rows, rest = (rest + chunk).split(b"\n")
        yield from rows
        # A longer line isn't in any readable file (`FILE_BYTES`).
        rest = rest[:FILE_BYTES]
        read += len(chunk)
        if read > _MOST_READ:
            raise ChangeError("too many lines match.")
    yield rest


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
