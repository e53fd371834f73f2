"""The JSON form of frozen dataclasses, derived from their fields and type hints.

A field is written under its name: texts, numbers and flags as they are, a `StrEnum` by value, an
`IntEnum` by its name in lower case, tuples as lists, dataclasses and mappings as objects. The
metadata below covers the exceptions.

Reading is strict. What comes from a file is data: a value of another type than was written raises
ValueError here, instead of a failure later and elsewhere.
"""

from collections.abc import Callable, Mapping
from dataclasses import Field, fields, is_dataclass
from enum import Enum, IntEnum
from functools import cache, partial, reduce
from types import NoneType, UnionType
from typing import Any, NoReturn, TypeVar, cast, get_args, get_origin, get_type_hints

from xreview.domain.record import dataclass, field, replace

Json = Mapping[str, Any]

Metadata = Mapping[str, Any]

SEPARATE: Metadata = {"json": "separate"}
"""The field isn't part of its own object; a field that is `inlined` may write it."""

UNLESS_EMPTY: Metadata = {"json": "unless empty"}
"""The key is missing where the field has its default."""


def inlined(**hoisted: str) -> Metadata:
    """The keys of the field's dataclass are written beside those of the other fields. `hoisted` has
    dotted paths to `SEPARATE` fields in it, by the key that they are written under."""
    return {"json": "inlined", "hoisted": hoisted}


class UnknownValueError(ValueError):
    """An enum has no such value: most likely a newer version of the program wrote it."""


_T = TypeVar("_T")
_Read = Callable[[Any], Any]
_Write = Callable[[Any], Any]


def to_json(value: object) -> dict[str, Any]:
    """A dataclass as JSON values, its keys in the order of its fields."""
    return _form(type(value)).write(value)


def from_json(kind: type[_T], data: Json) -> _T:
    """A dataclass read from JSON values; raises KeyError or ValueError if they don't fit."""
    return _form(kind).read(data)


@dataclass(frozen=True, slots=True)
class _Form:
    read: _Read
    write: Callable[[Any], dict[str, Any]]


@dataclass
class _Source:
    """The expressions that read and write a dataclass, and the names in them.

    Compiled, they are as quick as if written by hand, which a loop over the fields is not.
    """

    reads: list[str] = field(default_factory=list[str])
    writes: list[str] = field(default_factory=list[str])
    names: dict[str, Any] = field(default_factory=dict[str, Any])

    def name(self, value: Any) -> str:
        """A name for a value in the expressions."""
        name = f"_{len(self.names)}"
        self.names[name] = value
        return name

    def written(self, path: str, write: _Write | None) -> str:
        """The expression of an attribute's JSON."""
        return f"{self.name(write)}(value.{path})" if write else f"value.{path}"


@cache
def _form(kind: type) -> _Form:
    source = _Source()
    for one, hint in _stored(kind):
        match one.metadata.get("json"):
            case "inlined":
                _add_inlined(source, one.name, hint, one.metadata["hoisted"])
            case "unless empty":
                _add_unless_empty(source, one.name, hint, one.default)
            case _:
                read, write = _converters(hint, kind)
                source.reads.append(f"{source.name(read)}(data[{one.name!r}])")
                source.writes.append(f"{one.name!r}: {source.written(one.name, write)}")
    made = f"{source.name(kind)}({', '.join(source.reads)})"
    read = f"lambda data: {made} if isinstance(data, dict) else {source.name(_refuse)}()"
    write = f"lambda value: {{{', '.join(source.writes)}}}"
    return _Form(eval(read, source.names), eval(write, source.names))


def _stored(kind: type) -> list[tuple[Field[Any], Any]]:
    """The fields of a dataclass that its object has, with their types."""
    hints = get_type_hints(kind)
    return [
        (one, hints[one.name]) for one in fields(kind) if one.metadata.get("json") != "separate"
    ]


def _add_unless_empty(source: _Source, name: str, hint: Any, default: Any) -> None:
    read, write = _converters(hint)
    empty = source.name(default)
    given = f"{source.name(read)}(data[{name!r}])"
    source.reads.append(f"({given} if {name!r} in data else {empty})")
    shown = f"{{}} if value.{name} == {empty} else {{{name!r}: {source.written(name, write)}}}"
    source.writes.append(f"**({shown})")


