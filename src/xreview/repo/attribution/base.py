"""What every kind of evidence is made of, and what is read of a file at most."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from xreview.domain.author import Evidence
from xreview.domain.report import Confidence

PERSON = "person"
"""The tool of evidence that says a person wrote something. Silence never says that."""

Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Writer:
    """Who a trace names. "" for what it does not tell.

    Args:
        tool: the agent, as `conventions.toml` calls it.
        vendor: the model family, as `domain.family` calls it.
        model: the model's name, as it was written.
    """

    tool: str
    vendor: str
    model: str
    confidence: Confidence


@dataclass(frozen=True)
class Gathered:
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


def merged_ranges(ranges: list[tuple[int, int]]) -> Ranges:
    """The ranges in order, those that overlap or touch made one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
