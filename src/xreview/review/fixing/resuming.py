"""A fix of an earlier run as it was left, for a second round to go on from."""

from collections.abc import Sequence
from pathlib import Path

from xreview.domain.finding import Finding
from xreview.domain.fixing.check_run import CheckChange
from xreview.domain.fixing.fixer import FixerIdentity, FixerKind, FixerResult, FixerStatus
from xreview.domain.fixing.outcome import FixVerdict
from xreview.repo.disposable.taking import TreePatch
from xreview.review.fixing.kept import KeptFinding, KeptFix
from xreview.review.fixing.matching import all_parts
from xreview.review.fixing.snapshot import FixedFinding, FixSnapshot, FixStage


def resumed_snapshot(
    fix: KeptFix, findings: Sequence[Finding], patch: TreePatch, top: Path
) -> FixSnapshot:
    """How a kept fix stands; what isn't kept of it is left out.

    Args:
        findings: those that it was about, as they are known now.
        top: the folder of its files.
    """
    parts = frozenset(all_parts(patch.files))
    found = tuple(
        _fixed(one, kept, parts) for one in findings if (kept := _kept_of(one, fix)) is not None
    )
    wanted = frozenset(part for one in found for part in one.parts)
    return FixSnapshot(
        fix.id,
        FixerIdentity(fix.fixer, FixerKind.AGENT),
        FixStage.OVER,
        found,
        files=patch.files,
        outside=tuple(part for part in all_parts(patch.files) if part not in wanted),
        refused=patch.refused,
        checks=tuple(CheckChange(run, None) for run in fix.before),
        folder=top,
    )


def _kept_of(finding: Finding, fix: KeptFix) -> KeptFinding | None:
    names = set(finding.fingerprints)
    return next((one for one in fix.findings if names.intersection(one.subjects)), None)


def _fixed(finding: Finding, kept: KeptFinding, there: frozenset[object]) -> FixedFinding:
    return FixedFinding(
        finding,
        FixVerdict(finding.fingerprints, kept.outcome, kept.evidence),
        FixerResult(finding.fingerprint, FixerStatus.FIXED, kept.files),
        tuple(part for part in kept.parts if part in there),
    )
