"""A frozen picture of a fix, for front ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from xreview.domain.change import FileDiff
from xreview.domain.finding import Finding
from xreview.domain.fixing.check_run import CheckChange
from xreview.domain.fixing.fixer import FixerIdentity, FixerResult
from xreview.domain.fixing.outcome import FixOutcome, FixVerdict
from xreview.domain.fixing.tampering import Tampering
from xreview.domain.report import Report
from xreview.repo.disposable.applying import PatchPart


class FixStage(StrEnum):
    """What a fix is at."""

    PREPARING = "preparing the tree"
    CHECKING = "running the checks before"
    FIXING = "fixing"
    JUDGING = "judging"
    OVER = "over"


@dataclass(frozen=True)
class FixerChoice:
    """A fixer that can be asked; `why_not` says why it can't, "" if it can."""

    identity: FixerIdentity
    why_not: str = ""
    is_default: bool = False
    about: str = ""


@dataclass(frozen=True)
class FixedFinding:
    """A finding that was handed over, what the fixer says and what it did to the finding."""

    finding: Finding
    verdict: FixVerdict | None = None
    result: FixerResult | None = None
    parts: tuple[PatchPart, ...] = ()


@dataclass(frozen=True)
class FixSnapshot:
    """The state of one fix."""

    id: str
    fixer: FixerIdentity
    stage: FixStage
    findings: tuple[FixedFinding, ...]
    files: tuple[FileDiff, ...] = ()
    outside: tuple[PatchPart, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict[str, str])
    raised: tuple[Report, ...] = ()
    checks: tuple[CheckChange, ...] = ()
    tampering: tuple[Tampering, ...] = ()
    doing: str = ""
    cost: float | None = None
    most: float | None = None
    seconds: float = 0.0
    notices: tuple[str, ...] = ()
    why: str = ""
    folder: Path | None = None
    applied: tuple[PatchPart, ...] = ()
    is_round_two: bool = False

    @property
    def header(self) -> str:
        """`3 fixed · 1 still there · checks 212/212 (before 212/212) · $0.41 · 2m10s`."""
        outcomes = [one.verdict.outcome for one in self.findings if one.verdict]
        counts = [(outcomes.count(one), one) for one in reversed(FixOutcome)]
        parts = [f"{count} {outcome}" for count, outcome in counts if count]
        minutes, seconds = divmod(round(self.seconds), 60)
        parts.append(f"{minutes}m{seconds}s" if minutes else f"{seconds}s")
        return " · ".join(parts)
