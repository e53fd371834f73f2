"""The commits of a history with whole messages and the paths that each one touched."""

from collections.abc import Iterator

from xreview.domain.errors import ChangeError
from xreview.domain.record import dataclass
from xreview.repo.attribution.base import Deadline
from xreview.repo.raw_log import raw_commits, raw_text
from xreview.repo.repository import Repository

_BYTES = 64 * 1024 * 1024
_MEMORY = 1024 * 1024 * 1024
_MESSAGE_BYTES = 16 * 1024
_FORMAT = "--format=%H %ct%x00%P%x00%B"
_COMMAND = (
    *("log", "--no-merges", "--no-show-signature", "--no-textconv", "--no-ext-diff"),
    *("--no-color", "--no-notes", "--no-mailmap", "--find-renames", "-l200", "-O/dev/null"),
    *("--ignore-submodules=all", "--raw", "-z"),
)


@dataclass(frozen=True, slots=True)
class TouchedPath:
    """A path that a commit touched; `old` differs after a rename. Both are raw."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class LaterCommit:
    """A commit that isn't a merge.

    Args:
        at: the committer's time, in seconds since 1970; a commit can claim any.
        message: raw, cut off after 16 KB.
    """

    id: str
    at: int
    parents: tuple[str, ...]
    message: str
    touched: tuple[TouchedPath, ...]


def later_commits(
    repository: Repository, head: str, limit: int, deadline: Deadline
) -> tuple[LaterCommit, ...]:
    """Return the newest commits up to and including `head`, the newest first; as many as can be
    read before the deadline.

    Raises ChangeError where git fails.
    """
    command = (*_COMMAND, f"--max-count={limit}", _FORMAT, "--end-of-options", head, "--")
    process = repository.start(*command)
    process.bound(deadline.left, _MEMORY)
    output = bytearray()
    try:
        for chunk in process.chunks():
            output += chunk
            if len(output) > _BYTES:
                break
        return tuple(_commits(bytes(output)))
    except ValueError as error:
        raise ChangeError(
            "The history of this repository can't be read.",
            "Run `git fsck` if the repository may be damaged.",
        ) from error
    finally:
        process.close()


def _commits(output: bytes) -> Iterator[LaterCommit]:
    for one in raw_commits(output):
        parents = tuple(one.first.decode("ascii").split())
        message = raw_text(one.second[:_MESSAGE_BYTES])
        touched = tuple(TouchedPath(old, new) for old, new in one.touched)
        yield LaterCommit(one.id, one.at, parents, message, touched)
