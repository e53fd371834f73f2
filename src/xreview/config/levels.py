"""A level of attention as a setting or an option: its number or its word."""

from typing import Any

from xreview.config.kinds import Unfit, ValueKind, Whole
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.record import dataclass

LEVEL_WORDS = tuple(text for level in AttentionLevel for text in (str(level.value), level.word))
"""What a user can write for a level."""

_NUMBER = Whole(0, AttentionLevel.DECIDE.value)
_BY_WORD = {level.word: level for level in AttentionLevel}


@dataclass(frozen=True, slots=True)
class LevelChoice(ValueKind):
    """A level from 1 to 5, or its word; 0 for none."""

    def parse(self, raw: object) -> int:
        """Return the number."""
        if isinstance(raw, str) and raw in _BY_WORD:
            return _BY_WORD[raw].value
        try:
            return _NUMBER.parse(raw)
        except Unfit as why:
            words = ", ".join(f'"{word}"' for word in _BY_WORD)
            raise Unfit(f"{str(why).removesuffix('.')}, or one of {words}.") from why

    def from_text(self, text: str) -> object:
        """Read a digit; return a word in lower case."""
        return _NUMBER.from_text(text.strip().lower())

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        return {"anyOf": [_NUMBER.schema(), {"enum": list(_BY_WORD)}]}
