"""What earlier sessions say about a problem, stored with its report."""

from dataclasses import dataclass
from enum import StrEnum


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
