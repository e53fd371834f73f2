"""One reviewer's statement of one problem."""

from enum import IntEnum, StrEnum

from xreview.domain.events.codec import UNLESS_EMPTY
from xreview.domain.identity.anchor import Anchor
from xreview.domain.record import dataclass, field


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
    """How bad the problem is if the claim is right; larger is worse."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def word(self) -> str:
        """The name as configuration and exports write it."""
        return self.name.lower()


class Confidence(IntEnum):
    """How sure the reviewer is, in three words: percentages carry no signal."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3

    @property
    def word(self) -> str:
        """The name as configuration and exports write it."""
        return self.name.lower()


class ReviewerKind(StrEnum):
    """An analyser is never shown as a model, and a person as neither."""

    ANALYSER = "analyser"
    MODEL = "model"
    AGENT = "agent"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class ReviewerIdentity:
    """A reviewer, as its reports name it, with the model served or the engine's version.

    Two reports corroborate each other only if their `family` differs: the vendor of a model
    ("anthropic"), the engine of an analyser ("ruff", "ast-grep").
    """

    name: str
    kind: ReviewerKind
    family: str
    model: str = ""

    @property
    def label(self) -> str:
        """`risk (analyser: ruff 0.14.1)`, `Ada (person)`."""
        about = " ".join(filter(None, (self.family, self.model)))
        if self.kind is ReviewerKind.PERSON or not about:
            return f"{self.name} ({self.kind})"
        return f"{self.name} ({self.kind}: {about})"

    def is_model_of(self, family: str) -> bool:
        """Whether it is a model of this family; never of "", which is unknown."""
        return bool(family) and self.is_model and self.family == family

    @property
    def is_model(self) -> bool:
        """Whether it is a model, asked directly or through an agent."""
        return self.kind in (ReviewerKind.MODEL, ReviewerKind.AGENT)


class Direction(StrEnum):
    """Whether a report asks for more or less of something."""

    ADD = "add"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Request:
    """What a report asks for, to find opposite requests in one place.

    `topic` is something like "error handling", "validation", "caching", "locking", "abstraction".
    """

    direction: Direction
    topic: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A proposed edit: `replacement` replaces the lines of the report's anchor.

    It is shown and exported, never applied automatically.
    """

    description: str
    replacement: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One reviewer's statement of one problem, anchored to a verbatim quote of the code.

    Args:
        fingerprint: the identity of the problem (`domain.identity.anchor.fingerprint`).
        rule: an analyser's rule id; "" for a model.
        title: one line. claim: what is wrong. scenario: how it fails, concretely.
        anchored: False if the quote wasn't found in the file: its place is only claimed.
        settle: what would settle a disagreement, in the reviewer's words, or "".
        source: the id of the thread at a forge that it was read from; "" for none.
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
    source: str = field(default="", metadata=UNLESS_EMPTY)
