"""How much human reading a finding deserves."""

from xreview.disagreement.groups import Group, group_of, is_high_stakes
from xreview.domain.attention.attention import (
    Attention,
    AttentionQuestion,
    AttentionReason,
    ChangeAttention,
)
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.report import Severity

_PARTED = {
    Disagreement.CONTESTED: "another model rebuts it",
    Disagreement.CONFLICT: "two reports ask for opposite changes",
    Disagreement.TRADE_OFF: "both sides have a point",
}
_SEVERE = {
    Severity.CRITICAL: AttentionLevel.STUDY,
    Severity.HIGH: AttentionLevel.READ,
}
_UNKNOWN = Attention(AttentionLevel.READ)


def finding_attention(finding: Finding, change: ChangeAttention | None) -> Attention:
    """Return the attention of a finding; `change` is None while that isn't known.

    It has its file's level. High stakes make it `decide`, a critical severity or a disagreement at
    least `study`, a high severity at least `read`. Otherwise a low severity lowers it by one, not
    below `skim`; never from `decide`, since the author of the change could talk a model into
    calling it low.
    """
    file = change.of(finding.anchor.path) if change else _UNKNOWN
    path = finding.anchor.path
    raised = [
        (level, AttentionReason(question, words, path)) for level, question, words in _own(finding)
    ]
    own = max((level for level, _ in raised), default=AttentionLevel.SKIP)
    level = max(file.level, own)
    is_low = finding.severity is Severity.LOW and not raised
    if is_low and AttentionLevel.SKIM < level < AttentionLevel.DECIDE:
        low = AttentionReason(AttentionQuestion.COST, "its severity is low", path, raises=False)
        return Attention(AttentionLevel(level - 1), (*file.reasons, low))
    said = tuple(reason for _, reason in raised)
    return Attention(level, (*said, *file.reasons) if own == level else (*file.reasons, *said))


def can_be_confirmed_in_bulk(finding: Finding, change: ChangeAttention | None) -> bool:
    """Whether one key may accept it together with others, once their list was shown: all that read
    it agree, and no person has to decide it."""
    is_agreed = group_of(finding) is Group.QUICK_CONFIRM
    return is_agreed and finding_attention(finding, change).level < AttentionLevel.DECIDE


def _own(finding: Finding) -> list[tuple[AttentionLevel, AttentionQuestion, str]]:
    """What the finding itself says, the weightiest first."""
    found: list[tuple[AttentionLevel, AttentionQuestion, str]] = []
    cost = AttentionQuestion.COST
    if is_high_stakes(finding):
        words = "it is about security, data, money, or authentication"
        found.append((AttentionLevel.DECIDE, cost, words))
    if words := _PARTED.get(finding.disagreement):
        found.append((AttentionLevel.STUDY, AttentionQuestion.CHECK, words))
    if level := _SEVERE.get(finding.severity):
        found.append((level, cost, f"its severity is {finding.severity.word}"))
    return found
