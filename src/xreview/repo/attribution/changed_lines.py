"""How many lines each commit added to each file: the weight of evidence about a commit.

A line that two commits of a change wrote counts for both. `git log --numstat -z` prints, for each
commit, its format and NUL, then for each file `<added> TAB <removed> TAB <path> NUL`; a rename has
an empty path, followed by both names, each with its own NUL (git-diff(1), "OTHER DIFF FORMATS").
"""

import re
import threading
from collections.abc import Iterable, Iterator

from xreview.domain.change import ChangeKind, ChangeSource
from xreview.domain.errors import ChangeError
from xreview.repo.attribution.base import Deadline
from xreview.repo.attribution.lineage import revisions
from xreview.repo.hardened.process import ONE_LARGE_GIT
from xreview.repo.repository import Repository

_COMMIT = re.compile(rb"\n*commit ([0-9a-f]{40,64})")
_COUNTS = re.compile(rb"\n*(\d{1,12}|-)\t(?:\d{1,12}|-)\t(.*)", re.DOTALL)

_ARGUMENTS = (
    *("log", "-z", "--numstat", "--format=commit %H"),
    *("--no-color", "--no-ext-diff", "--no-textconv", "--no-notes", "--no-show-signature"),
    *("--no-decorate", "--no-mailmap", "--no-relative"),
    *("--find-renames", "-l200", "-O/dev/null", "--ignore-submodules=all"),
)


class LineCount:
    """Counts, in the background, the lines each commit of a change added to each file.

    A merge adds nothing of its own, unless it's the whole change: then it's compared with its
    first parent. At most `limit` commits are counted, the newest. Raises ChangeError where git
    isn't installed.
    """

    def __init__(self, repository: Repository, source: ChangeSource, limit: int) -> None:
        is_merge_shown = source.kind is ChangeKind.COMMIT
        merges = "--diff-merges=first-parent" if is_merge_shown else "--diff-merges=off"
        # It comes with the change, so it waits for no search; but a search waits for it.
        self._is_alone = ONE_LARGE_GIT.acquire(blocking=False)
        try:
            self._log = repository.start(*_ARGUMENTS, merges, *revisions(source, limit))
        except BaseException:
            self._let_others()
            raise
        self._log.give_way()
        self._counted: dict[str, dict[str, int]] = {}
        self._failure: ChangeError | None = None
        self._thread = threading.Thread(target=self._count, daemon=True)
        self._thread.start()

    def finish(self, deadline: Deadline) -> dict[str, dict[str, int]]:
        """Added lines by commit and path, as far as counted. Raises ChangeError where git fails."""
        self._thread.join(deadline.left)
        self._log.close()
        self._thread.join()
        if self._failure is not None:
            raise self._failure
        return self._counted

    def _count(self) -> None:
        try:
            for commit, path, added in parse_changed_lines(self._log.chunks()):
                self._counted.setdefault(commit, {})[path] = added
        except ChangeError as failure:
            self._failure = failure
        finally:
            self._let_others()

    def _let_others(self) -> None:
        if self._is_alone:
            self._is_alone = False
            ONE_LARGE_GIT.release()


def parse_changed_lines(chunks: Iterable[bytes]) -> Iterator[tuple[str, str, int]]:
    """Parse the output of `git log` with `_ARGUMENTS`: commit id, path and added lines.

    Chunks may be cut anywhere. Paths that aren't UTF-8 are `surrogateescape`d.
    """
    commit, added, names_to_skip = "", 0, 0
    for field in _fields(chunks):
        if names_to_skip:
            names_to_skip -= 1
            if not names_to_skip:
                yield commit, field.decode("utf-8", "surrogateescape"), added
        elif match := _COUNTS.fullmatch(field):
            added = 0 if match[1] == b"-" else int(match[1])
            if match[2]:
                yield commit, match[2].decode("utf-8", "surrogateescape"), added
            else:
                names_to_skip = 2
        elif match := _COMMIT.fullmatch(field):
            commit = match[1].decode()


def _fields(chunks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        *fields, rest = (rest + chunk).split(b"\0")
        yield from fields
    if rest:
        yield rest
