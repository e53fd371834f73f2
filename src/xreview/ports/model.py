"""What every model is asked by, whatever its wire format: an API, a local server, an agent's CLI.

A `Model` knows how to send a `ModelRequest` and to stream what comes back as signals. It knows
nothing of reviews: prompts, schemas of answers, tools and the checking of replies are `review`'s.

The order of signals of one `ask`: any number of `Waiting`, `Doing`, `TextDelta`, `ToolCall`,
`Tokens`; `Restarted` where a broken stream begins anew (then all text and calls since the start
are void); exactly one `Finished`, last. A failure is a `ModelError` instead.
"""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from xreview.domain.errors import ReviewerError


class Effort(StrEnum):
    """How much a model may think; each protocol maps it to what its models take."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    XHIGH = "xhigh"
    MAX = "max"


class Stop(StrEnum):
    """Why a model stopped, the same words for all protocols."""

    OK = "ok"
    TOOLS = "tools"
    TRUNCATED = "truncated"
    REFUSED = "refused"
    UNREAD = "unread"
    """It answered, and had not been able to read what it was asked about; `detail` says why."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A function that the model may call; `parameters` is a JSON schema of an object."""

    name: str
    description: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call the model made; `arguments` is JSON text of an object, not yet checked."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class ToolResult:
    """The answer to a call; `text` is for the model to read."""

    call: ToolCall
    text: str
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class Exchange:
    """One turn of the model and what it is answered.

    Args:
        echo: the model's turn as `Finished.echo` gave it, returned unchanged to the same model.
        results: an answer to every call of that turn.
        text: what is said to the model after that; "" for nothing.
    """

    echo: object
    results: tuple[ToolResult, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class ModelRequest:
    """One question to a model.

    Args:
        instructions: the system prompt.
        shared: the first part of the user's turn: the same in several requests, so that servers
            can cache it. "" for none.
        question: the rest of the user's turn.
        schema: the JSON schema that the answer must follow (the portable subset of
            reference/providers.md section 0); None for free text. `schema_name` names it.
        tools: functions it may call.
        exchanges: the turns so far, after the first user's turn.
        max_output_tokens: a cap on the answer, thinking included.
        cache_key: helps a server to route requests with the same prefix to the same cache.
    """

    instructions: str
    question: str
    shared: str = ""
    schema: Mapping[str, Any] | None = None
    schema_name: str = "answer"
    tools: tuple[Tool, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    max_output_tokens: int = 32_000
    effort: Effort | None = None
    cache_key: str = ""


@dataclass(frozen=True)
class ClearedRequest(ModelRequest):
    """A request that may leave this machine, since no text of it holds what looks like a secret.

    What carries requests takes no other, and `review.egress.gate` alone makes one. `replace` may
    alter how it is asked, never what it says.

    Args:
        seal: its texts as the gate let them through.
    """

    seal: tuple[object, ...] = field(default=(), repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.seal != (self.instructions, self.shared, self.question, self.exchanges):
            raise TypeError("A request leaves this machine through the gate only.")


def cleared(
    request: ModelRequest,
    instructions: str,
    shared: str,
    question: str,
    exchanges: tuple[Exchange, ...],
) -> ClearedRequest:
    """The request with the texts that the gate lets through; for the gate alone."""
    return ClearedRequest(
        instructions=instructions,
        question=question,
        shared=shared,
        schema=request.schema,
        schema_name=request.schema_name,
        tools=request.tools,
        exchanges=exchanges,
        max_output_tokens=request.max_output_tokens,
        effort=request.effort,
        cache_key=request.cache_key,
        seal=(instructions, shared, question, exchanges),
    )


@dataclass(frozen=True, slots=True)
class TextDelta:
    """A piece of the answer's text (never of its thinking)."""

    text: str


@dataclass(frozen=True, slots=True)
class Doing:
    """What the model does now, in a few words: `thinking`, `reading src/x.py`."""

    what: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """The next attempt starts in `seconds`; `why` is a sentence without the key or the prompt."""

    seconds: float
    why: str


@dataclass(frozen=True, slots=True)
class Restarted:
    """The stream broke and the request was sent again: what came before is void."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the request used so far; a later one replaces an earlier one.

    `input` counts all input tokens, cached ones included; `output` includes `reasoning`.
    `cost` is what the server itself says it cost, in US dollars; None where it does not say.
    """

    input: int = 0
    cached: int = 0
    cache_written: int = 0
    output: int = 0
    reasoning: int = 0
    cost: float | None = None

    def plus(self, other: "Tokens") -> "Tokens":
        """Those of another request added."""
        cost = self.cost if other.cost is None else (self.cost or 0.0) + other.cost
        return Tokens(
            self.input + other.input,
            self.cached + other.cached,
            self.cache_written + other.cache_written,
            self.output + other.output,
            self.reasoning + other.reasoning,
            cost,
        )


@dataclass(frozen=True, slots=True)
class Finished:
    """The end of the model's turn.

    Args:
        stop: why it stopped.
        model: the model that served it, as the server names it; "" where it does not.
        detail: what the server says about a refusal or truncation; "" for nothing.
        echo: the turn in the wire's own form, for `Exchange.echo`.
        answer: the answer where the program gave it apart from the text (an agent's structured
            output), as JSON text; "" where the text is the answer.
    """

    stop: Stop
    model: str = ""
    detail: str = ""
    echo: object = None
    answer: str = ""


ModelSignal = TextDelta | Doing | Waiting | Restarted | Tokens | ToolCall | Finished


class Failure(StrEnum):
    """What kind of failure a model had, for retries, advice and tests."""

    KEY = "key"
    """The key is missing, wrong, or may not do this."""
    MONEY = "money"
    """No credit left, or a spending limit is reached."""
    RATE = "rate"
    NOT_FOUND = "not-found"
    REQUEST = "request"
    """The server does not take the request as it is."""
    TOO_LARGE = "too-large"
    SERVER = "server"
    CONNECTION = "connection"
    TIMEOUT = "timeout"
    PROTOCOL = "protocol"
    """What came back is not what this protocol says."""


class ModelError(ReviewerError):
    """A model could not be asked; `message` and `advice` hold no key, header or prompt."""

    def __init__(self, failure: Failure, message: str, advice: str = "") -> None:
        super().__init__(message, advice)
        self.failure = failure


@dataclass(frozen=True, slots=True)
class ModelLimits:
    """What fits, in tokens; None where nobody knows.

    Args:
        input_tokens: the longest question, where the answer is counted apart from it.
        output_tokens: the longest answer.
        window: question and answer together. What is left of it for a question is worked out in
            one place only, where the answer's room is known (`review.prompt.room`).
    """

    input_tokens: int | None = None
    output_tokens: int | None = None
    window: int | None = None

    @property
    def holds(self) -> int | None:
        """What a model is said to hold, for people: the narrower of both bounds."""
        return min(filter(None, (self.window, self.input_tokens)), default=None)

    def or_else(self, known: "ModelLimits") -> "ModelLimits":
        """These, and what is known where they say nothing."""
        knows_size = self.holds is not None
        return ModelLimits(
            self.input_tokens if knows_size else known.input_tokens,
            self.output_tokens or known.output_tokens,
            self.window if knows_size else known.window,
        )


@dataclass(frozen=True, slots=True)
class ServedModel:
    """A model that a server lists.

    Args:
        id: as a request names it.
        label: its name for people; "" where the server has none.
        notice: what to know before choosing it (“retired”); "" for nothing.
    """

    id: str
    label: str = ""
    limits: ModelLimits = ModelLimits()
    notice: str = ""


@dataclass(frozen=True, slots=True)
class ModelFeatures:
    """What a model can do, known from its protocol, its server or the configuration."""

    structured: bool = True
    tools: bool = True
    has_own_tools: bool = False
    """It reads the repository by itself (an agent), so it is not offered our tools."""


@dataclass(frozen=True)
class ModelIdentity:
    """Which model, of which family, behind which host.

    Args:
        name: the reviewer's name in the configuration.
        vendor: the model's family (`domain.family.family_of`), "" where unknown.
        model: the id as the server takes it.
        host: where code goes when it is asked: "api.openai.com", "127.0.0.1:11434", or the name
            of the program for an agent.
        is_local: whether it runs on this machine, so that no code leaves it.
    """

    name: str
    vendor: str
    model: str
    host: str
    is_local: bool = False
    notices: tuple[str, ...] = field(default=())


class Model(Protocol):
    """A model that can be asked."""

    @property
    def identity(self) -> ModelIdentity:
        """Which one it is."""
        ...

    @property
    def features(self) -> ModelFeatures:
        """What it can do."""
        ...

    async def limits(self) -> ModelLimits:
        """What fits: from the server where it tells, else what is known. Raises ModelError."""
        ...

    def ask(self, request: ClearedRequest) -> AsyncGenerator[ModelSignal, None]:
        """Send the request and stream the answer.

        Retries by itself what may be retried. Closing the iterator cancels the request. Raises
        ModelError.
        """
        ...

    async def close(self) -> None:
        """Let connections and processes go."""
        ...
