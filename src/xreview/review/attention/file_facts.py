"""What is known about changed files beside their diffs: coverage, callers, released names.

It runs while the analysers read, so everything is bounded; what isn't found in time is unknown.
A part that fails leaves the others.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

from xreview.domain.attention.file_facts import FileFacts, TestedLines
from xreview.domain.change import FileDiff, FileStatus, LineKind
from xreview.domain.errors import ChangeError
from xreview.domain.record import dataclass, field
from xreview.domain.tests import is_test
from xreview.repo.files.tree import RepositoryTree
from xreview.review.attention.public_names import names_defined
from xreview.review.attention.released import released_files
from xreview.review.attention.tested_lines import tested_lines
from xreview.review.attention.uses import ChangedCode, Uses, find_uses
from xreview.review.session.whole_change import WholeChange
from xreview.review.stakes.naming_tests import name_around, name_defined

SECONDS = 2.0
"""How long files and diffs are read, in all, beside git."""

_NO_USES = "What uses the changed code isn't known"
_NO_COVERAGE = "What tests ran isn't known"
_NO_RELEASE = "What was released isn't known"
_MOST_LINES = 2_000
_T = TypeVar("_T")
_SEARCHABLE = re.compile(r"[A-Za-z]\w{2,80}", re.ASCII)


@dataclass(frozen=True)
class FoundFacts:
    """What was looked up about changed files, by path, and what the user should know of it.

    `notices` are raw sentences: they can have paths.
    """

    files: Mapping[str, FileFacts] = field(default_factory=dict[str, FileFacts])
    notices: tuple[str, ...] = ()


def find_facts(change: WholeChange, files: Sequence[FileDiff]) -> FoundFacts:
    """Return what is known; files of which nothing is known aren't in it. Blocks on git and on
    reading files. Fails for nothing but a defect."""
    tree = change.tree()
    if tree is None or change.repository is None:
        return FoundFacts()
    until = time.monotonic() + SECONDS
    looking = _Looking(change, files, lambda: time.monotonic() > until)
    try:
        return looking.look(tree)
    finally:
        tree.close()


class _Looking:
    """One look at all facts; the parts that fail leave a notice."""

    def __init__(
        self, change: WholeChange, files: Sequence[FileDiff], is_over: Callable[[], bool]
    ) -> None:
        self._change = change
        self._files = files
        self._is_over = is_over
        self._notices: list[str] = []

    def look(self, tree: RepositoryTree) -> FoundFacts:
        uses = self._part(_NO_USES, lambda: find_uses(self._code(), tree), dict[str, Uses]())
        tests = {path: one.tests | self._changed_tests for path, one in uses.items()}
        tested = self._part(
            _NO_COVERAGE, lambda: self._tested(tree, tests), dict[str, TestedLines]()
        )
        released = self._part(_NO_RELEASE, self._released, frozenset[str]())
        found = {
            path: FileFacts(
                tested.get(path),
                uses[path].callers if path in uses else None,
                uses[path].dependents if path in uses else None,
                path in released,
            )
            for path in (file.path for file in self._files)
        }
        known = {path: facts for path, facts in found.items() if facts != FileFacts()}
        return FoundFacts(known, tuple(self._notices))

    def _part(self, unknown: str, look: Callable[[], _T], nothing: _T) -> _T:
        try:
            return look()
        except ChangeError as error:
            self._notices.append(f"{unknown}: {error.message} {error.advice}".strip())
            return nothing

    def _code(self) -> tuple[ChangedCode, ...]:
        return tuple(
            ChangedCode(file, frozenset(_names(file)) if _may_be_used(file) else frozenset())
            for file in self._files
        )

    @cached_property
    def _changed_tests(self) -> frozenset[str]:
        return frozenset(file.path for file in self._files if is_test(file.path))

    def _tested(
        self, tree: RepositoryTree, tests: Mapping[str, frozenset[str]]
    ) -> Mapping[str, TestedLines]:
        own = {file.path: self._changed_tests for file in self._files}
        found, notices = tested_lines(
            self._change, self._files, tree.files, {**own, **tests}, self._is_over
        )
        self._notices += notices
        return found

    def _released(self) -> frozenset[str]:
        base, repository = self._change.commit_before, self._change.repository
        if base is None or repository is None:
            return frozenset()
        return released_files(self._files, repository, base, self._is_over)


def _may_be_used(file: FileDiff) -> bool:
    return file.status not in (FileStatus.ADDED, FileStatus.COPIED) and not is_test(file.path)


def _names(file: FileDiff) -> Iterator[str]:
    """The functions and classes that a diff alters or removes, if they can be looked for.

    What is new isn't used outside of the change.
    """
    path, left = file.old_path or file.path, _MOST_LINES
    for hunk in file.hunks:
        around, is_new = name_around(hunk), False
        for line in hunk.lines[:left]:
            defined = next(iter(names_defined(path, (line.text,))), "") or name_defined(line.text)
            if _SEARCHABLE.fullmatch(defined):
                around, is_new = defined, line.kind is LineKind.ADDED
            if line.kind is not LineKind.CONTEXT and around and not is_new:
                yield around
        left -= len(hunk.lines)
        if left <= 0:
            return
