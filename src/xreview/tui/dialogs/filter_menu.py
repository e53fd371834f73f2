"""The choices of the filter: one key for a frequent filter, else one for the kind, one for a value.

Only what exists is offered, with how many findings have it.
"""

from collections.abc import Sequence
from string import ascii_lowercase, digits

from xreview.domain.finding import Finding
from xreview.domain.record import dataclass
from xreview.domain.report import Severity
from xreview.domain.text import count_of, shorten
from xreview.tui.dialogs.choice import MenuChoice
from xreview.tui.widgets.findings.filter import (
    DECIDED,
    DISPUTED,
    OPEN,
    SUPPRESSED,
    Filter,
    FilterKind,
    FilterTerm,
    Subject,
    severity_floor,
    value_counts,
)

_MOST_VALUES = 14
"""What fits on a screen of 24 lines."""
_LONGEST = 40
_MOVING = "jk"
_FREQUENT = (
    ("o", "open", "not decided", FilterTerm(FilterKind.STATE, OPEN)),
    ("d", "decided", "", FilterTerm(FilterKind.STATE, DECIDED)),
    ("u", "suppressed", "settled earlier", FilterTerm(FilterKind.STATE, SUPPRESSED)),
    ("h", "high or higher", "", FilterTerm(FilterKind.SEVERITY, severity_floor(Severity.HIGH))),
    ("n", "not lone", "they agree or clash", FilterTerm(FilterKind.DISAGREEMENT, DISPUTED)),
)
_KEYS = {
    FilterKind.STATE: "s",
    FilterKind.SEVERITY: "v",
    FilterKind.REVIEWER: "r",
    FilterKind.VENDOR: "m",
    FilterKind.CATEGORY: "c",
    FilterKind.DISAGREEMENT: "g",
    FilterKind.LENS: "l",
    FilterKind.FILE: "p",
    FilterKind.FIX: "i",
    FilterKind.THREAD: "e",
    FilterKind.ATTENTION: "w",
}


@dataclass(frozen=True, slots=True)
class Removal:
    """The choice to remove one part of the filter, to be asked which one."""


@dataclass(frozen=True, slots=True)
class TextWanted:
    """The choice to filter by a text, to be typed."""


FilterStep = Filter | FilterKind | Removal | TextWanted
"""What a choice leads to: a filter to apply, or another question."""


class FilterMenu:
    """The questions about a filter, over the findings as it sees them."""

    def __init__(self, chosen: Filter, subjects: Sequence[Subject]) -> None:
        self._chosen = chosen
        self._subjects = subjects
        self._admitted: dict[Filter, Sequence[Subject]] = {Filter(): subjects}
        self._counts: dict[FilterKind, dict[str, int]] = {}

    def choices(self, current: Finding | None) -> list[MenuChoice[FilterStep]]:
        """Return the first question: frequent filters, then the kinds that have several values."""
        found: list[MenuChoice[FilterStep]] = [MenuChoice("a", "all", "show everything", Filter())]
        if self._chosen.terms:
            parts = shorten(self._chosen.label, _LONGEST)
            found.append(MenuChoice("x", "remove…", parts, Removal()))
        found += self._frequent(current)
        for kind, key in _KEYS.items():
            values = list(self._count(kind))
            if len(values) > 1 or self._chosen.has_kind(kind):
                found.append(MenuChoice(key, f"{kind.value}…", _few(values), kind))
        where = "in titles, claims, paths, and code"
        return [*found, MenuChoice("t", "text…", where, TextWanted())]

    def _frequent(self, current: Finding | None) -> list[MenuChoice[FilterStep]]:
        offered = [*_FREQUENT]
        if current is not None:
            path = current.anchor.path
            offered.append(("f", "this file", path, FilterTerm(FilterKind.FILE, path)))
        found: list[MenuChoice[FilterStep]] = []
        for key, label, meaning, term in offered:
            count = count_of(self._count(term.kind).get(term.value, 0), "finding")
            said = f"{count}, {shorten(meaning, _LONGEST)}" if meaning else count
            found.append(MenuChoice(key, label, said, self._chosen.only(term)))
        return found

    def values(self, kind: FilterKind) -> list[MenuChoice[FilterStep]]:
        """Return the second question: the values of a kind; one that is chosen is removed."""
        values = self._values(kind)[:_MOST_VALUES]
        found: list[MenuChoice[FilterStep]] = []
        for key, value in zip(_keys_for(values), values, strict=True):
            term = FilterTerm(kind, value)
            mark = "✕ " if term in self._chosen.terms else ""
            meaning = f"{mark}{count_of(self._count(kind).get(value, 0), 'finding')}"
            label = shorten(value, _LONGEST)
            found.append(MenuChoice(key, label, meaning, self._chosen.toggled(term)))
        return found

    def left_out(self, kind: FilterKind) -> int:
        """Return how many values of a kind `values` has no room for."""
        return max(0, len(self._values(kind)) - _MOST_VALUES)

    def removals(self) -> list[MenuChoice[FilterStep]]:
        """Return the parts of the filter, to remove one."""
        terms = self._chosen.terms[:_MOST_VALUES]
        keys = _keys_for([term.label for term in terms])
        return [
            MenuChoice(
                key, shorten(term.label, _LONGEST), term.kind.value, self._chosen.toggled(term)
            )
            for key, term in zip(keys, terms, strict=True)
        ]

    def _values(self, kind: FilterKind) -> list[str]:
        chosen = [term.value for term in self._chosen.terms if term.kind is kind]
        return list(dict.fromkeys([*chosen, *self._count(kind)]))

    def _count(self, kind: FilterKind) -> dict[str, int]:
        """Return the values in what the other kinds admit, where another one can be chosen."""
        if kind not in self._counts:
            rest = self._chosen.without_kind(kind)
            if rest not in self._admitted:
                self._admitted[rest] = [one for one in self._subjects if rest.admits_subject(one)]
            self._counts[kind] = value_counts(kind, self._admitted[rest])
        return self._counts[kind]


def _keys_for(values: Sequence[str]) -> list[str]:
    """Return a distinct key for each value: a letter of its own if one is free."""
    free = [key for key in ascii_lowercase + digits if key not in _MOVING]
    keys: list[str] = []
    for value in values:
        own = [letter for letter in _name(value).lower() if letter in free]
        key = (own or free)[0]
        free.remove(key)
        keys.append(key)
    return keys


def _few(values: Sequence[str]) -> str:
    """Return some of the values, as an example."""
    names = ", ".join(map(_name, values[:3])) + (" …" if len(values) > 3 else "")
    return shorten(names, _LONGEST)


def _name(value: str) -> str:
    """Return a value without the folders of a path, which many share."""
    return value.rpartition("/")[2]
