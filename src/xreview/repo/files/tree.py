"""The repository as a reviewer may read it: the files of the change's new side, nothing else.

    tree = RepositoryTree(collected.source, collected.repository)
    tree.files(), tree.read("src/app.py"), tree.search("retry", "src"), tree.log("src/app.py")

Only what git tracks, or would track if it were added, can be read: what it ignores can't, nor what
lies behind a symbolic link, nor anything outside of the repository. Synchronous; call it in a
thread. Nothing the repository configures is run (`repo.environment`).
"""

import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from xreview.domain.change import ChangeKind, ChangeSource
from xreview.domain.errors import ChangeError
from xreview.domain.inside import CLASHING, clashing, why_outside
from xreview.repo.diff.file_header import LINK_MODE, SUBMODULE_MODE
from xreview.repo.files.worktree import read_worktree_file
from xreview.repo.repository import Repository

if TYPE_CHECKING:
    from xreview.repo.git import ObjectReader

FILE_BYTES = 2 * 1024 * 1024
SEARCH_SECONDS = 10.0
SEARCH_MEMORY = 512 * 1024 * 1024
"""Bytes; git needs a few, but a pattern of twenty characters can make it ask for gigabytes."""

MOST_REPEATS = 1000
"""What the bounds of a pattern's repetitions may come to, multiplied: `(x{9}){9}` has 81."""

_LONGEST_LINE = 1000
_MOST_READ = 8 * 1024 * 1024  # bytes of what git found, since most hits may not be read
_BOUNDS = re.compile(r"\{(\d*)(?:,(\d*))?\}")
_ON_DISK = (ChangeKind.WORKTREE, ChangeKind.BRANCH, ChangeKind.PATCH)
_FIELD = "%x1f"
_LOG_FORMAT = f"--format=%h{_FIELD}%as{_FIELD}%s"
_HIT = re.compile(rb"(?P<path>[^\0]*)\0(?P<line>\d+)\0(?P<text>.*)")


