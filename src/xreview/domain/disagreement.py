"""The kind of disagreement about a finding, computed from its stances."""

from enum import StrEnum


class Disagreement(StrEnum):
    """The kinds, those that need a decision most first."""

    CONTESTED = "contested"
    CONFLICT = "conflict"
    TRADE_OFF = "trade-off"
    CORROBORATED = "corroborated"
    CONCEDED = "conceded"
    LONE = "lone"

    @property
    def meaning(self) -> str:
        """One sentence about the kind."""
        return _MEANINGS[self]


_MEANINGS = {
    Disagreement.CONTESTED: "Another model rebuts it: decide who is right.",
    Disagreement.CONFLICT: "Two reports ask for opposite changes in this place.",
    Disagreement.TRADE_OFF: "Both sides have a point: decide or measure.",
    Disagreement.CORROBORATED: "Two independent reviewers raised it.",
    Disagreement.CONCEDED: "Another model, shown the code, agrees with it.",
    Disagreement.LONE: "One reviewer raised it; nobody answered.",
}
