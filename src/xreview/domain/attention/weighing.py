"""Weighs the questions that a level depends on."""

from collections.abc import Mapping

from xreview.domain.attention.attention import (
    Attention,
    AttentionQuestion,
    AttentionReason,
    ChangeAttention,
)
from xreview.domain.attention.experience import NO_EXPERIENCE, Experience
from xreview.domain.attention.file_facts import FileFacts
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.stakes.stakes import FileToCheck, Stakes


def attention_of(
    stakes: Stakes,
    facts: Mapping[str, FileFacts],
    demanded: Mapping[str, AttentionLevel],
    experience: Experience = NO_EXPERIENCE,
) -> ChangeAttention:
    """Return the attention of a change and of each of its files.

    Args:
        facts: by path; what isn't there is unknown.
        demanded: the least level of files, by path.
    """
    files: dict[str, Attention] = {}
    for part in stakes.parts:
        if isinstance(part, FileToCheck):
            risks = [risk for risk in stakes.risks if risk.path == part.path]
            level = AttentionLevel.STUDY if risks else AttentionLevel.READ
            level = max(level, demanded.get(part.path, level))
            reasons = tuple(
                AttentionReason(AttentionQuestion.COST, f"it touches {risk.what}", part.path)
                for risk in risks
            )
            files[part.path] = Attention(level, reasons)
    top = max((one.level for one in files.values()), default=AttentionLevel.READ)
    return ChangeAttention(Attention(top), files)
