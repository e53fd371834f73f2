"""What a review used, as the payload of an event."""

import math
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from xreview.domain.events.event_json import Json, number_in, text_in


@dataclass(frozen=True, slots=True)
class UsageReceived:
    """A reviewer came to its end, or was stopped; several of one session and reviewer add up.

    Args:
        reviewer: its name.
        input_tokens, output_tokens: what a model read and wrote.
        cost: US dollars, None where a price is unknown.
        seconds: how long it took.

    Raises ValueError for an amount that is negative or no finite number.
    """

    type: ClassVar[str] = "usage-received"
    version: ClassVar[int] = 1
    reviewer: str
    input_tokens: int
    output_tokens: int
    cost: float | None
    seconds: float

    def __post_init__(self) -> None:
        for amount in (self.input_tokens, self.output_tokens, self.cost or 0.0, self.seconds):
            if not math.isfinite(amount) or amount < 0:
                raise ValueError(f"{amount} is no amount of anything")

    def to_json(self) -> dict[str, Any]:
        """The payload as JSON values."""
        return {
            "reviewer": self.reviewer,
            "input_tokens": self.input_tokens,
            "output_tokens": self.output_tokens,
            "cost": self.cost,
            "seconds": self.seconds,
        }

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The payload out of JSON values; KeyError or ValueError where they do not fit."""
        return cls(
            text_in(data, "reviewer"),
            number_in(data, "input_tokens"),
            number_in(data, "output_tokens"),
            None if data["cost"] is None else _amount_in(data, "cost"),
            _amount_in(data, "seconds"),
        )


def _amount_in(data: Json, name: str) -> float:
    value = data[name]
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ValueError(f"{name} is no number")
    try:
        return float(value)
    except OverflowError as error:
        raise ValueError(f"{name} is too large") from error
