"""How often a model's replies followed the schema."""

from xreview.domain.record import dataclass
from xreview.domain.text import count_of


@dataclass(frozen=True, slots=True)
class ReplyCount:
    """Replies that were checked against the schema, those of cached answers excluded.

    Raises ValueError unless 0 ≤ `repaired` ≤ `malformed` ≤ `answers`.

    Args:
        answers: how many questions got a whole reply.
        malformed: how many of the replies broke the schema at first.
        repaired: how many of these the model corrected when it was told why.
    """

    answers: int = 0
    malformed: int = 0
    repaired: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.repaired <= self.malformed <= self.answers:
            raise ValueError(f"{self.answers} replies, {self.malformed} malformed, {self.repaired}")

    def __add__(self, other: "ReplyCount") -> "ReplyCount":
        return ReplyCount(
            self.answers + other.answers,
            self.malformed + other.malformed,
            self.repaired + other.repaired,
        )

    @property
    def words(self) -> str:
        """`3 of 40 replies broke the schema, 2 repaired`; "" if none did."""
        if not self.malformed:
            return ""
        of = f"{self.malformed:,} of {count_of(self.answers, 'reply', 'replies')}"
        return f"{of} broke the schema, {self.repaired:,} repaired"
