"""Who fixes, and what it says about each finding; nothing of it is believed."""

from enum import StrEnum

from xreview.domain.record import dataclass


class FixerKind(StrEnum):
    """How a fix is made."""

    MECHANICAL = "mechanical"
    """The suggested replacements, as they are."""
    AGENT = "agent"
    """A coding agent in its write mode."""
    MODEL = "model"
    """A model over its API, which answers with edits."""


@dataclass(frozen=True, slots=True)
class FixerIdentity:
    """A fixer: its name in the configuration, its family ("" for the mechanical one), its model."""

    name: str
    kind: FixerKind
    family: str = ""
    model: str = ""

    @property
    def label(self) -> str:
        """`claude-code (agent: anthropic claude-opus-5)`."""
        about = " ".join(filter(None, (self.family, self.model)))
        return f"{self.name} ({self.kind}: {about})" if about else f"{self.name} ({self.kind})"


MECHANICAL = FixerIdentity("suggestions", FixerKind.MECHANICAL)
"""Applies the suggested replacements."""


class FixerStatus(StrEnum):
    """What a fixer says it did about a finding."""

    FIXED = "fixed"
    FIXED_DIFFERENTLY = "fixed_differently"
    BLOCKED = "blocked"

    @property
    def words(self) -> str:
        """As people say it."""
        return self.value.replace("_", " ")


@dataclass(frozen=True, slots=True)
class FixerResult:
    """What a fixer says about one finding.

    Args:
        fingerprint: the finding's, as it was handed over.
        files: the paths that it changed for it, relative to the top.
        reason: for `blocked`, the contradiction it found.
    """

    fingerprint: str
    status: FixerStatus
    files: tuple[str, ...] = ()
    explanation: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FixerReply:
    """A fixer's whole answer.

    `trouble` says why it is absent, malformed or partial; `refused` is what an agent wasn't
    permitted to do, raw: `running make test`.
    """

    results: tuple[FixerResult, ...] = ()
    trouble: str = ""
    refused: tuple[str, ...] = ()

    def about(self, fingerprints: tuple[str, ...]) -> FixerResult | None:
        """What it says about the finding with these fingerprints, if anything."""
        return next((one for one in self.results if one.fingerprint in fingerprints), None)