def _add_inlined(source: _Source, name: str, hint: Any, hoisted: Mapping[str, str]) -> None:
    form = _form(hint)
    read = f"{source.name(form.read)}(data)"
    source.writes.append(f"**{source.written(name, form.write)}")
    for key, path in hoisted.items():
        inner = reduce(lambda kind, part: get_type_hints(kind)[part], path.split("."), hint)
        read_inner, write_inner = _converters(inner)
        given = f"{source.name(read_inner)}(data[{key!r}])"
        read = f"{source.name(_replaced)}({read}, {path.split('.')}, {given})"
        source.writes.append(f"{key!r}: {source.written(f'{name}.{path}', write_inner)}")
    source.reads.append(read)


def _replaced(value: Any, path: list[str], inner: Any) -> Any:
    name, *rest = path
    return replace(value, **{name: _replaced(getattr(value, name), rest, inner) if rest else inner})


def _converters(hint: Any, owner: type | None = None) -> tuple[_Read, _Write | None]:
    """What reads and what writes a value of this type; `owner` may hold another of its own."""
    arguments = get_args(hint)
    if get_origin(hint) is UnionType:
        (inner,) = [one for one in arguments if one is not NoneType]
        return _optional(*_converters(inner, owner))
    if get_origin(hint) is tuple:
        if arguments[-1] is not Ellipsis:
            return _numbers(len(arguments)), list
        return _several(*_converters(arguments[0]))
    if get_origin(hint) is Mapping:
        return (_words if arguments == (str, str) else object_of), dict
    if hint in _PLAIN:
        return _PLAIN[hint], None
    if issubclass(hint, Enum):
        return _enum(hint)
    if hint is owner:
        return partial(from_json, hint), to_json
    if is_dataclass(hint):
        form = _form(hint)
        return form.read, form.write
    raise TypeError(f"{hint} has no JSON form")


def _optional(read: _Read, write: _Write | None) -> tuple[_Read, _Write | None]:
    return (
        lambda value: None if value is None else read(value),
        write and (lambda value: None if value is None else write(value)),
    )


def _several(read: _Read, write: _Write | None) -> tuple[_Read, _Write]:
    def read_all(value: Any) -> tuple[Any, ...]:
        return tuple([read(one) for one in list_of(value)])

    return read_all, (lambda value: [write(one) for one in value]) if write else list


def _enum(kind: type[Enum]) -> tuple[_Read, _Write]:
    by_word = {(one.name.lower() if issubclass(kind, IntEnum) else one.value): one for one in kind}
    words = {one: word for word, one in by_word.items()}

    def read(value: Any) -> Enum:
        found = by_word.get(_text(value))
        if found is None:
            raise UnknownValueError(f"no {kind.__name__} has the value {value!r:.60}")
        return found

    return read, words.__getitem__


def _numbers(count: int) -> _Read:
    def read(value: Any) -> tuple[int, ...]:
        if len(list_of(value)) != count:
            raise ValueError(f"not {count} numbers")
        return tuple(map(_number, value))

    return read


def _words(value: Any) -> dict[str, str]:
    return {name: _text(word) for name, word in object_of(value).items()}


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("not text")
    return value


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("not a whole number")
    return value


def _amount(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ValueError("not a number")
    try:
        return float(value)
    except OverflowError as error:
        raise ValueError("too large") from error


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("neither true nor false")
    return value


_PLAIN: Mapping[type, _Read] = {str: _text, int: _number, float: _amount, bool: _flag}


def object_of(value: object) -> Json:
    """The value as a JSON object; raises ValueError if it isn't one."""
    if not isinstance(value, dict):
        _refuse()
    return cast("Json", value)


def _refuse() -> NoReturn:
    raise ValueError("not an object")


def list_of(value: object) -> list[Any]:
    """The value as a JSON list; raises ValueError if it isn't one."""
    if not isinstance(value, list):
        raise ValueError("not a list")
    return cast("list[Any]", value)
