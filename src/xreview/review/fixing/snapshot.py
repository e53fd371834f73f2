"""A frozen picture of a fix, for front ends."""

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from xreview.domain.change import FileDiff
from xreview.domain.finding import Finding
from xreview.domain.fixing.check_run import CheckChange
from xreview.domain.fixing.fixer import FixerIdentity, FixerResult
from xreview.domain.fixing.outcome import FixOutcome, FixVerdict
from xreview.domain.fixing.tampering import Tampering, tampering_is_certain
from xreview.domain.record import dataclass, field, replace
from xreview.domain.report import Report
from xreview.domain.text import clock_words
from xreview.repo.disposable.applying import PatchPart
from xreview.review.fixing.rounds import RoundVerdict, carried_verdict, holding_verdict


class FixStage(StrEnum):
    """What is done now."""

    PREPARING = "preparing the tree"
    CHECKING = "running the checks before"
    FIXING = "fixing"
    JUDGING = "judging"
    OVER = "over"


@dataclass(frozen=True)
class FixedFinding:
    """A finding in a fix.

    Args:
        verdict: what the fix did to it; None until it is judged.
        result: what the fixer says about it.
        parts: the parts of the patch that were made for it.
        rounds: in a second round, how each round ended for it.
    """

    finding: Finding
    verdict: FixVerdict | None = None
    result: FixerResult | None = None
    parts: tuple[PatchPart, ...] = ()
    rounds: tuple[RoundVerdict, ...] = ()

    @property
    def is_carried(self) -> bool:
        """Whether it isn't part of this round: the first one fixed it."""
        return len(self.rounds) == 1 and self.verdict is not None

    def again(self) -> "FixedFinding":
        """Return it as it enters a second round."""
        rounds = (RoundVerdict(1, self.verdict),) if self.verdict else ()
        return FixedFinding(self.finding, rounds=rounds)

    def carried(self) -> "FixedFinding":
        """Return it as it enters a second round that isn't about it."""
        if self.verdict is None:
            return FixedFinding(self.finding, parts=self.parts)
        rounds = (RoundVerdict(1, self.verdict),)
        verdict = carried_verdict(self.verdict)
        return FixedFinding(self.finding, verdict, self.result, self.parts, rounds)

    def judged(self, verdict: FixVerdict | None, *, is_stopped: bool = False) -> "FixedFinding":
        """Return it with the verdict of this round, or as it is if it isn't part of it."""
        if verdict is None or self.is_carried:
            return self
        if not self.rounds:
            return replace(self, verdict=verdict)
        rounds = (*self.rounds, RoundVerdict(2, verdict))
        held = holding_verdict(rounds) if is_stopped else verdict
        return replace(self, verdict=held, rounds=rounds)


@dataclass(frozen=True)
class FixSnapshot:
    """The state of a fix.

    Args:
        files: the patch.
        outside: the parts of it that no finding asked for; applied only on request.
        refused: the paths that can't be part of the patch, and why.
        raised: problems that the patch itself raises.
        doing: what the fixer or a check does now, raw; "" for nothing.
        cost, most: US dollars spent (None if unknown), and the cap.
        why: why it ended early; "" if it didn't.
        folder: the files as the fixer left them; None until they are there.
        applied: the parts that are in the user's files.
    """

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
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.stage is FixStage.OVER

    @property
    def is_suspicious(self) -> bool:
        """Whether it weakens tests or breaks something, so that applying it needs a look first."""
        judged = (one.verdict.outcome for one in self.findings if one.verdict)
        is_bad = any(outcome.is_suspicious for outcome in judged)
        return is_bad or tampering_is_certain(self.tampering)

    @property
    def is_settled(self) -> bool:
        """Whether it is over and nothing of its patch is left to apply."""
        left = set(self.wanted or self.outside) - set(self.applied)
        return self.is_over and not left

    @property
    def wanted(self) -> tuple[PatchPart, ...]:
        """The parts of the patch that findings asked for."""
        return tuple(dict.fromkeys(part for one in self.findings for part in one.parts))

    @property
    def header(self) -> str:
        """`1 still there · 3 fixed · checks 212/212 (before 212/212) · $0.41 · 2m10s`."""
        counts = Counter(one.verdict.outcome for one in self.findings if one.verdict)
        words = [f"{counts[outcome]} {outcome}" for outcome in FixOutcome if counts[outcome]]
        if self.raised:
            words.append(f"{len(self.raised)} new")
        if checks := checks_tally(self.checks):
            words.append(checks)
        if self.cost is not None:
            words.append(f"${self.cost:.2f}")
        words.append(clock_words(self.seconds))
        return " · ".join(words)


def checks_tally(changes: tuple[CheckChange, ...]) -> str:
    """The checks in a few words: `checks 212/212 (before 212/212)`; "" for none."""
    if not changes:
        return ""
    if not any(change.after for change in changes):
        return f"checks {_tally(changes, is_after=False)} before"
    after, before = _tally(changes, is_after=True), _tally(changes, is_after=False)
    return f"checks {after} (before {before})"


def _tally(changes: tuple[CheckChange, ...], *, is_after: bool) -> str:
    """How many tests of all pass; of the checks, where their output doesn't tell."""
    runs = [run for one in changes if (run := one.after if is_after else one.before)]
    if runs and all(run.passed is not None for run in runs):
        passed = sum(run.passed or 0 for run in runs)
        return f"{passed}/{passed + sum(len(run.failed) for run in runs)}"
    return f"{sum(run.is_green for run in runs)}/{len(changes)}"
