"""What the user decides about a finding."""

from enum import StrEnum

from xreview.domain.record import dataclass


class Verdict(StrEnum):
    """The three decisions."""

    ACCEPT = "accept"
    REJECT = "reject"
    ESCALATE = "escalate"

    @property
    def done(self) -> str:
        """The past participle."""
        return f"{self.value}{'d' if self.value.endswith('e') else 'ed'}"


class Reason(StrEnum):
    """The reason for a verdict; for `escalate`, the target."""

    FIX = "fix"
    FIX_DIFFERENTLY = "fix-differently"
    REVIEWER_WRONG = "reviewer-wrong"
    INTENDED = "intended"
    TRADE_OFF = "trade-off"
    OUT_OF_SCOPE = "out-of-scope"
    DUPLICATE = "duplicate"
    LATER = "later"
    ARBITER = "arbiter"
    PERSON = "person"
    MEASURE = "measure"


REASONS: dict[Verdict, tuple[Reason, ...]] = {
    Verdict.ACCEPT: (Reason.FIX, Reason.FIX_DIFFERENTLY),
    Verdict.REJECT: (
        Reason.REVIEWER_WRONG,
        Reason.INTENDED,
        Reason.TRADE_OFF,
        Reason.OUT_OF_SCOPE,
        Reason.DUPLICATE,
        Reason.LATER,
    ),
    Verdict.ESCALATE: (Reason.ARBITER, Reason.PERSON, Reason.MEASURE),
}

REASON_MEANINGS: dict[Reason, str] = {
    Reason.FIX: "fix it as suggested",
    Reason.FIX_DIFFERENTLY: "fix it another way",
    Reason.REVIEWER_WRONG: "the reviewer is wrong",
    Reason.INTENDED: "intended: remember this as a convention",
    Reason.TRADE_OFF: "a trade-off: keep the code as is",
    Reason.OUT_OF_SCOPE: "right, but not in this change",
    Reason.DUPLICATE: "the same as another finding",
    Reason.LATER: "right, but later",
    Reason.ARBITER: "ask a third vendor's model",
    Reason.PERSON: "ask a colleague",
    Reason.MEASURE: "settle it with a test or benchmark",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict with its reason. Raises ValueError if the reason belongs to another verdict."""

    verdict: Verdict
    reason: Reason

    def __post_init__(self) -> None:
        if self.reason not in REASONS[self.verdict]:
            raise ValueError(f"{self.reason} isn't a reason to {self.verdict}")

    @property
    def label(self) -> str:
        """`rejected: intended`."""
        return f"{self.verdict.done}: {self.reason}"
