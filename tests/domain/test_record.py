"""Each kind of class that `src` defines, made by both decorators, behaves the same."""

import copy
import dataclasses
import pickle
import subprocess
import sys
from functools import cached_property
from typing import Any, ClassVar

import pytest

from xreview.domain import record

_SOURCE = """
@dataclass(frozen=True, slots=True)
class Frozen:
    "doc"
    a: int
    b: "str" = "x"
    c: tuple[int, ...] = ()
    @property
    def twice(self): return self.a * 2

@dataclass(frozen=True)
class Cached:
    "doc"
    a: int
    b: bytes = field(default=b"", repr=False)
    @cached_property
    def size(self): return len(self.b)

@dataclass
class Changing:
    "doc"
    a: int
    b: list = field(default_factory=list)

@dataclass(slots=True)
class ChangingSlots:
    "doc"
    a: int = 1
    b: dict = field(default_factory=dict, repr=False)

@dataclass(frozen=True, slots=True)
class Below(Frozen):
    "doc"
    d: int = 4

@dataclass(frozen=True)
class Checked:
    "doc"
    a: int
    def __post_init__(self):
        if self.a < 0: raise ValueError("negative")

@dataclass(frozen=True, slots=True)
class OwnMethods:
    "doc"
    a: int
    def __repr__(self): return "own"
    def __eq__(self, other): return True

@dataclass(frozen=True, slots=True)
class OfAKind:
    "doc"
    kind: ClassVar[str] = "kind"
    written: "ClassVar[int]" = 3
    a: int = 1

@dataclass(frozen=True, slots=True)
class OfAnother(OfAKind):
    "doc"
    kind: ClassVar[str] = "another"
    b: int = 2

@dataclass(frozen=True, slots=True)
class Empty:
    "doc"

@dataclass(frozen=True, kw_only=True)
class Named:
    "doc"
    a: int
    b: int = field(default=2, compare=False)
"""


def _classes(module: Any, name: str) -> dict[str, Any]:
    space: dict[str, Any] = {
        "dataclass": module.dataclass,
        "field": module.field,
        "cached_property": cached_property,
        "ClassVar": ClassVar,
        "__name__": name,
    }
    exec(_SOURCE, space)
    return space


OURS, THEIRS = _classes(record, __name__), _classes(dataclasses, __name__)
for _name, _value in OURS.items():  # where pickle finds them
    if isinstance(_value, type):
        globals()[_name] = _value
CASES = [
    ("Frozen", (1,), {}),
    ("Frozen", (1, "y"), {"c": (1,)}),
    ("Frozen", (), {}),
    ("Frozen", (1,), {"nosuch": 1}),
    ("Cached", (1, b"ab"), {}),
    ("Changing", (1,), {}),
    ("Changing", (1, [2]), {}),
    ("ChangingSlots", (), {}),
    ("Below", (1,), {"d": 5}),
    ("Checked", (1,), {}),
    ("Checked", (-1,), {}),
    ("OwnMethods", (1,), {}),
    ("OfAKind", (2,), {}),
    ("OfAKind", (), {"kind": "x"}),
    ("OfAnother", (2,), {"b": 3}),
    ("Empty", (), {}),
    ("Named", (), {"a": 1}),
    ("Named", (1,), {}),
]


def told(make: Any) -> str:
    try:
        return repr(make())
    except Exception as error:  # noqa: BLE001 - whatever it is, both must raise it
        if str(error).startswith("super(type, obj)"):  # a fault of the standard library with slots
            return "frozen"
        if isinstance(error, dataclasses.FrozenInstanceError):
            return "frozen"
        return f"{type(error).__name__}: {error}"


def actions(name: str, given: tuple[Any, ...], named: dict[str, Any]) -> list[Any]:
    def make(space: Any) -> Any:
        return space[name](*given, **named)

    def changed(space: Any) -> Any:
        made = make(space)
        made.a = 9
        return made

    def further(space: Any) -> Any:
        made = make(space)
        made.nosuch = 9
        return made

    return [
        make,
        changed,
        further,
        lambda space: make(space) == make(space),
        lambda space: make(space) != make(space),
        lambda space: make(space) == 1,
        lambda space: hash(make(space)) == hash(make(space)),
        lambda space: len({make(space), make(space)}),
        lambda space: dataclasses.asdict(make(space)),
        lambda space: dataclasses.astuple(make(space)),
        lambda space: dataclasses.is_dataclass(space[name]),
        lambda space: [(one.name, one.type, one.repr) for one in dataclasses.fields(space[name])],
        lambda space: dataclasses.replace(make(space), a=7),
        lambda space: dataclasses.replace(make(space), nosuch=7),
        lambda space: record.replace(make(space), a=7),
        lambda space: record.replace(make(space), nosuch=7),
        lambda space: copy.copy(make(space)),
        lambda space: copy.deepcopy(make(space)),
        lambda space: space[name].__match_args__,
        lambda space: getattr(space[name], "__slots__", None),
        lambda space: hasattr(make(space), "__dict__"),
        lambda space: delattr(make(space), "a"),
        lambda space: make(space).__init__.__func__.__annotations__.keys(),
        lambda space: space[name].__doc__,
        lambda space: space[name].__qualname__,
        lambda space: make(space).twice,
        lambda space: (space[name].kind, make(space).kind),
        lambda space: make(space).size,
    ]


@pytest.mark.parametrize(("name", "given", "named"), CASES)
def test_a_class_does_what_the_standard_librarys_does(name, given, named):
    for act in actions(name, given, named):
        assert told(lambda act=act: act(OURS)) == told(lambda act=act: act(THEIRS))


@pytest.mark.parametrize(("name", "given", "named"), CASES)
def test_an_object_survives_pickle(name, given, named):
    try:
        made = OURS[name](*given, **named)
    except (TypeError, ValueError):
        return
    assert repr(pickle.loads(pickle.dumps(made))) == repr(made)


def test_a_class_of_the_standard_library_can_be_below_ours_and_above():
    @dataclasses.dataclass(frozen=True)
    class Below(OURS["Cached"]):
        more: int = 0

    @record.dataclass(frozen=True)
    class Lowest(Below):
        most: int = 0

    assert repr(Lowest(1, b"", 2, 3)).endswith("Lowest(a=1, more=2, most=3)")
    assert [one.name for one in dataclasses.fields(Lowest)] == ["a", "b", "more", "most"]


def test_what_refers_to_itself_can_be_shown():
    made = OURS["Changing"](1)
    made.b.append(made)
    assert repr(made) == "Changing(a=1, b=[...])"


def test_defining_and_using_classes_imports_no_heavy_module():
    code = (
        "import sys; from xreview.domain.record import dataclass, field, replace\n"
        "@dataclass(frozen=True, slots=True)\n"
        "class A:\n    a: int\n    b: list = field(default_factory=list)\n"
        "assert replace(A(1), a=2) == A(2) and hash(A) and repr(A(1))\n"
        "assert not {'inspect', 'dataclasses'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
