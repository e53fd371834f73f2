"""A model to ask, whatever is behind it: an API, a local server, or a coding agent.

One `ask` yields any number of `Waiting`, `Doing`, `TextDelta`, `ToolCall` and `Tokens`; `Restarted`
when a broken stream starts over (discard all earlier text and calls); and exactly one `Finished`,
last. A failure raises `ModelError` instead.
"""

from collections.abc import AsyncGenerator
from enum import StrEnum
from typing import Protocol

from xreview.domain.record import dataclass
from xreview.ports.request import ClearedRequest, ToolCall


class Stop(StrEnum):
    """Why a model stopped, in the same words for all protocols."""

    OK = "ok"
    TOOLS = "tools"
    TRUNCATED = "truncated"
    REFUSED = "refused"
    UNREAD = "unread"
    """It answered without having read the code; `detail` says why."""


@dataclass(frozen=True, slots=True)
class TextDelta:
    """A piece of the answer, never of the model's thinking."""

    text: str


@dataclass(frozen=True, slots=True)
class Doing:
    """The model's current activity in a few words: `thinking`, `reading src/x.py`."""

    what: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """The next attempt starts in `seconds`; `why` is a sentence without the key or the prompt."""

    seconds: float
    why: str


@dataclass(frozen=True, slots=True)
class Restarted:
    """The stream broke and the request was sent again; discard what came before."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The usage of one request so far; later counts replace earlier ones.

    `input` includes cached tokens, and `output` includes `reasoning`. `cost` is the server's own
    figure in US dollars, None when it gives none.
    """

    input: int = 0
    cached: int = 0
    cache_written: int = 0
    output: int = 0
    reasoning: int = 0
    cost: float | None = None

    def plus(self, other: "Tokens") -> "Tokens":
        """Return the sum with another request's usage."""
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
        model: the model that answered, as the server names it; "" when it doesn't.
        detail: the server's reason for a refusal or truncation; "" for none.
        echo: the turn in the wire format's own form, for `Exchange.echo`.
        answer: an agent's structured output as JSON text; "" when the text is the answer.
        refused: what an agent wasn't permitted to do, raw: `running make test`.
    """

    stop: Stop
    model: str = ""
    detail: str = ""
    echo: object = None
    answer: str = ""
    refused: tuple[str, ...] = ()


ModelSignal = TextDelta | Doing | Waiting | Restarted | Tokens | ToolCall | Finished


@dataclass(frozen=True, slots=True)
class ModelLimits:
    """What a model can hold, in tokens; None when unknown.

    Args:
        input_tokens: the longest question, when the answer counts separately.
        output_tokens: the longest answer.
        window: question and answer together. Only `review.prompt.room`, which knows how much to
            reserve for the answer, works out what that leaves for a question.
    """

    input_tokens: int | None = None
    output_tokens: int | None = None
    window: int | None = None

    @property
    def holds(self) -> int | None:
        """The model's size as shown to users: the narrower of both bounds."""
        return min(filter(None, (self.window, self.input_tokens)), default=None)

    def or_else(self, known: "ModelLimits") -> "ModelLimits":
        """Return these limits, with gaps filled from `known`."""
        knows_size = self.holds is not None
        return ModelLimits(
            self.input_tokens if knows_size else known.input_tokens,
            self.output_tokens or known.output_tokens,
            self.window if knows_size else known.window,
        )


@dataclass(frozen=True, slots=True)
class ServedModel:
    """A model in a server's list.

    Args:
        id: as requests name it.
        label: its display name; "" when the server has none.
        notice: a warning before choosing it (“retired”); "" for none.
    """

    id: str
    label: str = ""
    limits: ModelLimits = ModelLimits()
    notice: str = ""


@dataclass(frozen=True, slots=True)
class ModelFeatures:
    """What a model can do, according to its protocol, its server or the configuration."""

    structured: bool = True
    tools: bool = True
    has_own_tools: bool = False
    """It reads the repository itself (an agent), so it isn't offered our tools."""


@dataclass(frozen=True)
class ModelIdentity:
    """Which model, of which family, on which host.

    Args:
        name: the reviewer's name in the configuration.
        vendor: the model's family (`domain.authorship.family`), "" when unknown.
        model: the id that the server takes.
        host: where the code goes: "api.openai.com", "127.0.0.1:11434", or an agent's name.
        is_local: whether it runs on this machine, so that no code leaves it.
    """

    name: str
    vendor: str
    model: str
    host: str
    is_local: bool = False
    notices: tuple[str, ...] = ()


class Model(Protocol):
    """A model that can be asked."""

    @property
    def identity(self) -> ModelIdentity:
        """Which model it is."""
        ...

    @property
    def features(self) -> ModelFeatures:
        """What it can do."""
        ...

    async def limits(self) -> ModelLimits:
        """Return what it can hold: the server's figures, else known ones. Raises ModelError."""
        ...

    def ask(self, request: ClearedRequest) -> AsyncGenerator[ModelSignal, None]:
        """Send the request and stream the answer, with retries. Raises ModelError.

        Closing the iterator cancels the request.
        """
        ...

    async def close(self) -> None:
        """Close connections and processes."""
        ...
