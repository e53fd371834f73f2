"""Ollama's native chat (reference `providers.md`, section 3).

The context is asked for as long as the request needs, up to what the model holds: by default the
server would cut a long prompt without a word. What can't fit is refused before it is sent; what was
cut nevertheless is an error, not an answer.
"""

import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from xreview.domain.text import shorten
from xreview.models.http.call import JSON, Call
from xreview.models.http.client import HttpClient
from xreview.models.http.model import HttpModel
from xreview.models.http.server import HttpError
from xreview.models.http.tally import TokenTally
from xreview.models.ollama import errors
from xreview.models.ollama.reply import OllamaReply
from xreview.models.ollama.request import body_of, context_for, options
from xreview.models.wire.chunks import LINES, ChunkReader, LineChunks
from xreview.models.wire.conceding import NO_ANSWER_ADVICE, stream_conceding
from xreview.models.wire.sizes import fit, too_small
from xreview.ports.failure import Failure, ModelError
from xreview.ports.json_value import JsonObject, count_in, list_in, object_in, text_in
from xreview.ports.model import (
    ModelFeatures,
    ModelIdentity,
    ModelLimits,
    ModelSignal,
    Restarted,
    ServedModel,
    Tokens,
)
from xreview.ports.request import Effort, ModelRequest, Structure

BASE_URL = "http://127.0.0.1:11434"
DIALECT = errors.DIALECT
MOST_CONTEXT = 32_768
"""Tokens: a longer context takes more memory than most machines have."""

