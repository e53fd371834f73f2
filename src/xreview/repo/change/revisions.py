"""From what a person calls a revision to commits. Only full object ids go on to other commands.

Revisions are fed to `git cat-file --batch` on standard input, one a line, so that none can be
taken for an option, and one process answers for all. The answer is `<oid> commit <size>` LF and
the commit object LF, or `<revision> missing` (also `ambiguous`), see git-cat-file(1).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from xreview.repo.hardened.git_errors import known_failure
from xreview.repo.hardened.process import GitProcess

EMPTY_TREES = {
    40: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    64: "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}
_FOUND = re.compile(rb"([0-9a-f]{40}|[0-9a-f]{64}) commit (\d+)\n")
SHORT = 7


class Starter(Protocol):
    """Where git can be started: a repository, or the search for one."""

    def start(self, *arguments: str, input: bytes = b"") -> GitProcess:
        """Start git."""
        ...


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit as it is stored, so that its parents are named even where they are cut off."""

    id: str
    parents: tuple[str, ...]
    subject: str

    @property
    def short(self) -> str:
        """The id as people write it."""
        return self.id[:SHORT]


class Lookup:
    """A question about revisions that git answers while other things are done."""

    def __init__(self, starter: Starter, revisions: Sequence[str]) -> None:
        self._revisions = revisions
        lines = "".join(f"{revision}^{{commit}}\n" for revision in revisions)
        self._process = starter.start(
            "cat-file", "--batch", input=lines.encode("utf-8", "surrogateescape")
        )

    def finish(self) -> dict[str, Commit | None]:
        """The commit of each revision, None where it names none.

        Raises ChangeError where git ends at one: a branch without the upstream that is asked for,
        a reflog that is shorter.
        """
        done = self._process.finish()
        answers = list(_answers(done.checked()))
        if None in answers and (known := known_failure(done.said, done.advice)):
            raise known  # git calls a commit missing that it can't read
        answers += [None] * (len(self._revisions) - len(answers))
        return dict(zip(self._revisions, answers, strict=False))

    def close(self) -> None:
        """End the process if it runs."""
        self._process.close()


def _answers(output: bytes) -> Iterator[Commit | None]:
    at = 0
    while at < len(output):
        found = _FOUND.match(output, at)
        if found is None:
            at = _after_line(output, at)
            yield None
            continue
        end = found.end() + int(found[2])
        yield _commit(found[1].decode(), output[found.end() : end])
        at = end + 1


def _after_line(output: bytes, at: int) -> int:
    end = output.find(b"\n", at)
    return len(output) if end < 0 else end + 1


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
    """The question for the best common ancestor of two revisions."""

    def __init__(self, starter: Starter, one: str, other: str) -> None:
        self._process = starter.start("merge-base", "--end-of-options", one, other)

    def finish(self) -> str | None:
        """Its full id; None where there is none (or none is here, or a revision is unknown).

        Raises ChangeError where git fails otherwise.
        """
        done = self._process.finish()
        if done.code > 1 and not done.complaint.startswith("Not a valid "):
            raise done.error
        return done.output.decode("ascii", "replace").split("\n", 1)[0] or None

    def close(self) -> None:
        """End the process if it runs."""
        self._process.close()
