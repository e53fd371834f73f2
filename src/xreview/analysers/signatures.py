"""What a function takes, what a call passes, and whether the two fit."""

from collections.abc import Iterable
from enum import StrEnum

from xreview.domain.record import dataclass
from xreview.domain.text import count_of


class ParameterKind(StrEnum):
    """How a parameter is passed, and whether it must be."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    MANY = "many"
    NAMED = "named"
    NAMED_OPTIONAL = "named-optional"
    ANY_NAMED = "any-named"


_POSITIONAL = (ParameterKind.REQUIRED, ParameterKind.OPTIONAL)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter, without the receiver of a method."""

    name: str
    kind: ParameterKind


ANYTHING = (Parameter("", ParameterKind.MANY), Parameter("", ParameterKind.ANY_NAMED))
"""The parameters of a function whose own can't be known, as behind a decorator."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A function or method that a file defines.

    `owner` is its class, or ""; `inherits` says whether that has bases.
    """

    name: str
    owner: str
    parameters: tuple[Parameter, ...]
    inherits: bool = False

    @property
    def positional(self) -> tuple[Parameter, ...]:
        """The parameters that are passed by their place."""
        return tuple(one for one in self.parameters if one.kind in _POSITIONAL)

    def _has(self, kind: ParameterKind) -> bool:
        return any(one.kind is kind for one in self.parameters)

    def misfit(self, call: "CallSite") -> str:
        """What doesn't fit in a call, in a few words; "" if all does or that can't be seen."""
        if call.is_open:
            return ""
        names = {one.name for one in self.parameters}
        unknown = [name for name in call.named if name not in names]
        if unknown and not self._has(ParameterKind.ANY_NAMED):
            return f"passes {unknown[0]}, which it doesn't take"
        least = [one for one in self.positional if one.kind is ParameterKind.REQUIRED]
        by_name = [one for one in self.positional[call.positional :] if one.name in call.named]
        passed = call.positional + len(by_name)
        if call.positional > len(self.positional) and not self._has(ParameterKind.MANY):
            return _counts(passed, "takes", len(self.positional))
        missing = [one for one in least[call.positional :] if one.name not in call.named]
        if missing:
            return _counts(passed, "needs", len(least))
        for one in self.parameters:
            if one.kind is ParameterKind.NAMED and one.name not in call.named:
                return f"doesn't pass {one.name}"
        return ""

    def reorders(self, before: "Signature") -> bool:
        """Whether it takes the same parameters by place as before, in another order."""
        now, then = ([one.name for one in each.positional] for each in (self, before))
        return now != then and sorted(now) == sorted(then)


def _counts(passed: int, verb: str, wanted: int) -> str:
    return f"passes {count_of(passed, 'argument')}, {verb} {wanted}"


@dataclass(frozen=True, slots=True)
class CallSite:
    """A call.

    Args:
        line, end_line: 1-based and inclusive.
        receiver: what is before the name: "self", "module.Class"; "" for a bare name.
        positional, named: how many arguments are passed by place, and the names of the others.
        is_open: whether the number can't be seen (`*args`).
    """

    name: str
    receiver: str
    line: int
    end_line: int
    positional: int
    named: tuple[str, ...] = ()
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class FileSymbols:
    """What was looked for in one file."""

    signatures: tuple[Signature, ...] = ()
    calls: tuple[CallSite, ...] = ()


@dataclass(frozen=True, slots=True)
class AlteredSignature:
    """A function before a change and after it; `after` is None if it is gone."""

    before: Signature
    after: Signature | None

    def misfit(self, call: CallSite) -> str:
        """Why a call that fitted before doesn't any more; "" if it does, or never did."""
        if self.before.misfit(call):
            return ""
        if self.after is None:
            return "it's gone"
        if why := self.after.misfit(call):
            return why
        if self.after.reorders(self.before) and call.positional > 1:
            return "its parameters are in another order"
        return ""


def altered(old: Iterable[Signature], new: Iterable[Signature]) -> tuple[AlteredSignature, ...]:
    """Return what differs between the sides of a file; not what it defines more than once."""
    before, after = _unique(old), _unique(new)
    found: list[AlteredSignature] = []
    for key, one in before.items():
        now = after.get(key)
        if one is None or one.parameters == ANYTHING or (key in after and now is None):
            continue
        if now is None or now.parameters != one.parameters:
            found.append(AlteredSignature(one, now))
    return tuple(found)


def _unique(signatures: Iterable[Signature]) -> dict[tuple[str, str], Signature | None]:
    """By owner and name; None for what has several definitions."""
    found: dict[tuple[str, str], Signature | None] = {}
    for one in signatures:
        key = (one.owner, one.name)
        found[key] = None if key in found else one
    return found
