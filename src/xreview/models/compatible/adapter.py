"""The adapter for Chat Completions: OpenRouter, vLLM, llama.cpp, LM Studio, and other hosts.

A server shows what it doesn't support by rejecting a request. The adapter then asks for less, and
remembers it: JSON instead of a schema, text instead of JSON, no tools, no effort.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from xreview.domain.record import dataclass, field, replace
from xreview.domain.text import shorten
from xreview.models.compatible.errors import CHAT_DIALECT, context_in
from xreview.models.compatible.reply import CompatibleReply
from xreview.models.compatible.request import (
    PLAIN,
    SERVERS,
    Concession,
    chat_body,
    concession_for,
    structure_under,
)
from xreview.models.http.call import EVENT_STREAM, JSON, Call, TokenTally
from xreview.models.http.model import NO_ANSWER_ADVICE, HttpModel
from xreview.models.http.server import QUOTED_CHARACTERS, HttpError
from xreview.models.wire.context_fit import fit
from xreview.models.wire.json_stream import JsonStreamReader, object_source
from xreview.ports.failure import Failure
from xreview.ports.json_value import JsonObject, count_in, list_in, object_in, text_in
from xreview.ports.model import (
    ModelFeatures,
    ModelLimits,
    ModelSignal,
    Restarted,
    ServedModel,
    Stop,
    Tokens,
)
from xreview.ports.request import ModelRequest, Structure

_CONTEXT_NAMES = ("context_length", "max_model_len", "context_window", "max_context_length")
"""OpenRouter, vLLM, Groq, Mistral."""


def compatible_models(models: JsonObject) -> tuple[ServedModel, ...]:
    """Return the models in `GET /models`."""
    return tuple(
        ServedModel(text_in(entry, "id"), text_in(entry, "name"), _limits(entry))
        for entry in list_in(models, "data")
        if text_in(entry, "id")
    )


def _limits_in_models(models: JsonObject, model: str) -> ModelLimits:
    entries = (entry for entry in list_in(models, "data") if text_in(entry, "id") == model)
    return _limits(next(entries, None))


def context_in_props(props: JsonObject) -> int | None:
    """Return one request's context in llama.cpp's `GET /props`, in tokens."""
    return count_in(object_in(props, "default_generation_settings"), "n_ctx") or None


def context_in_lm_studio(models: JsonObject, model: str) -> int | None:
    """Return a loaded model's context in LM Studio's `GET /api/v1/models`, in tokens."""
    for entry in list_in(models, "models"):
        if text_in(entry, "key") != model:
            continue
        loaded = (object_in(one, "config") for one in list_in(entry, "loaded_instances"))
        contexts = [found for one in loaded if (found := count_in(one, "context_length"))]
        return min(contexts, default=None) or count_in(entry, "max_context_length") or None
    return None


def _limits(entry: object) -> ModelLimits:
    told = (count_in(entry, name) for name in _CONTEXT_NAMES)
    longest = count_in(object_in(entry, "top_provider"), "max_completion_tokens")  # OpenRouter
    return ModelLimits(output_tokens=longest or None, window=next(filter(None, told), None))


_REFUSALS = frozenset({Failure.REQUEST, Failure.NOT_FOUND, Failure.SERVER})
"""For an unsupported field: 400 or 422, from OpenRouter 404, from llama.cpp sometimes 500."""


@dataclass
class _Turn:
    """The reply to one question so far."""

    reply: CompatibleReply = field(default_factory=CompatibleReply)
    is_second_try: bool = False


class CompatibleModel(HttpModel):
    """A model behind a Chat Completions server, whose base URL mostly ends with `/v1`."""

    dialect = CHAT_DIALECT
    listing = "/models"

    @classmethod
    def in_listing(cls, listed: JsonObject) -> tuple[tuple[str, ...], tuple[ServedModel, ...]]:
        """Read `GET /models`."""
        owners = (text_in(entry, "owned_by") for entry in list_in(listed, "data"))
        return tuple(owners), compatible_models(listed)

    def _start_learning(self) -> None:
        self._server = SERVERS.get(self._client.address.host, PLAIN)
        self._context: int | None = None
        self._conceded = _lacking(self._features)

    @property
    def features(self) -> ModelFeatures:
        """What it can do, as far as the server has shown."""
        return replace(
            self._features,
            structured=structure_under(self._conceded) is Structure.SCHEMA,
            tools=Concession.NO_TOOLS not in self._conceded,
        )

    async def check(self) -> tuple[ServedModel, ...]:
        """Return the server's models. Raises ModelError."""
        return compatible_models(await self._models())

    async def ask(self, request: ModelRequest) -> AsyncGenerator[ModelSignal, None]:
        """Send the request and stream the answer. Raises ModelError."""
        if self._client.address.is_local:
            await self._learn_context()
        request = replace(request, effort=request.effort or self._effort)
        turn, tally, unreadable = _Turn(), TokenTally(), self._client.server.unreadable
        while True:
            async with aclosing(self._stream(request, turn)) as signals:
                async for signal in signals:
                    yield tally.note(signal) if isinstance(signal, Tokens) else signal
            tally.begin_anew()
            for signal in turn.reply.rest():
                yield signal
            stop = turn.reply.stop
            if stop is None:
                reason = shorten(turn.reply.reason, QUOTED_CHARACTERS)
                raise unreadable(f"no answer from {self._about} ({reason})", NO_ANSWER_ADVICE)
            if stop is not Stop.OK or turn.reply.has_answer:
                break
            if turn.is_second_try:
                raise unreadable(f"an empty answer from {self._about} twice", NO_ANSWER_ADVICE)
            turn.is_second_try = True
            yield Restarted()
        for signal in turn.reply.finish(stop):
            yield signal

    def _stream(self, request: ModelRequest, turn: _Turn) -> AsyncGenerator[ModelSignal, None]:
        conceded = self._conceded

        def make_call() -> Call:
            nonlocal conceded
            conceded = self._conceded
            fitted = self._fitted(request)
            return Call(
                "/chat/completions",
                chat_body(fitted, self.identity.model, self._server, conceded),
                accepts=(EVENT_STREAM, JSON),
                about=self._about,
                answer_tokens=fitted.max_output_tokens,
            )

        def open_reader(media_type: str) -> JsonStreamReader:
            turn.reply = CompatibleReply()
            server = self._client.server
            return JsonStreamReader(
                object_source(media_type, server), turn.reply, server, self._about
            )

        def concede(refusal: HttpError, call: Call) -> bool:
            if refusal.failure is Failure.TOO_LARGE:
                return self._learn_from(refusal.complaint.message, request)
            if refusal.failure not in _REFUSALS or call.body is None:
                return False
            found = concession_for(refusal.complaint.message, call.body, conceded)
            self._conceded |= {found} if found else set()
            return found is not None

        return self._stream_with_fallback(make_call, open_reader, concede)

    def _learn_from(self, message: str, request: ModelRequest) -> bool:
        """Learn the context size from a rejection; return whether a shorter answer would fit."""
        context = context_in(message)
        if context is None or (self._context is not None and self._context <= context):
            return False
        self._context = context
        self._limits = replace(self._limits or self._known, window=context)
        return self._fitted(request).max_output_tokens < request.max_output_tokens

    async def _learn_context(self) -> None:
        """Ask a local server for its context, often too small for the longest answer."""
        try:
            await self.limits()
        except HttpError as error:
            if error.failure in (Failure.CONNECTION, Failure.KEY, Failure.TIMEOUT):
                raise
            # It can still answer questions, or will say why not.

    def _fitted(self, request: ModelRequest) -> ModelRequest:
        """Shorten the answer to what fits the context. Raises ModelError."""
        if self._context is None:
            return request
        body = chat_body(request, self.identity.model, self._server, self._conceded)
        room = fit(body, request.max_output_tokens, self._context, self._about)
        return replace(request, max_output_tokens=room.output_tokens)

    async def _told_limits(self) -> ModelLimits:
        told = _limits_in_models(await self._models(), self.identity.model)
        if self._client.address.is_local:
            told = replace(told, window=await self._loaded_context() or told.window)
        told = told.or_else(self._known)
        self._context = told.window
        return told

    async def _loaded_context(self) -> int | None:
        """Return the context of the loaded model, which llama.cpp and LM Studio report."""
        props = await self._fetch_if_there("/../props")
        context = context_in_props(props)
        if context is None:
            models = await self._fetch_if_there("/../api/v1/models")
            context = context_in_lm_studio(models, self.identity.model)
        return context

    async def _models(self) -> JsonObject:
        return await self._client.fetch(Call("/models", about="the list of models"))

    async def _fetch_if_there(self, path: str) -> JsonObject:
        try:
            return await self._client.fetch(Call(path))
        except HttpError as error:
            if error.failure in (Failure.NOT_FOUND, Failure.REQUEST, Failure.PROTOCOL):
                return {}  # another kind of server
            raise


def _lacking(features: ModelFeatures) -> frozenset[Concession]:
    able = {Concession.NO_SCHEMA: features.structured, Concession.NO_TOOLS: features.tools}
    return frozenset(concession for concession, is_able in able.items() if not is_able)
