"""Data classes that are cheap to define: the standard library's decorator, without its price.

`dataclasses.dataclass` compiles six methods for each class, 0.3 ms, and imports `inspect`, 8 ms; a
start has hundreds of classes and uses few. Here the methods are shared, and `__init__` is compiled
when the first object is made. Everything else is as there, also for `dataclasses.fields`, `replace`
and `asdict`, and for type checkers; a class that wants more (`kw_only`, `eq=False`, further
arguments of `field`) is made there.
"""

from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass", "field", "replace"]

if TYPE_CHECKING:
    from dataclasses import dataclass, field, replace
else:

    def dataclass(cls=None, /, *, frozen=False, slots=False, **more):
        """As `dataclasses.dataclass`."""
        if more:
            import dataclasses

            return dataclasses.dataclass(cls, frozen=frozen, slots=slots, **more)
        return _made(cls, frozen, slots) if cls else lambda given: _made(given, frozen, slots)

    def field(**given):
        """As `dataclasses.field`."""
        if given.keys() <= {"default", "default_factory", "repr"}:
            return _Field(**given)
        import dataclasses

        return dataclasses.field(**given)

    def replace(record, /, **changes):
        """As `dataclasses.replace`."""
        if (own := getattr(record, "__record__", None)) is None or type(record) is not own.owner:
            import dataclasses

            return dataclasses.replace(record, **changes)
        kept = {name: getattr(record, name) for name in own.fields if name not in changes}
        return own.owner(**kept, **changes)


_NONE: Any = object()


class _Field:
    """A field's default and whether it's in the repr."""

    __slots__ = ("default", "factory", "repr")

    def __init__(
        self, default: Any = _NONE, default_factory: Any = _NONE, repr: bool = True
    ) -> None:
        self.default = default
        self.factory = default_factory
        self.repr = repr


class _Record:
    """What a class's shared methods know about it."""

    __slots__ = ("fields", "frozen", "key", "names", "owner", "shown", "types")

    def __init__(self, fields: dict[str, _Field], types: dict[str, Any], frozen: bool) -> None:
        self.fields = fields
        self.types = types
        self.frozen = frozen
        self.names = tuple(fields)
        self.shown = [name for name, one in fields.items() if one.repr]
        # Two names at least make a tuple.
        self.key = attrgetter(*self.names, *("__class__",) * max(0, 2 - len(self.names)))
        self.owner: Any = None


