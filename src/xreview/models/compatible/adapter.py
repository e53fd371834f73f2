"""Chat Completions: OpenRouter, vLLM, llama.cpp, LM Studio, any host (`providers.md`, section 3).

What a server can not do it shows by refusing a request. The model is then asked for less, and that
is remembered: no schema but JSON, no JSON but text, no tools, no effort.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from xreview.domain.text import shorten
from xreview.models.compatible import errors, limits
from xreview.models.compatible.reply import CompatibleReply
from xreview.models.compatible.request import body_of, structure_under
from xreview.models.compatible.servers import (
    PLAIN,
    SERVERS,
    Concession,
    concession_for,
)
from xreview.models.http.call import EVENT_STREAM, JSON, Call
from xreview.models.http.client import HttpClient
from xreview.models.http.model import HttpModel
from xreview.models.http.secret import Credential, Secret, bearer
from xreview.models.http.server import QUOTED_CHARACTERS, HttpError
from xreview.models.http.tally import TokenTally
from xreview.models.wire.chunks import ChunkReader, chunks_of
from xreview.models.wire.conceding import NO_ANSWER_ADVICE, stream_conceding
from xreview.models.wire.sizes import fit
from xreview.ports.failure import Failure
from xreview.ports.json_value import JsonObject
from xreview.ports.model import (
    ModelFeatures,
    ModelIdentity,
    ModelLimits,
    ModelSignal,
    Restarted,
    ServedModel,
    Stop,
    Tokens,
)
from xreview.ports.request import Effort, ModelRequest, Structure

DIALECT = errors.DIALECT
_REFUSALS = frozenset({Failure.REQUEST, Failure.NOT_FOUND, Failure.SERVER})
"""Of a field it is a 400 or 422; OpenRouter's is a 404, llama.cpp's at times a 500."""


def credential(secret: Secret) -> Credential:
    """The key as a Bearer token; servers on this machine mostly want none."""
    return bearer(secret)


@dataclass
class _Turn:
    """The reply to one question so far."""

    reply: CompatibleReply = field(default_factory=CompatibleReply)
    is_second_try: bool = False


class CompatibleModel(HttpModel):
    """A model behind a Chat Completions server.

    Its client is made with `DIALECT`; its base URL ends as the server's does (mostly `/v1`).
    """

    def __init__(
        self,
        identity: ModelIdentity,
        client: HttpClient,
        *,
        features: ModelFeatures | None = None,
        known: ModelLimits | None = None,
        effort: Effort | None = None,
    ) -> None:
        super().__init__(identity, client, features=features, known=known, effort=effort)
        self._server = SERVERS.get(client.address.host, PLAIN)
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
        """The models that the server has. Raises ModelError."""
        return limits.compatible_models(await self._models())

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
                raise unreadable(f"no answer of {self._about} ({reason})", NO_ANSWER_ADVICE)
            if stop is not Stop.OK or turn.reply.has_answer:
                break
            if turn.is_second_try:
                raise unreadable(f"an empty answer for {self._about} twice", NO_ANSWER_ADVICE)
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
                body_of(fitted, self.identity.model, self._server, conceded),
                accepts=(EVENT_STREAM, JSON),
                about=self._about,
                answer_tokens=fitted.max_output_tokens,
            )

        def open_reader(media_type: str) -> ChunkReader:
            turn.reply = CompatibleReply()
            server = self._client.server
            return ChunkReader(chunks_of(media_type, server), turn.reply, server, self._about)

        def concede(refusal: HttpError, call: Call) -> bool:
            if refusal.failure is Failure.TOO_LARGE:
                return self._learn_from(refusal.complaint.message, request)
            if refusal.failure not in _REFUSALS or call.body is None:
                return False
            found = concession_for(refusal.complaint.message, call.body, conceded)
            self._conceded |= {found} if found else set()
            return found is not None

        return stream_conceding(self._client, make_call, open_reader, concede)

    def _learn_from(self, message: str, request: ModelRequest) -> bool:
        """Whether a refusal names the context, and a shorter answer than was asked for fits."""
        context = errors.context_in(message)
        if context is None or (self._context is not None and self._context <= context):
            return False
        self._context = context
        self._limits = replace(self._limits or self._known, window=context)
        return self._fitted(request).max_output_tokens < request.max_output_tokens

    async def _learn_context(self) -> None:
        """Local servers hold so little that the longest answer must be made to fit."""
        try:
            await self.limits()
        except HttpError as error:
            if error.failure in (Failure.CONNECTION, Failure.KEY, Failure.TIMEOUT):
                raise
            # It may still answer questions, or will say itself why not.

    def _fitted(self, request: ModelRequest) -> ModelRequest:
        """The request with an answer no longer than there is room. Raises ModelError."""
        if self._context is None:
            return request
        body = body_of(request, self.identity.model, self._server, self._conceded)
        room = fit(body, request.max_output_tokens, self._context, self._about)
        return replace(request, max_output_tokens=room.output_tokens)

    async def _told_limits(self) -> ModelLimits:
        models, model = await self._models(), self.identity.model
        context = limits.context_in_models(models, model)
        if self._client.address.is_local:
            context = await self._loaded_context() or context
        longest = limits.longest_answer_in_models(models, model)
        told = ModelLimits(output_tokens=longest, window=context).or_else(self._known)
        self._context = told.window
        return told

    async def _loaded_context(self) -> int | None:
        """The context a model was loaded with, which llama.cpp and LM Studio tell beside `/v1`."""
        props = await self._fetch_if_there("/../props")
        context = limits.context_in_props(props)
        if context is None:
            models = await self._fetch_if_there("/../api/v1/models")
            context = limits.context_in_lm_studio(models, self.identity.model)
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
    lacking: set[Concession] = set()
    if not features.structured:
        lacking.add(Concession.NO_SCHEMA)
    if not features.tools:
        lacking.add(Concession.NO_TOOLS)
    return frozenset(lacking)
