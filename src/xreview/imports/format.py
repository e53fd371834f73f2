"""What a format is to the reader of files, and what a file is to a format."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from xreview.imports.node import Node
from xreview.imports.problem import ToolStatement

MOST_RESULTS = 20_000
"""How many results of a file are read: more of them are of no use to a person."""


def beyond(count: int) -> str:
    """What is said of results that were not read, since there are too many."""
    return f"it has more than {MOST_RESULTS:,} results; {count:,} were not read"


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds.

    Args:
        file: its name, for messages. text: all of it.
        rows: the JSON values in it, one behind the other; () where it is no JSON.
        beyond: how many more of them there are, which were not read.
    """

    file: str
    text: str
    rows: tuple[Node, ...] = ()
    beyond: int = 0

    @property
    def elements(self) -> list[Node]:
        """The elements of the list that it is, or the values of its lines."""
        if len(self.rows) == 1 and self.rows[0].is_list:
            return self.rows[0].items()
        return list(self.rows)

    @property
    def first(self) -> Node | None:
        """The first of `elements`, by which a format may be told; None where there is none."""
        if len(self.rows) == 1 and self.rows[0].is_list:
            return next(self.rows[0].each(), None)
        return self.rows[0] if self.rows else None

    def begins_with(self, *names: str) -> bool:
        """Whether the first element has all these fields."""
        return self.first is not None and self.first.names.issuperset(names)


@dataclass(frozen=True, slots=True)
class Format:
    """One format.

    Args:
        name: as a person calls it.
        tells: whether a file is of it, by its content; it raises nothing.
        read: what each tool says in such a file. Raises UsageError where it is malformed.
    """

    name: str
    tells: Callable[[Content], bool]
    read: Callable[[Content], tuple[ToolStatement, ...]]


@functools.cache
def formats() -> tuple[Format, ...]:
    """All of them; a module in the folder `formats` that has a `FORMAT` is one."""
    package = import_module("xreview.imports.formats")
    modules = sorted(module.name for module in iter_modules(package.__path__))
    found = (import_module(f"{package.__name__}.{name}") for name in modules)
    return tuple(module.FORMAT for module in found if hasattr(module, "FORMAT"))
