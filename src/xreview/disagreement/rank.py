"""In what order findings deserve to be read."""

from xreview.domain.disagreement import Disagreement
from xreview.domain.finding import Finding
from xreview.domain.report import Severity

_ATTENTION = {kind: place for place, kind in enumerate(Disagreement)}


def by_attention(finding: Finding) -> tuple[bool, bool, int, int, int, str, int]:
    """Sort key: minor and unanchored last; then by kind of disagreement, severity and place."""
    lead = finding.lead
    return (
        is_minor(finding),
        not lead.anchored,
        _ATTENTION[finding.disagreement],
        -finding.severity,
        -lead.confidence,
        finding.anchor.path,
        finding.anchor.start_line,
    )


def is_minor(finding: Finding) -> bool:
    """Whether it may be folded away at first: lone and of low severity. Never dropped."""
    return finding.disagreement is Disagreement.LONE and finding.severity is Severity.LOW