_PATH = "/api/chat"
_NO_TOOLS = re.compile(r"does not support tools", re.IGNORECASE)
_NO_THINKING = re.compile(r"think", re.IGNORECASE)
_NO_FORMAT = re.compile(r"format|grammar|schema", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the server says of a model.

    Args:
        context: the tokens it was made for; None where unknown.
        host: where it really runs, for one that is only lent to this machine; "" for here.
    """

    context: int | None
    capabilities: frozenset[object]
    host: str


@dataclass
class _Turn:
    """The reply to one question so far, and the context it was given."""

    reply: OllamaReply = field(default_factory=OllamaReply)
    context: int = 0
    input_tokens: int = 0
    is_second_try: bool = False


class OllamaModel(HttpModel):
    """A model of an Ollama server.

    Args:
        client: made with `BASE_URL` and `DIALECT`, without a key; the others as any `HttpModel`'s.
        most_context: the longest context to ask for, in tokens.
    """

    def __init__(
        self,
        identity: ModelIdentity,
        client: HttpClient,
        *,
        features: ModelFeatures | None = None,
        known: ModelLimits | None = None,
        effort: Effort | None = None,
        most_context: int = MOST_CONTEXT,
    ) -> None:
        super().__init__(identity, client, features=features, known=known, effort=effort)
        self._most_context = most_context
        self._shown: _Shown | None = None
        self._structure = Structure.SCHEMA if self._features.structured else Structure.JSON
        self._has_tools = self._features.tools
        self._thinks = True
        self._longest = 0

    @property
    def features(self) -> ModelFeatures:
        """What it can do, as far as the server has shown."""
        is_structured = self._structure is Structure.SCHEMA
        return replace(self._features, structured=is_structured, tools=self._has_tools)

    async def limits(self) -> ModelLimits:
        """What fits into the context that will be asked for. Raises ModelError."""
        return ModelLimits(output_tokens=self._known.output_tokens, window=await self._room())

    async def check(self) -> tuple[ServedModel, ...]:
        """The models that the server has. Raises ModelError."""
        return ollama_models(
            await self._client.fetch(Call("/api/tags", about="the list of models"))
        )

    async def ask(self, request: ModelRequest) -> AsyncGenerator[ModelSignal, None]:
        """Send the request and stream the answer. Raises ModelError."""
        room = await self._room()
        request = replace(request, effort=request.effort or self._effort)
        turn, tally = _Turn(), TokenTally()
        while True:
            async with aclosing(self._stream(request, turn, room)) as signals:
                async for signal in signals:
                    yield tally.note(signal) if isinstance(signal, Tokens) else signal
            tally.begin_anew()
            if turn.reply.tokens.input >= turn.context:
                raise too_small(self._about, turn.reply.tokens.input, turn.context)
            if turn.reply.has_answer or turn.reply.reason == "length":
                break
            if turn.is_second_try:
                raise self._client.server.unreadable(
                    f"an empty answer for {self._about} twice", NO_ANSWER_ADVICE
                )
            turn.is_second_try = True
            yield Restarted()
        for signal in turn.reply.finish():
            yield signal

    def _stream(
        self, request: ModelRequest, turn: _Turn, room: int
    ) -> AsyncGenerator[ModelSignal, None]:
        structure = self._structure

        def make_call() -> Call:
            nonlocal structure
            structure = self._structure
            body = body_of(
                request,
                self.identity.model,
                structure=structure,
                tools=self._has_tools,
                thinks=self._thinks,
            )
            place = fit(body, request.max_output_tokens, room, self._about)
            needed = max(place.input_tokens + place.output_tokens, self._longest)
            self._longest = turn.context = context_for(needed, room)
            body["options"] = options(turn.context, place.output_tokens)
            return Call(
                _PATH,
                body,
                accepts=(LINES, JSON),
                about=self._about,
                answer_tokens=place.output_tokens,
            )

        def open_reader(_: str) -> ChunkReader:
            turn.reply = OllamaReply()
            server = self._client.server
            chunks = LineChunks(server)
            return ChunkReader(chunks, turn.reply, server, self._about, ends_itself=True)

        def concede(refusal: HttpError, call: Call) -> bool:
            return self._concede(refusal, call, structure, room)

        return stream_conceding(self._client, make_call, open_reader, concede)

    def _concede(self, refusal: HttpError, call: Call, structure: Structure, room: int) -> bool:
        """Whether to ask for less, or for a longer context, from now on."""
        body, said = object_in(call.body), refusal.complaint.message
        if refusal.failure is Failure.TOO_LARGE:
            is_longest = count_in(object_in(body, "options"), "num_ctx") == room
            self._longest = room
            return "too-long" in refusal.complaint.kinds and not is_longest
        if "tools" in body and _NO_TOOLS.search(said):
            self._has_tools = False
            return True
        if "think" in body and _NO_THINKING.search(said):
            self._thinks = False
            return True
        if "format" not in body or structure.weaker is None or not _NO_FORMAT.search(said):
            return False
        if self._structure is structure:  # else another request has learned it meanwhile
            self._structure = structure.weaker
        return True

    async def _room(self) -> int:
        """The longest context that may be asked for. Raises ModelError."""
        shown = await self._show()
        known = self._known.holds
        return min(filter(None, (shown.context, known, self._most_context)))

    async def _show(self) -> _Shown:
        if self._shown is None:
            body = {"model": self.identity.model}
            try:
                found = await self._client.fetch(Call("/api/show", body, about=self._about))
            except HttpError as error:
                if error.failure is Failure.NOT_FOUND:
                    raise self._missing() from None
                raise
            self._shown = _shown_in(found)
            self._learn(self._shown)
        if self._shown.host and self.identity.is_local:
            raise self._elsewhere(self._shown.host)
        return self._shown

    def _learn(self, shown: _Shown) -> None:
        if shown.capabilities:
            self._has_tools = self._has_tools and "tools" in shown.capabilities
            self._thinks = "thinking" in shown.capabilities

    def _missing(self) -> ModelError:
        return ModelError(
            Failure.NOT_FOUND,
            f"Ollama has no model “{self.identity.model}”.",
            f"Get it with “ollama pull {self.identity.model}”, or choose another.",
        )

    def _elsewhere(self, host: str) -> ModelError:
        return ModelError(
            Failure.REQUEST,
            f"The model “{self.identity.model}” does not run on this machine: Ollama would send the"
            f" code to {shorten(host, 100)}.",
            "Choose a model that runs here, or set this one up as a reviewer that is not local.",
        )


def ollama_models(tags: JsonObject) -> tuple[ServedModel, ...]:
    """The models of `GET /api/tags`; one that runs elsewhere has a notice that says where."""
    return tuple(
        ServedModel(
            text_in(entry, "name") or text_in(entry, "model"),
            _label(object_in(entry, "details")),
            notice=f"runs at {host}" if (host := _host_of(entry)) else "",
        )
        for entry in list_in(tags, "models")
    )


def _label(details: JsonObject) -> str:
    return " ".join(
        filter(None, (text_in(details, "parameter_size"), text_in(details, "quantization_level")))
    )


def _host_of(entry: object) -> str:
    return text_in(entry, "remote_host") or ("ollama.com" if text_in(entry, "remote_model") else "")


def _shown_in(document: JsonObject) -> _Shown:
    info = object_in(document, "model_info")
    lengths = (count_in(info, name) for name in info if name.endswith(".context_length"))
    return _Shown(
        context=next(filter(None, lengths), None),
        capabilities=frozenset(list_in(document, "capabilities")),
        host=_host_of(document),
    )
