"""The attention that a change and its files deserve, with reasons."""

from collections.abc import Mapping
from enum import StrEnum

from xreview.domain.attention.level import AttentionLevel
from xreview.domain.record import dataclass, field


class AttentionQuestion(StrEnum):
    """What a level depends on."""

    COST = "what a mistake costs"
    CHECK = "how easily it is verified"
    CONTEXT = "how much context it needs"
    UNDO = "whether it can be undone"
    EXPERIENCE = "what happened before"
    POLICY = "what the repository demands"


@dataclass(frozen=True, slots=True)
class AttentionReason:
    """Why a level is what it is.

    Args:
        words: one short clause, raw: it can quote paths and names.
        path: the file it is about, raw; "" for the whole change.
        raises: False if it lowers the level.
    """

    question: AttentionQuestion
    words: str
    path: str = ""
    raises: bool = True


@dataclass(frozen=True, slots=True)
class Attention:
    """A level with its reasons, the weightiest first."""

    level: AttentionLevel
    reasons: tuple[AttentionReason, ...] = ()


@dataclass(frozen=True)
class ChangeAttention:
    """The attention of a change and of each of its files, by path."""

    change: Attention
    files: Mapping[str, Attention] = field(default_factory=dict[str, Attention])

    def of(self, path: str) -> Attention:
        """The attention of a file; the whole change's for a path that isn't in it."""
        return self.files.get(path, self.change)