Entry = tuple[str, str, str]
"""A path, its mode ("" for what is not tracked) and its blob ("" for what is read from disk)."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One line that a search found; `line` is 1-based, all text is raw."""

    path: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One commit that touched a path: its abbreviated id, its day (ISO 8601), its subject."""

    id: str
    day: str
    subject: str


class RepositoryTree:
    """Reads the new side of a change: the worktree, the index or a commit.

    Args:
        source: the change. repository: where it is.
    """

    def __init__(self, source: ChangeSource, repository: Repository) -> None:
        self._repository = repository
        self._objects: ObjectReader | None = None
        self._lock = threading.Lock()
        self._is_on_disk = source.head is None and source.kind in _ON_DISK
        self._commit = None if source.kind is ChangeKind.STAGED else source.head

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The paths of all files that may be read, `/`-separated, in order.

        Links, submodules and what is `refused` are not in it. Raises ChangeError where git fails.
        """
        return tuple(sorted(self._listing))

    @cached_property
    def refused(self) -> Mapping[str, str]:
        """The paths that are no files of a repository, each with the reason (see `domain.inside`).

        `git fsck` reports such entries and a checkout leaves them out; only a tree that was made
        by hand has them. Raises ChangeError where git fails.
        """
        paths = [path for path, *_ in self._entries]
        refused = {path: why for path in paths if (why := why_outside(path))}
        if self._commit is None:
            # Names in an index or on a disk are unique, but a file of the one may be a folder in
            # the other.
            return refused
        inside = (path for path in paths if path not in refused)
        return refused | dict.fromkeys(sorted(clashing(inside)), CLASHING)

    @cached_property
    def _listing(self) -> dict[str, str]:
        """The blob of each path that may be read."""
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
        # `<mode> <id> <stage>` TAB path, several for what is unmerged
        rows = self._rows("ls-files", "-z", "--stage")
        staged = {path: (path, fields[0], fields[1]) for fields, path in rows}
        if not self._is_on_disk:
            return tuple(staged.values())
        others = self._run("ls-files", "-z", "--others", "--exclude-standard").split(b"\0")
        untracked = [_text(path) for path in others if path and not path.endswith(b"/")]
        return (*staged.values(), *((path, "", "") for path in untracked if path not in staged))

    def _rows(self, *arguments: str) -> Iterator[tuple[list[str], str]]:
        """The three fields and the path of each entry that git lists."""
        for entry in self._run(*arguments).split(b"\0"):
            fields, _, path = entry.partition(b"\t")
            if fields:
                yield fields.decode("ascii", "replace").split(" "), _text(path)

    def read(self, path: str) -> bytes | None:
        """The content of a file.

        None where the path may not be read, is not there, or has more than `FILE_BYTES`. Raises
        ChangeError where git or the disk fails.
        """
        if path not in self._listing:
            return None
        if self._is_on_disk:
            top = self._repository.top
            found = read_worktree_file(top, path, FILE_BYTES) if top else None
            return found[2] if found and found[0] != LINK_MODE else None
        return self._object(self._listing[path])

    def search(self, pattern: str, folder: str = "", most: int = 100) -> tuple[Hit, ...]:
        """Lines that match a POSIX extended regular expression, at most `most` of them.

        `folder` is a path below which (or the file in which) to look. Raises ChangeError where
        the pattern is malformed, takes too much memory or longer than `SEARCH_SECONDS`.
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
        process = self._repository.start(*arguments)
        # In a process of its own, since that can be ended: regular expressions as POSIX has them
        # can take exponential time, and memory for as long as there is some.
        process.bound(SEARCH_SECONDS, SEARCH_MEMORY)
        try:
            found = self._checked(_rows(process.chunks(fine=(0, 1))), most)
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
                "Use a simpler expression, or look in one folder.",
            )
        return found

    def _checked(self, rows: Iterable[bytes], most: int) -> tuple[Hit, ...]:
        """The hits in files that may be read and that hold the line where git says it is.

        git follows a link that was put in a folder's place; `read` does not.
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
        """The last commits that touched a file or folder, the newest first.

        Raises ChangeError where git fails; () before the first commit.
        """
        # `--follow` is left out: with it, git reads whole histories.
        command = ("log", f"--max-count={most}", "--no-show-signature", "--no-textconv")
        head = self._commit or "HEAD"
        completed = self._repository.start(*command, _LOG_FORMAT, head, "--", path).finish(
            SEARCH_SECONDS
        )
        if completed.code:
            if "unknown revision" in completed.complaint or "bad revision" in completed.complaint:
                return ()
            raise ChangeError(f"The log can't be read: {completed.complaint}", "Try another path.")
        rows = (_text(row).split("\x1f", 2) for row in completed.output.split(b"\n"))
        return tuple(LogEntry(*row) for row in rows if len(row) == 3)

    def close(self) -> None:
        """End the git process that reads objects."""
        with self._lock:
            if self._objects is not None:
                self._objects.close()

    def _object(self, id: str) -> bytes | None:
        with self._lock:
            if self._objects is None:
                from xreview.repo.git import ObjectReader

                self._objects = ObjectReader(self._repository)
            objects = self._objects
        return objects.read(id, "blob", FILE_BYTES)

    def _run(self, *arguments: str) -> bytes:
        return self._repository.start(*arguments).finish().checked()


def _check_repeats(pattern: str) -> None:
    """Refuse what is written out by the engine to a size that no bound of ours would stop."""
    size = 1
    for low, high in _BOUNDS.findall(pattern):
        size *= max(1, *(int(number[:9]) for number in (low, high) if number))
    if size > MOST_REPEATS:
        raise ChangeError(
            f"The search failed: the repetitions in the pattern come to {size:,}.",
            f"Keep them to {MOST_REPEATS:,} in all, or use * and +.",
        )


def _rows(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of what git found. Raises ChangeError past `_MOST_READ` bytes of them."""
    rest = b""
    read = 0
    for chunk in chunks:
        *rows, rest = (rest + chunk).split(b"\n")
        yield from rows
        # A line longer than that is in no file that is read (`FILE_BYTES`): its end is no hit.
        rest = rest[:FILE_BYTES]
        read += len(chunk)
        if read > _MOST_READ:
            raise ChangeError("too many lines match.")
    yield rest


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
