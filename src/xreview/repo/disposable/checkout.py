"""Proof that a checkout didn't change: what git knows of it, before and after."""

import hashlib
import os

from xreview.domain.change import BIG_FILE_BYTES
from xreview.domain.errors import ChangeError
from xreview.domain.record import dataclass
from xreview.repo.disposable.below import look
from xreview.repo.files.worktree import read_worktree_file
from xreview.repo.repository import Repository

_STATUS = (
    *("status", "--porcelain=v2", "-z", "--untracked-files=all", "--no-renames"),
    "--ignore-submodules=dirty",
)
_MOST_READ = 256 * 1024 * 1024
_INDEX_BYTES = 1024 * 1024 * 1024
_FIELDS = {b"1": 8, b"u": 10, b"?": 1}


@dataclass(frozen=True, slots=True)
class CheckoutState:
    """A checkout at a moment; equal states mean that nothing of it changed in between.

    Args:
        head: what HEAD says, and the commit. references, index: SHA-256 of all of it.
        status: SHA-256 of git's status, and of the content of every file that it names.
    """

    head: str
    references: str
    index: str
    status: str

    def is_at(self, commit: str) -> bool:
        """Whether HEAD is a commit, given by its full id."""
        return self.head.rstrip().endswith(commit)

    def differences(self, later: "CheckoutState") -> tuple[str, ...]:
        """What changed: "HEAD", "references", "index", "files"."""
        pairs = (
            ("HEAD", self.head, later.head),
            ("references", self.references, later.references),
            ("index", self.index, later.index),
            ("files", self.status, later.status),
        )
        return tuple(name for name, before, after in pairs if before != after)


def checkout_state(repository: Repository) -> CheckoutState:
    """The state of the user's checkout. Raises ChangeError where git fails."""
    naming = repository.start("rev-parse", "--verify", "--quiet", "HEAD")
    listing = repository.start("for-each-ref", "--format=%(objectname) %(symref) %(refname)")
    looking = repository.start(*_STATUS)
    head = read_worktree_file(repository.git_dir, "HEAD", 4096)
    index = _index(repository)
    commit = naming.finish().output
    return CheckoutState(
        head=os.fsdecode((head and head[2]) or b"") + commit.decode("ascii", "replace"),
        references=hashlib.sha256(listing.finish().checked()).hexdigest(),
        index=hashlib.sha256(index).hexdigest(),
        status=_status(repository, looking.finish().checked()),
    )


def _index(repository: Repository) -> bytes:
    named = repository.environment.get("GIT_INDEX_FILE")
    place = repository.folder / named if named else repository.git_dir / "index"
    found = read_worktree_file(place.parent, place.name, _INDEX_BYTES)
    return (found and found[2]) or b""


def _status(repository: Repository, output: bytes) -> str:
    digest = hashlib.sha256(output)
    if repository.top is None:
        return digest.hexdigest()
    left = _MOST_READ
    for row in output.split(b"\0"):
        # `1 <7 fields> <path>`, `u <9 fields> <path>`, `? <path>` (git-status(1), version 2)
        parts = row.split(b" ", _FIELDS.get(row[:1], 0))
        if len(parts) < 2:
            continue
        path = os.fsdecode(parts[-1])
        status = look(repository.top, path)
        if status is None:
            continue
        digest.update(b"%d %d\0" % (status.st_mode, status.st_size))
        content = None
        if status.st_size <= min(left, BIG_FILE_BYTES):
            content = _content(repository, path)
            left -= status.st_size
        # What isn't read is known by its times.
        times = b"%d %d" % (status.st_mtime_ns, status.st_ctime_ns)
        digest.update(times if content is None else hashlib.sha256(content).digest())
    return digest.hexdigest()


def _content(repository: Repository, path: str) -> bytes | None:
    if repository.top is None:
        return None
    try:
        found = read_worktree_file(repository.top, path, BIG_FILE_BYTES)
    except ChangeError:  # it can't be read; its times tell
        return None
    return found[2] if found else None
