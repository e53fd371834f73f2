"""The commits before a change, with the paths that each one touched, for counting."""

from collections.abc import Iterator

from xreview.domain.errors import ChangeError
from xreview.domain.record import dataclass
from xreview.repo.hardened.process import ONE_LARGE_GIT
from xreview.repo.raw_log import raw_commits, raw_text
from xreview.repo.repository import Repository

MOST_COMMITS = 3000
"""The newest commits that are read. A second is enough for them in repositories like redis."""

SECONDS = 10.0
_MEMORY = 512 * 1024 * 1024
_FORMAT = "--format=%H %at%x00%ae%x00%s"
_COMMAND = (
    "log",
    "--no-merges",
    "--no-renames",
    "--no-show-signature",
    "--no-textconv",
    "--no-ext-diff",
    "--raw",
    "-z",
)


@dataclass(frozen=True, slots=True)
class PastCommit:
    """One commit: all text is raw.

    Args:
        at: when it was written, in seconds since 1970.
        author: the author's address.
        paths: every path that it added, changed or removed; a rename is both.
    """

    id: str
    at: int
    author: str
    subject: str
    paths: tuple[str, ...]


def past_commits(
    repository: Repository, head: str, limit: int = MOST_COMMITS
) -> tuple[PastCommit, ...]:
    """Return the commits up to and including `head`, a full id, the newest first, without merges.

    Blocks for at most `SECONDS`; then it returns what was read. Raises ChangeError where git fails.
    """
    command = (*_COMMAND, f"--max-count={limit}", _FORMAT, "--end-of-options", head, "--")
    with ONE_LARGE_GIT:
        return _read(repository, command)


def _read(repository: Repository, command: tuple[str, ...]) -> tuple[PastCommit, ...]:
    process = repository.start(*command)
    process.bound(SECONDS, _MEMORY)
    try:
        return tuple(_commits(b"".join(process.chunks())))
    except ValueError as error:
        raise ChangeError(
            "The history of this repository can't be read.",
            "Run `git fsck` if the repository may be damaged.",
        ) from error
    finally:
        process.close()


def _commits(output: bytes) -> Iterator[PastCommit]:
    for one in raw_commits(output):
        paths = tuple(path for path, _ in one.touched)
        yield PastCommit(one.id, one.at, raw_text(one.first), raw_text(one.second), paths)
