"""Resolving revisions to commits; other commands get only full object ids.

`git cat-file --batch` reads all revisions from standard input, so that none can be taken for an
option.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from xreview.domain.record import dataclass
from xreview.repo.hardened.git_errors import known_failure
from xreview.repo.hardened.process import GitProcess

EMPTY_TREES = {
    40: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    64: "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}
_FOUND = re.compile(rb"([0-9a-f]{40}|[0-9a-f]{64}) commit (\d+)\n")
SHORT = 7


class Starter(Protocol):
    """A place to start git: a repository, or the search for one."""

    def start(self, *arguments: str, input: bytes = b"") -> GitProcess:
        """Start git."""
        ...


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit as stored: it names its parents even if a shallow clone lacks them."""

    id: str
    parents: tuple[str, ...]
    subject: str

    @property
    def short(self) -> str:
        """The abbreviated id."""
        return self.id[:SHORT]


class Lookup:
    """A lookup of revisions that runs in the background."""

    def __init__(self, starter: Starter, revisions: Sequence[str]) -> None:
        self._revisions = revisions
        lines = "".join(f"{revision}^{{commit}}\n" for revision in revisions)
        self._process = starter.start(
            "cat-file", "--batch", input=lines.encode("utf-8", "surrogateescape")
        )

    def finish(self) -> dict[str, Commit | None]:
        """Return the commit of each revision, or None.

        Raises ChangeError where git fails: no upstream for `@{upstream}`, too short a reflog.
        """
        done = self._process.finish()
        answers = list(_answers(done.checked()))
        if None in answers and (known := known_failure(done.said, done.advice)):
            raise known  # git calls an unreadable commit missing
        answers += [None] * (len(self._revisions) - len(answers))
        return dict(zip(self._revisions, answers, strict=False))

    def close(self) -> None:
        """End the process if it runs."""
        self._process.close()


def _answers(output: bytes) -> Iterator[Commit | None]:
    at = 0
    while at < len(output):
        found = _FOUND.match(output, at)
        if found is None:  # `<revision> missing` or `ambiguous`
            end = output.find(b"\n", at)
            end = len(output) if end < 0 else end
            yield None
        else:
            end = found.end() + int(found[2])
            yield _commit(found[1].decode(), output[found.end() : end])
        at = end + 1


def _commit(id: str, content: bytes) -> Commit:
    header, _, message = content.partition(b"\n\n")
    parents = tuple(
        row[len(b"parent ") :].decode("ascii", "replace")
        for row in header.split(b"\n")
        if row.startswith(b"parent ")
    )
    subject = message.lstrip().split(b"\n", 1)[0].decode("utf-8", "surrogateescape").rstrip()
    return Commit(id, parents, subject)


class MergeBase:
    """A search for the best common ancestor of two revisions that runs in the background."""

    def __init__(self, starter: Starter, one: str, other: str) -> None:
        self._process = starter.start("merge-base", "--end-of-options", one, other)

    def finish(self) -> str | None:
        """Return its full id; None if it isn't found. Raises ChangeError for other failures."""
        done = self._process.finish()
        if done.code > 1 and not done.complaint.startswith("Not a valid "):
            raise done.error
        return done.output.decode("ascii", "replace").split("\n", 1)[0] or None

    def close(self) -> None:
        """End the process if it runs."""
        self._process.close()
