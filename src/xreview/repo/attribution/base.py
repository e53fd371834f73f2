"""What every kind of evidence is made of."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from xreview.domain.authorship.author import Evidence, EvidenceKind, WrittenLines
from xreview.domain.authorship.line_ranges import merged_ranges
from xreview.domain.record import dataclass, field, replace
from xreview.domain.report import Confidence

Ranges = list[tuple[int, int]]
"""1-based, inclusive line ranges in any order."""


@dataclass(frozen=True, slots=True)
class NamedWriter:
    """The writer a trace names; "" for what it doesn't say.

    Args:
        tool: as `conventions.toml` calls the agent.
        vendor: as `domain.authorship.family` calls the model family. model: as written.
        confidence: in the vendor (in the tool, if the vendor is unknown).
    """

    tool: str
    vendor: str
    model: str
    confidence: Confidence

    @property
    def is_known(self) -> bool:
        """Whether the tool or the vendor is known."""
        return bool(self.tool or self.vendor)

    def at_most(self, confidence: Confidence) -> "NamedWriter":
        """The writer with at most this confidence."""
        return replace(self, confidence=min(self.confidence, confidence))

    def evidence(
        self,
        kind: EvidenceKind,
        pointer: str,
        commit: str = "",
        lines: tuple[WrittenLines, ...] = (),
        at: str = "",
    ) -> Evidence:
        """The evidence that this writer wrote a commit, or these lines."""
        return Evidence(
            kind, self.tool, self.vendor, self.model, self.confidence, pointer, commit, lines, at
        )


@dataclass(frozen=True)
class GatheredTraces:
    """What was found about a change.

    Args:
        evidence: every trace.
        changed_lines: added lines by commit id and path.
        notices: what wasn't searched, and why.
    """

    evidence: tuple[Evidence, ...] = ()
    changed_lines: Mapping[str, Mapping[str, int]] = field(
        default_factory=dict[str, dict[str, int]]
    )
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deadline:
    """When to stop: `at` on the given clock, in seconds."""

    at: float
    clock: Callable[[], float]

    @property
    def left(self) -> float:
        """Seconds left, at least 0."""
        return max(0.0, self.at - self.clock())


def written_lines(by_path: Mapping[str, Ranges]) -> tuple[WrittenLines, ...]:
    """The lines of several files, with overlapping ranges merged."""
    return tuple(WrittenLines(path, merged_ranges(ranges)) for path, ranges in by_path.items())


def dated(evidence: Evidence, at: datetime | None) -> Evidence:
    """The evidence with a time, as ISO 8601 in UTC."""
    if at is None:
        return evidence
    try:
        return replace(evidence, at=at.astimezone(UTC).isoformat(timespec="seconds"))
    except OverflowError:  # the first or last representable day, in another time zone
        return evidence