class _Standard:
    """Makes one attribute of the standard library's when it's asked for, by its functions."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, _: object, owner: Any) -> Any:
        import dataclasses

        known = owner.__record__
        given = [
            (name, known.types[name], dataclasses.field(**_arguments(one)))
            for name, one in known.fields.items()
        ]
        like = dataclasses.make_dataclass(owner.__name__, given, frozen=known.frozen)
        for name in ("__dataclass_fields__", "__dataclass_params__"):
            setattr(known.owner, name, getattr(like, name))
        return getattr(like, self._name)


def _arguments(one: _Field) -> dict[str, Any]:
    given = {"default": one.default, "default_factory": one.factory}
    return {name: value for name, value in given.items() if value is not _NONE} | {"repr": one.repr}


def _made(cls: Any, frozen: bool, slots: bool) -> Any:
    hints: dict[str, Any] = cls.__dict__.get("__annotations__", {})  # noqa: RUF063 - `inspect` is what this avoids
    own = {name: hint for name, hint in hints.items() if "ClassVar" not in _words_of(hint)}
    fields, types = dict[str, _Field](), dict[str, Any]()
    inherited = [base for base in cls.__mro__[:0:-1] if "__dataclass_fields__" in base.__dict__]
    defaults = {name: cls.__dict__[name] for name in own if name in cls.__dict__}
    if any("__record__" not in base.__dict__ for base in inherited) or not all(
        _is_plain(hint, defaults.get(name)) for name, hint in own.items()
    ):
        return _made_there(cls, defaults, frozen, slots)
    for base in inherited:
        fields |= base.__record__.fields
        types |= base.__record__.types
    for name, hint in own.items():
        default = defaults.get(name, _NONE)
        fields[name] = default if isinstance(default, _Field) else _Field(default)
        types[name] = hint
    known = _Record(fields, types, frozen)
    _add_methods(cls, known)
    for name, default in defaults.items():
        if isinstance(default, _Field):
            if default.default is _NONE:
                delattr(cls, name)
            else:
                setattr(cls, name, default.default)
    known.owner = _slotted(cls, known, own) if slots else cls
    return known.owner


def _is_plain(hint: Any, default: Any) -> bool:
    words = _words_of(hint)
    if "InitVar" in words or "KW_ONLY" in words:
        return False
    return not isinstance(default, (list, dict, set)) and type(default).__module__ != "dataclasses"


def _words_of(hint: Any) -> str:
    return hint if isinstance(hint, str) else getattr(hint, "__qualname__", "")


def _made_there(cls: Any, defaults: dict[str, Any], frozen: bool, slots: bool) -> Any:
    import dataclasses

    for name, default in defaults.items():
        if isinstance(default, _Field):
            setattr(cls, name, dataclasses.field(**_arguments(default)))
    return dataclasses.dataclass(cls, frozen=frozen, slots=slots)


def _add_methods(cls: Any, known: _Record) -> None:
    def __init__(self: Any, *given: Any, **named: Any) -> None:  # noqa: N807
        init = _compiled(known, hasattr(cls, "__post_init__"), f"{cls.__qualname__}.__init__")
        known.owner.__init__ = init
        init(self, *given, **named)

    def __repr__(self: Any) -> str:  # noqa: N807
        shown = ", ".join([f"{name}={getattr(self, name)!r}" for name in known.shown])
        return f"{self.__class__.__qualname__}({shown})"

    def __eq__(self: Any, other: Any) -> bool:  # noqa: N807
        if other.__class__ is not self.__class__:
            return NotImplemented
        return known.key(self) == known.key(other)

    def __hash__(self: Any) -> int:  # noqa: N807
        return hash(known.key(self))

    own = cls.__dict__
    cls.__init__ = __init__
    if "__repr__" not in own:
        cls.__repr__ = recursive_repr("...")(__repr__)
    has_own_hash = own.get("__hash__") is not None
    if "__eq__" not in own:
        cls.__eq__ = __eq__
    if not has_own_hash:
        cls.__hash__ = __hash__ if known.frozen else None
    if known.frozen:
        cls.__setattr__, cls.__delattr__ = _guards(known)
    cls.__match_args__ = known.names
    cls.__record__ = known
    cls.__dataclass_fields__ = _FIELDS
    cls.__dataclass_params__ = _PARAMS


_FIELDS, _PARAMS = _Standard("__dataclass_fields__"), _Standard("__dataclass_params__")


def _guards(known: _Record) -> tuple[Any, Any]:
    """What refuses changes; a subclass that isn't frozen may have further attributes."""

    def __setattr__(self: Any, name: str, value: Any) -> None:  # noqa: N807
        if type(self) is known.owner or name in known.fields:
            raise _frozen(f"cannot assign to field {name!r}")
        super(known.owner, self).__setattr__(name, value)

    def __delattr__(self: Any, name: str) -> None:  # noqa: N807
        if type(self) is known.owner or name in known.fields:
            raise _frozen(f"cannot delete field {name!r}")
        super(known.owner, self).__delattr__(name)

    return __setattr__, __delattr__


def _frozen(what: str) -> AttributeError:
    from dataclasses import FrozenInstanceError

    return FrozenInstanceError(what)


def _compiled(known: _Record, has_end: bool, name: str) -> Any:
    """Return `__init__`, with the fields as its parameters."""
    space: dict[str, Any] = {"_set": object.__setattr__, "_none": _NONE}
    parameters, body = ["self"], [" pass"]
    for index, (field_name, one) in enumerate(known.fields.items()):
        parameter = value = field_name
        if one.factory is not _NONE:
            space[f"_make{index}"] = one.factory
            parameter = f"{field_name}=_none"
            value = f"_make{index}() if {field_name} is _none else {field_name}"
        elif one.default is not _NONE:
            space[f"_default{index}"] = one.default
            parameter = f"{field_name}=_default{index}"
        parameters.append(parameter)
        set_it = (
            f"_set(self, {field_name!r}, {value})"
            if known.frozen
            else f"self.{field_name} = {value}"
        )
        body.append(f" {set_it}")
    body += [" self.__post_init__()"] if has_end else []
    exec(f"def __init__({', '.join(parameters)}):\n" + "\n".join(body), space)
    init = space["__init__"]
    init.__qualname__ = name
    init.__annotations__ = {**known.types, "return": None}
    return init


def _slotted(cls: Any, known: _Record, own: dict[str, Any]) -> Any:
    """Return the class made anew with `__slots__`, which can't be added to one."""
    inherited = {name for base in cls.__mro__[1:-1] for name in base.__dict__.get("__slots__", ())}
    content = {name: value for name, value in cls.__dict__.items() if name not in own}
    content.pop("__dict__", None)
    content.pop("__weakref__", None)
    content["__slots__"] = tuple(name for name in known.names if name not in inherited)
    if known.frozen:  # without it, pickle and copy would use the guarded `__setattr__`
        content.setdefault("__getstate__", _state)
        content.setdefault("__setstate__", _set_state)
    made = type(cls)(cls.__name__, cls.__bases__, content)
    made.__qualname__ = cls.__qualname__
    return made


def _state(self: Any) -> list[Any]:
    return [getattr(self, name) for name in self.__record__.names]


def _set_state(self: Any, state: list[Any]) -> None:
    for name, value in zip(self.__record__.names, state, strict=True):
        object.__setattr__(self, name, value)
