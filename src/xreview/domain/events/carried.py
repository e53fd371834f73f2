"""What is known of a finding from earlier sessions, as it is written down with its report."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from xreview.domain.events.event_json import Json, flag_in, object_of, text_in, text_or_none_in


class CarriedState(StrEnum):
    """What became of a problem since it was last seen.

    `fixed`: its file was read again by the same reviewer and it is gone. `back`: it was fixed and
    is there again.
    """

    NEW = "new"
    STILL_THERE = "still there"
    FIXED = "fixed"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Suppression:
    """Why a finding is not asked again: shown on request, always with who said so and when.

    Args:
        why: the reason in words.
        owner, at: who decided or wrote the convention, and when (as in `Event.at`).
        convention: the id of the convention, "" where it is the finding's own rejection.
        until: the day (ISO 8601) on which a finding that was put off comes back.
    """

    why: str
    owner: str
    at: str
    convention: str = ""
    until: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The suppression as JSON values."""
        return {
            "why": self.why,
            "owner": self.owner,
            "at": self.at,
            "convention": self.convention,
            "until": self.until,
        }

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The suppression out of JSON values; KeyError or ValueError where they do not fit."""
        return cls(
            text_in(data, "why"),
            text_in(data, "owner"),
            text_in(data, "at"),
            text_in(data, "convention"),
            text_or_none_in(data, "until"),
        )


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """What a report has from the sessions before its own.

    Args:
        state: what became of its problem.
        suppression: why it need not be asked again; None where it must.
        is_reopened: it had been put off and is asked again: what was decided before does not hold.
        replaces: the identity it had before its code was edited; "" where it was not.
    """

    state: CarriedState
    suppression: Suppression | None = None
    is_reopened: bool = False
    replaces: str = ""

    def to_json(self) -> dict[str, Any]:
        """What was carried over as JSON values."""
        return {
            "state": self.state.value,
            "suppression": self.suppression and self.suppression.to_json(),
            "is_reopened": self.is_reopened,
            "replaces": self.replaces,
        }

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """What was carried over, out of JSON values; KeyError or ValueError where they do not
        fit."""
        suppression = data["suppression"]
        return cls(
            CarriedState(text_in(data, "state")),
            None if suppression is None else Suppression.from_json(object_of(suppression)),
            flag_in(data, "is_reopened"),
            text_in(data, "replaces"),
        )
