"""What every kind of evidence is made of."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import cast

from xreview.domain.authorship.author import Evidence
from xreview.domain.report import Confidence

Record = Mapping[str, object]
"""A JSON object that someone else wrote: nothing about its values is certain."""


@dataclass(frozen=True, slots=True)
class NamedWriter:
    """Who a trace names. "" for what it does not tell.

    Args:
        tool: the agent, as `conventions.toml` calls it.
        vendor: the model family, as `domain.family` calls it.
        model: the model's name, as it was written.
        confidence: how sure the vendor is (the tool, where no vendor is told).
    """

    tool: str
    vendor: str
    model: str
    confidence: Confidence


@dataclass(frozen=True)
class GatheredTraces:
    """What was found about a change.

    Args:
        evidence: every trace.
        changed_lines: the lines each commit added, by commit id and path.
        notices: what was not looked at, and why.
    """

    evidence: tuple[Evidence, ...] = ()
    changed_lines: Mapping[str, Mapping[str, int]] = field(
        default_factory=dict[str, dict[str, int]]
    )
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when to look: `at` on the given clock, in seconds."""

    at: float
    clock: Callable[[], float]

    @property
    def left(self) -> float:
        """Seconds left, 0 where it is over."""
        return max(0.0, self.at - self.clock())


def dated(evidence: Evidence, at: datetime | None) -> Evidence:
    """The evidence with a time, as ISO 8601 in UTC."""
    if at is None:
        return evidence
    try:
        return replace(evidence, at=at.astimezone(UTC).isoformat(timespec="seconds"))
    except OverflowError:  # the first or last day there is, in another time zone
        return evidence


def parse_record(text: str | bytes) -> Record | None:
    """The JSON object in a text; None where it is none."""
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):  # not JSON, not UTF-8, or nested without end
        return None
    return cast("Record", value) if isinstance(value, dict) else None


def record_at(record: Record, key: str) -> Record:
    """The object at a key; empty where there is none."""
    value = record.get(key)
    return cast("Record", value) if isinstance(value, dict) else {}


def trace_text(record: Record, key: str) -> str:
    """The text at a key; "" where there is none."""
    value = record.get(key)
    return value if isinstance(value, str) else ""


def number_at(record: Record, key: str) -> int:
    """The whole number at a key; 0 where there is none."""
    value = record.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def records_at(record: Record, key: str) -> Iterator[Record]:
    """The objects in the list at a key."""
    value = record.get(key)
    for item in cast("list[object]", value) if isinstance(value, list) else ():
        if isinstance(item, dict):
            yield cast("Record", item)


def texts_at(record: Record, key: str) -> Iterator[str]:
    """The texts in the list at a key."""
    value = record.get(key)
    for item in cast("list[object]", value) if isinstance(value, list) else ():
        if isinstance(item, str):
            yield item
