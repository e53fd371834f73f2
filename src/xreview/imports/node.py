"""JSON values that know their place in the file, so that errors can name it.

An absent field and `null` are the same, as most writers of these formats have it.
"""

from collections.abc import Iterator, Mapping
from typing import TypeVar, cast

from xreview.domain.errors import UsageError

_T = TypeVar("_T")
_NAMES: dict[type, str] = {
    dict: "an object",
    list: "a list",
    str: "a string",
    bool: "true or false",
    int: "a number",
    float: "a number",
    type(None): "null",
}


_LARGEST = 2**53  # what every JSON reader can hold (RFC 8259, section 6)


class MalformedError(UsageError):
    """A file, or a value in it, that can't be used; `what` is the place and the reason."""

    def __init__(self, file: str, what: str) -> None:
        super().__init__(
            f"{file} can't be imported: {what}.",
            "Nothing in it was imported. Run the tool again to rewrite it.",
        )
        self.what = what


class Node:
    """A value of a JSON document.

    Every method raises MalformedError, with the place, where the value has another type.

    Args:
        step: the path from the holder: `.runs`, `[3]`; `$` at the top.
        file: the file's name, for messages. holder: the object or list that contains it.
    """

    # A large file has millions of these, so the place is only put together on request.
    __slots__ = ("_holder", "_step", "file", "value")

    def __init__(self, value: object, step: str, file: str, holder: "Node | None" = None) -> None:
        self.value = value
        self.file = file
        self._step = step
        self._holder = holder

    @property
    def place(self) -> str:
        """The path from the top, such as `$.runs[0].results[3]`."""
        steps: list[str] = []
        node: Node | None = self
        while node is not None:
            steps.append(node._step)
            node = node._holder
        return "".join(reversed(steps))

    @property
    def is_object(self) -> bool:
        """Whether it has fields."""
        return isinstance(self.value, dict)

    @property
    def is_list(self) -> bool:
        """Whether it has elements."""
        return isinstance(self.value, list)

    @property
    def names(self) -> frozenset[str]:
        """The names of its fields; empty for other types."""
        if not isinstance(self.value, dict):
            return frozenset()
        return frozenset(cast("dict[str, object]", self.value))

    def refusal(self, why: str) -> MalformedError:
        """The error to raise for a value that can't be used; `why` follows the place."""
        return MalformedError(self.file, f"{self.place} {why}")

    def get(self, *names: str) -> "Node | None":
        """The field of an object, or of objects in it; None where one is absent or null."""
        node = self
        for name in names:
            if not isinstance(node.value, dict):
                raise node._mistyped("an object")
            value = cast("dict[str, object]", node.value).get(name)
            if value is None:
                return None
            node = Node(value, f".{name}", self.file, node)
        return node

    def one_of(self, table: Mapping[str, _T]) -> _T:
        """The entry of a table under this string."""
        if (word := self.text()) not in table:
            raise self.refusal(f"isn't one of {', '.join(table)}")
        return table[word]

    def value_of(self, name: str) -> object:
        """The value of a field, of any type; None where it is absent or this isn't an object."""
        found = self.get(name) if self.is_object else None
        return None if found is None else found.value

    def need(self, name: str) -> "Node":
        """A required field of an object."""
        found = self.get(name)
        if found is None:
            raise self.refusal(f"has no “{name}”")
        return found

    def fields(self) -> "dict[str, Node]":
        """All fields of an object that aren't null."""
        if not isinstance(self.value, dict):
            raise self._mistyped("an object")
        return {
            name: Node(value, f".{name}", self.file, self)
            for name, value in cast("dict[str, object]", self.value).items()
            if value is not None
        }

    def items(self) -> "list[Node]":
        """The elements of a list."""
        return list(self.each())

    def each(self) -> "Iterator[Node]":
        """The elements of a list, one at a time."""
        if not isinstance(self.value, list):
            raise self._mistyped("a list")
        for index, value in enumerate(cast("list[object]", self.value)):
            yield Node(value, f"[{index}]", self.file, self)

    def items_of(self, *names: str) -> "list[Node]":
        """The elements of the list in a field; none where it is absent."""
        found = self.get(*names)
        return [] if found is None else found.items()

    def text(self) -> str:
        """A string."""
        if not isinstance(self.value, str):
            raise self._mistyped("a string")
        return self.value

    def text_of(self, *names: str) -> str:
        """The string in a field; "" where it is absent."""
        found = self.get(*names)
        return "" if found is None else found.text()

    def whole(self) -> int:
        """A whole number."""
        value = self.value
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._mistyped("a whole number")
        if abs(value) > _LARGEST:
            raise self.refusal("is too large")
        return value

    def whole_of(self, *names: str) -> int | None:
        """The whole number in a field; None where it is absent."""
        found = self.get(*names)
        return None if found is None else found.whole()

    def truth_of(self, name: str, *, default: bool) -> bool:
        """The boolean in a field."""
        found = self.get(name)
        if found is None:
            return default
        if not isinstance(found.value, bool):
            raise found._mistyped("true or false")
        return found.value

    def _mistyped(self, wanted: str) -> MalformedError:
        return self.refusal(f"is {_NAMES[type(self.value)]}, not {wanted}")
