"""Adds up what is known about one file into a level with its reasons."""

from xreview.domain.attention.attention import Attention, AttentionQuestion, AttentionReason
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.record import dataclass, field


@dataclass(slots=True)
class AttentionTally:
    """The level of a file so far; the reason that set it comes first."""

    path: str
    level: AttentionLevel = AttentionLevel.SKIP
    _reasons: list[tuple[int, AttentionReason]] = field(
        default_factory=list[tuple[int, AttentionReason]]
    )

    def at_least(
        self, level: int, question: AttentionQuestion, words: str, *, raises: bool = True
    ) -> None:
        """Raise the level, if it is lower; keep the reason, as weighty as its level."""
        self.level = max(self.level, AttentionLevel(level))
        self._reasons.append((level, AttentionReason(question, words, self.path, raises)))

    def note(self, question: AttentionQuestion, words: str, *, raises: bool) -> None:
        """Keep a reason that doesn't move the level here."""
        self._reasons.append((0, AttentionReason(question, words, self.path, raises)))

    def lower(self, least: AttentionLevel, question: AttentionQuestion, words: str) -> None:
        """Lower the level by one, not below `least`; a level that is there already stays."""
        if self.level > least:
            self.level = AttentionLevel(self.level - 1)
            self.note(question, words, raises=False)

    @property
    def attention(self) -> Attention:
        """The level and its reasons, the weightiest first."""
        ordered = sorted(self._reasons, key=lambda one: -one[0])  # stable
        return Attention(self.level, tuple(reason for _, reason in ordered))
