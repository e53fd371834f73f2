"""The commits before a change, with the paths that each one touched, for counting."""

from collections.abc import Iterator
from dataclasses import dataclass

from xreview.domain.errors import ChangeError
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
    """Parse git's output: for each commit three fields, then `:modes ids status` and a path for
    each file, all ended by NUL. Raises ValueError if it's malformed.

    Output that was cut off ends with the last whole commit.
    """
    fields = iter(output.split(b"\0"))
    head = next(fields, b"")
    while head:
        try:
            author, subject = next(fields), next(fields)
            paths: list[str] = []
            following = next(fields).lstrip(b"\n")
            while following.startswith(b":"):
                paths.append(_text(next(fields)))
                following = next(fields)
        except StopIteration:
            return
        id, at = head.decode("ascii").split(" ")
        yield PastCommit(id, int(at), _text(author), _text(subject), tuple(paths))
        head = following


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
