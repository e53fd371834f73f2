"""The adapter for Ollama's native chat.

Each request sets a context as long as it needs, up to the model's: by default the server silently
truncates long prompts. A request that can't fit is refused before it is sent, and a prompt that was
truncated anyway is an error.
"""

import re
from collections.abc import AsyncGenerator
from contextlib import aclosing

from xreview.domain.record import dataclass, field, replace
from xreview.domain.text import shorten
from xreview.models.http.call import JSON, Call, TokenTally
from xreview.models.http.model import NO_ANSWER_ADVICE, HttpModel
from xreview.models.http.server import Complaint, Dialect, HttpError
from xreview.models.ollama.reply import OllamaReply
from xreview.models.ollama.request import context_for, ollama_body, options
from xreview.models.wire.context_fit import fit, too_small
from xreview.models.wire.json_stream import LINES, JsonStreamReader, LineObjects
from xreview.ports.failure import Failure, ModelError
from xreview.ports.json_value import JsonObject, count_in, list_in, object_in, text_in
from xreview.ports.model import (
    ModelFeatures,
    ModelLimits,
    ModelSignal,
    Restarted,
    ServedModel,
    Tokens,
)
from xreview.ports.request import ModelRequest, Structure

_KINDS = tuple(
    (kind, re.compile(expression, re.IGNORECASE))
    for kind, expression in (
        ("too-long", r"longer than the context|exceed(?:s|ed)? .*context|context (?:length|size)"),
        ("memory", r"more (?:system )?memory|out of memory|cudaMalloc|insufficient memory"),
        ("missing", r"model .* not found|not found, try pulling"),
        ("busy", r"server busy|try again"),
    )
)


def _complaint(body: JsonObject) -> Complaint:
    # `{"error": "a sentence"}`; only the sentence tells the kind.
    message = text_in(body, "error") or text_in(object_in(body, "error"), "message")
    kinds = tuple(kind for kind, expression in _KINDS if expression.search(message))
    return Complaint(kinds, message)


OLLAMA_DIALECT = Dialect(
    _complaint,
    {
        "too-long": Failure.TOO_LARGE,
        "memory": Failure.TOO_LARGE,
        "missing": Failure.NOT_FOUND,
        "busy": Failure.SERVER,
    },
)


_PATH = "/api/chat"
_NO_TOOLS = re.compile(r"does not support tools", re.IGNORECASE)
_NO_THINKING = re.compile(r"think", re.IGNORECASE)
_NO_FORMAT = re.compile(r"format|grammar|schema", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Shown:
    """The server's description of a model.

    Args:
        context: in tokens; None when unknown.
        host: where a cloud model runs; "" for this machine.
    """

    context: int | None
    capabilities: frozenset[object]
    host: str


@dataclass
class _Turn:
    """The reply to one question so far, and the context of its request."""

    reply: OllamaReply = field(default_factory=OllamaReply)
    context: int = 0
    input_tokens: int = 0
    is_second_try: bool = False


class OllamaModel(HttpModel):
    """A model on an Ollama server."""

    dialect = OLLAMA_DIALECT
    listing = "/api/tags"
    most_context = 32_768
    """Tokens; a longer context takes more memory than most machines have."""

    @classmethod
    def in_listing(cls, listed: JsonObject) -> tuple[tuple[str, ...], tuple[ServedModel, ...]]:
        """Read `GET /api/tags`, which names no owners."""
        return (), tuple(model for model in _models_in(listed) if not model.notice)

    def _start_learning(self) -> None:
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
        """Return what fits the context that requests will set. Raises ModelError."""
        return ModelLimits(output_tokens=self._known.output_tokens, window=await self._room())

    async def check(self) -> tuple[ServedModel, ...]:
        """Return the server's models. Raises ModelError."""
        return _models_in(await self._client.fetch(Call(self.listing, about="the list of models")))

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
                    f"an empty answer from {self._about} twice", NO_ANSWER_ADVICE
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
            body = ollama_body(
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

        def open_reader(_: str) -> JsonStreamReader:
            turn.reply = OllamaReply()
            server = self._client.server
            chunks = LineObjects(server)
            return JsonStreamReader(chunks, turn.reply, server, self._about, ends_itself=True)

        def concede(refusal: HttpError, call: Call) -> bool:
            return self._concede(refusal, call, structure, room)

        return self._stream_with_fallback(make_call, open_reader, concede)

    def _concede(self, refusal: HttpError, call: Call, structure: Structure, room: int) -> bool:
        """Ask for less, or for a longer context, from now on; return whether that can help."""
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
        if self._structure is structure:  # else another request learned it first
            self._structure = structure.weaker
        return True

    async def _room(self) -> int:
        """Return the longest context that a request can set. Raises ModelError."""
        shown = await self._show()
        known = self._known.holds
        return min(filter(None, (shown.context, known, self.most_context)))

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
            if can := self._shown.capabilities:
                self._has_tools = self._has_tools and "tools" in can
                self._thinks = "thinking" in can
        if self._shown.host and self.identity.is_local:
            raise self._elsewhere(self._shown.host)
        return self._shown

    def _missing(self) -> ModelError:
        return ModelError(
            Failure.NOT_FOUND,
            f"Ollama doesn't have the model “{self.identity.model}”.",
            f"Run `ollama pull {self.identity.model}`, or choose another model.",
        )

    def _elsewhere(self, host: str) -> ModelError:
        return ModelError(
            Failure.REQUEST,
            f"The model “{self.identity.model}” doesn't run on this machine: Ollama would send the"
            f" code to {shorten(host, 100)}.",
            "Choose a model that runs here, or configure this one as a remote reviewer.",
        )


def _models_in(tags: JsonObject) -> tuple[ServedModel, ...]:
    """Return the models in `GET /api/tags`; a cloud model's notice says where it runs."""
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
