"""What one reviewer says about one problem."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from xreview.domain.identity.anchor import Anchor


class Lens(StrEnum):
    """What a reviewer is asked to look for."""

    RISK = "risk"
    ECONOMY = "economy"


class Category(StrEnum):
    """The kind of problem, for filters, statistics and exports."""

    SECURITY = "security"
    CONCURRENCY = "concurrency"
    ERROR_HANDLING = "error-handling"
    DATA_INTEGRITY = "data-integrity"
    TIMING = "timing"
    EDGE_CASE = "edge-case"
    PERFORMANCE = "performance"
    SIMPLIFICATION = "simplification"
    CONSISTENCY = "consistency"
    OVER_ENGINEERING = "over-engineering"
    DOCUMENTATION = "documentation"


class Severity(IntEnum):
    """How bad it is if the claim is right; larger is worse."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def word(self) -> str:
        """The name in lower case, as configuration and exports write it."""
        return self.name.lower()


class Confidence(IntEnum):
    """How sure the reviewer is. Three words, since percentages carry no signal."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3

    @property
    def word(self) -> str:
        """The name in lower case, as configuration and exports write it."""
        return self.name.lower()


class ReviewerKind(StrEnum):
    """An analyser is never shown as a model."""

    ANALYSER = "analyser"
    MODEL = "model"
    AGENT = "agent"


@dataclass(frozen=True, slots=True)
class ReviewerIdentity:
    """Who reports.

    Args:
        name: the reviewer's name in the configuration: "risk", "economy", "opus".
        kind: analyser, model or agent.
        family: what must differ for two reports to corroborate each other: the vendor of a model
            ("anthropic"), the engine of an analyser ("ruff", "ast-grep", "lizard").
        model: the model or the engine's version, as it was served; "" where there is none.
    """

    name: str
    kind: ReviewerKind
    family: str
    model: str = ""

    @property
    def label(self) -> str:
        """Name and family for the panes: `risk (analyser: ruff 0.14.1)`."""
        return f"{self.name} ({self.kind}: {' '.join(filter(None, (self.family, self.model)))})"

    def is_model_of(self, family: str) -> bool:
        """Whether it is a model of this vendor's family; nothing is of "", an unknown one."""
        return bool(family) and self.kind is not ReviewerKind.ANALYSER and self.family == family


class Direction(StrEnum):
    """Whether a report asks for more or for less of something."""

    ADD = "add"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Request:
    """What a report asks for, so that opposite requests in one place can be found.

    `topic` is a word like "error handling", "validation", "caching", "locking", "abstraction".
    """

    direction: Direction
    topic: str

    def opposes(self, other: "Request") -> bool:
        """Whether one asks to add what the other asks to remove."""
        return self.topic == other.topic and self.direction is not other.direction


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A proposed edit: the lines of the report's anchor become `replacement` (line feeds inside).

    It is shown and exported, never applied by itself.
    """

    description: str
    replacement: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One reviewer's statement of one problem, anchored to a verbatim quote of the code.

    Args:
        fingerprint: identity of the problem (`domain.anchor.fingerprint`).
        reviewer: who reports it.
        lens: what the reviewer was asked to look for.
        rule: the rule's id for an analyser, "" for a model.
        title: one line. claim: what is wrong. scenario: how it fails, concretely.
        anchored: False where the quote was not found in the file: then the place is only claimed.
        request: the direction of the change asked for, where there is one.
        settle: what would settle it if somebody disagrees, in the reviewer's words; "" where it
            does not say.
    """

    fingerprint: str
    reviewer: ReviewerIdentity
    lens: Lens
    rule: str
    title: str
    claim: str
    scenario: str
    category: Category
    severity: Severity
    confidence: Confidence
    anchor: Anchor
    anchored: bool = True
    suggestion: Suggestion | None = None
    request: Request | None = None
    settle: str = ""
