"""What earlier sessions say about a problem, stored with its report."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from xreview.domain.record import dataclass


class CarriedState(StrEnum):
    """How a problem compares with the last time it was seen.

    `fixed`: the same reviewer read its file again and the problem is gone. `back`: it was fixed and
    is there again. `regressed`: so it is after a fix that was judged `fixed` and applied.
    """

    NEW = "new"
    STILL_THERE = "still there"
    FIXED = "fixed"
    BACK = "back"
    REGRESSED = "regressed"


@dataclass(frozen=True, slots=True)
class Suppression:
    """Why a finding isn't raised again; shown on request, always with who said so and when.

    Args:
        why: the reason in words.
        owner, at: who decided or wrote the convention, and when (as in `Event.at`).
        convention: the id of the convention; "" for the finding's own rejection.
        until: the day (ISO 8601) on which a finding decided `later` comes back.
    """

    why: str
    owner: str
    at: str
    convention: str = ""
    until: str | None = None


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """What a report has from earlier sessions.

    Args:
        state: how its problem compares with the last session.
        suppression: why it need not be raised again; None if it must be.
        is_reopened: the problem was decided `later` and is due: earlier decisions don't hold.
        replaces: its fingerprint before its code was edited; "" if it wasn't.
    """

    state: CarriedState
    suppression: Suppression | None = None
    is_reopened: bool = False
    replaces: str = ""


_TELLING_FIRST = (
    CarriedState.REGRESSED, CarriedState.BACK, CarriedState.STILL_THERE, CarriedState.NEW,
)  # fmt: skip


def state_in(carried: Iterable[CarriedOver | None]) -> CarriedState | None:
    """The state of a finding by its reports: the most telling one decides; None if unknown."""
    states = {one.state for one in carried if one}
    return next((state for state in _TELLING_FIRST if state in states), None)


def suppression_in(carried: Iterable[CarriedOver | None]) -> Suppression | None:
    """Why a finding isn't asked again: only if every one of its reports is suppressed."""
    found = [one.suppression if one else None for one in carried]
    return found[0] if found and all(found) else None


def carry_counts(states: Iterable[CarriedState]) -> Mapping[CarriedState, int]:
    """How many there are of each state, including 0."""
    found = dict.fromkeys(CarriedState, 0)
    for state in states:
        found[state] += 1
    return found
