"""What a fix did to one finding."""

from enum import StrEnum

from xreview.domain.record import dataclass


class FixOutcome(StrEnum):
    """The outcomes, those that need a person most first. Only `fixed` means that it worked."""

    TAMPERED = "tampered"
    REGRESSED = "regressed"
    STILL_THERE = "still there"
    BLOCKED = "blocked"
    NOT_VERIFIED = "not verified"
    FIXED = "fixed"

    @property
    def is_suspicious(self) -> bool:
        """Whether the patch needs a look before it is applied."""
        return self in (FixOutcome.TAMPERED, FixOutcome.REGRESSED)

    @property
    def meaning(self) -> str:
        """One sentence about the outcome."""
        return _MEANINGS[self]


_MEANINGS = {
    FixOutcome.TAMPERED: "The patch weakens tests, CI or lint settings: read it before applying.",
    FixOutcome.REGRESSED: "Something that worked before no longer does.",
    FixOutcome.STILL_THERE: "The problem is still in the code.",
    FixOutcome.BLOCKED: "The fixer didn't fix it, and says why.",
    FixOutcome.NOT_VERIFIED: "Nobody has shown that the problem is gone.",
    FixOutcome.FIXED: "A fresh reader no longer finds the problem, and no check got worse.",
}


@dataclass(frozen=True, slots=True)
class FixVerdict:
    """The outcome for a finding, known by its `subjects` (the fingerprints of all its reports).

    `evidence` says in one line how it is known, raw: it can quote code or a model.
    """

    subjects: tuple[str, ...]
    outcome: FixOutcome
    evidence: str
