"""How much human reading a finding deserves."""

from xreview.disagreement.groups import is_high_stakes
from xreview.domain.attention.attention import Attention, ChangeAttention
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.finding import Finding


def finding_attention(finding: Finding, change: ChangeAttention | None) -> Attention:
    """Return the attention of a finding; `change` is None while that isn't known."""
    if is_high_stakes(finding):
        return Attention(AttentionLevel.DECIDE)
    return change.of(finding.anchor.path) if change else Attention(AttentionLevel.READ)
