"""The repository as a reviewer may read it: the files of the change's new side, nothing else.

    tree = RepositoryTree(collected.source, collected.repository)
    tree.files(), tree.read("src/app.py"), tree.search("retry", "src"), tree.log("src/app.py")

Only what git tracks, or would track if it were added, can be read: what it ignores can't, nor what
lies behind a symbolic link, nor anything outside of the repository. Synchronous; call it in a
thread. Nothing the repository configures is run (`repo.environment`).
"""

import re
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from xreview.domain.change import ChangeKind, ChangeSource
from xreview.domain.errors import ChangeError
from xreview.repo.file_header import LINK_MODE, SUBMODULE_MODE
from xreview.repo.repository import Repository
from xreview.repo.worktree import read_worktree_file

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

        Links and submodules are not in it. Raises ChangeError where git fails.
        """
        return tuple(sorted(self._listing))

    @cached_property
    def _listing(self) -> dict[str, str]:
        """The blob of each path; "" for what is read from disk."""
        if self._is_on_disk:
            return self._listed_on_disk()
        command = (
            ("ls-tree", "-r", "-z", "--full-tree", self._commit)
            if self._commit is not None
            else ("ls-files", "-z", "--stage")
        )
        found: dict[str, str] = {}
        for entry in self._run(*command).split(b"\0"):
            # `<mode> blob <id>` TAB path from a tree, `<mode> <id> <stage>` TAB path from the index
            fields, _, path = entry.partition(b"\t")
            mode, *rest = fields.decode("ascii", "replace").split(" ")
            if path and mode not in (LINK_MODE, SUBMODULE_MODE):
                found[_text(path)] = rest[1] if self._commit is not None else rest[0]
        return found

    def _listed_on_disk(self) -> dict[str, str]:
        listed = self._run("ls-files", "-z", "--stage", "--cached").split(b"\0")
        tracked = {
            path
            for mode, _, path in (_staged(entry) for entry in listed)
            if mode not in (LINK_MODE, SUBMODULE_MODE)
        }
        others = self._run("ls-files", "-z", "--others", "--exclude-standard").split(b"\0")
        paths = tracked | {path for path in others if not path.endswith(b"/")}
        return {_text(path): "" for path in paths if path}

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
        completed = self._repository.start(*arguments).finish()
        if completed.code:
            raise ChangeError(
                f"The files of the repository can't be listed: {completed.complaint}",
                "Run `git fsck` if the repository may be damaged.",
            )
        return completed.output


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


def inside(path: str) -> str | None:
    """A path as a model writes it, made relative to the top; None where it leads out."""
    parts: list[str] = []
    for part in Path(path.strip().removeprefix("./")).parts:
        if part == ".." or part == "/" or part.lower() == ".git" or "\0" in part:
            return None
        parts.append(part)
    return "/".join(parts)


def _staged(entry: bytes) -> tuple[str, str, bytes]:
    fields, _, path = entry.partition(b"\t")
    mode, _, rest = fields.decode("ascii", "replace").partition(" ")
    return mode, rest, path


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
