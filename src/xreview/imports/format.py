"""What a format provides, and how its results are collected."""

import functools
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import TypeVar

from xreview.domain.pull.discussion import Discussion
from xreview.domain.record import dataclass, replace
from xreview.domain.report import Lens, ReviewerIdentity
from xreview.domain.text import count_of
from xreview.imports.content import MOST_RESULTS, Content
from xreview.imports.node import MalformedError, Node
from xreview.imports.statement import FileName, ImportedProblem, ToolStatement

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Format:
    """One format.

    Args:
        name: for messages.
        matches: whether a file is in this format, by its content; raises nothing.
        read: returns what each tool says in such a file. Raises UsageError where it is malformed.
    """

    name: str
    matches: Callable[[Content], bool]
    read: Callable[[Content], tuple[ToolStatement, ...]]


@dataclass(frozen=True, slots=True)
class DiscussionFormat:
    """A format of what is said on a pull request.

    Args:
        name: for messages.
        matches: whether a file is in this format, by its content; raises nothing.
        read: returns the discussion; what can't be read of it is left out.
    """

    name: str
    matches: Callable[[Content], bool]
    read: Callable[[Content], Discussion]


@functools.cache
def formats() -> tuple[Format, ...]:
    """All formats: each module or package in the folder `formats` with a `FORMAT`."""
    return tuple(module.FORMAT for module in _modules() if hasattr(module, "FORMAT"))


@functools.cache
def discussion_formats() -> tuple[DiscussionFormat, ...]:
    """All formats of discussions: each module in that folder with a `DISCUSSION`."""
    return tuple(module.DISCUSSION for module in _modules() if hasattr(module, "DISCUSSION"))


def _modules() -> Iterator[ModuleType]:
    package = import_module("xreview.imports.formats")
    for name in sorted(module.name for module in iter_modules(package.__path__)):
        yield import_module(f"{package.__name__}.{name}")


class ResultReader:
    """Reads the results of a file one by one: malformed ones are counted, the others are kept."""

    def __init__(self) -> None:
        self.beyond = 0
        self._malformed = 0
        self._first = ""
        self._taken = 0

    def takes_more(self) -> bool:
        """Count a result; False where it is one too many."""
        if self._taken >= MOST_RESULTS:
            self.beyond += 1
            return False
        self._taken += 1
        return True

    def read(self, nodes: Iterable[Node], read: Callable[[Node], _T | None]) -> list[_T]:
        """What `read` makes of the nodes, without None and without the malformed ones."""
        found: list[_T] = []
        for node in nodes:
            if not self.takes_more():
                continue
            try:
                made = read(node)
            except MalformedError as error:
                self._malformed += 1
                self._first = self._first or error.what
                continue
            if made is not None:
                found.append(made)
        return found

    def by_tool(
        self,
        found: Iterable[tuple[ReviewerIdentity, ImportedProblem, bool]],
        default: ReviewerIdentity,
        *,
        has_default: bool = False,
    ) -> tuple[ToolStatement, ...]:
        """What each tool says: its problems, and the files of its suppressed results.

        Args:
            found: the tool, its result, and whether that is suppressed.
            default: the tool of a file without results.
            has_default: whether the file names that tool, so it is there beside others.
        """
        problems: dict[ReviewerIdentity, list[ImportedProblem]] = {}
        suppressed: dict[ReviewerIdentity, list[FileName]] = {}
        if has_default:
            problems[default] = []
        for tool, problem, is_suppressed in found:
            kept = problems.setdefault(tool, [])
            if is_suppressed:
                names = [where.file for where in problem.places[:1] if where.file]
                suppressed.setdefault(tool, []).extend(names)
            else:
                kept.append(problem)
        return self.with_unread(
            *(
                ToolStatement(
                    tool, Lens.RISK, tuple(kept), suppressed=tuple(suppressed.get(tool, ()))
                )
                for tool, kept in (problems or {default: []}).items()
            )
        )

    def with_unread(self, *statements: ToolStatement) -> tuple[ToolStatement, ...]:
        """The statements, the first of them with what could not be read."""
        first, *others = statements
        return (replace(first, unread=(*first.unread, *self.unread)), *others)

    @property
    def unread(self) -> tuple[str, ...]:
        """What could not be read and why, each a clause that follows the file's name."""
        said: list[str] = []
        if self._malformed:
            results = count_of(self._malformed, "result")
            said.append(f"{results} could not be read; the first: {self._first}")
        if self.beyond:
            said.append(beyond(self.beyond))
        return tuple(said)


def beyond(count: int) -> str:
    """The clause about results over the limit."""
    return f"it has more than {MOST_RESULTS:,} results; {count:,} were not read"
