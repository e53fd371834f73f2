"""Gemini over `generateContent`, streamed (reference `providers.md`, section 4).

An answer that the server cuts (`CONTINUATION`) is asked for until it is whole. One that is empty,
malformed or a recitation is asked for once more.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from xreview.models.google import errors
from xreview.models.google.reply import GoogleReply, ReplyVerdict
from xreview.models.google.request import body_of
from xreview.models.http.call import EVENT_STREAM, JSON, Call
from xreview.models.http.client import HttpClient
from xreview.models.http.model import HttpModel
from xreview.models.http.secret import Credential, Secret
from xreview.models.http.server import HttpError
from xreview.models.http.tally import TokenTally
from xreview.models.wire.chunks import ChunkReader, chunks_of
from xreview.models.wire.conceding import NO_ANSWER_ADVICE, stream_conceding
from xreview.ports.failure import Failure, ModelError
from xreview.ports.json_value import count_in, list_in, text_in
from xreview.ports.model import (
    ModelFeatures,
    ModelIdentity,
    ModelLimits,
    ModelSignal,
    Restarted,
    ServedModel,
    TextDelta,
    Tokens,
)
from xreview.ports.request import Effort, ModelRequest, Structure

BASE_URL = "https://generativelanguage.googleapis.com/v1"
DIALECT = errors.DIALECT
_MOST_PARTS = 16
_MOST_PAGES = 20
_METHOD = "generateContent"


def credential(secret: Secret) -> Credential:
    """The key in the header that Google takes it in; never in the URL, which gets logged."""
    return Credential("x-goog-api-key", secret)


@dataclass
class _Turn:
    """How far one question is: what the requests so far brought."""

    reply: GoogleReply = field(default_factory=GoogleReply)
    earlier: GoogleReply | None = None
    parts: int = 1
    is_second_try: bool = False
    is_rephrased: bool = False

    @property
    def continuation(self) -> str:
        return self.earlier.continuation if self.earlier else ""

    def goes_on(self) -> bool:
        """Begin the next part of a reply that the server cut; whether there is one."""
        if self.reply.continuation == self.continuation or self.parts >= _MOST_PARTS:
            return False
        self.earlier = self.reply
        self.parts += 1
        return True

    def begin_again(self) -> None:
        self.is_second_try = True
        self.is_rephrased = self.reply.verdict is ReplyVerdict.MALFORMED
        self.earlier, self.parts = None, 1


class GoogleModel(HttpModel):
    """A Gemini model; its client is made with `BASE_URL` and `DIALECT`."""

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
        self._structure = Structure.SCHEMA if self._features.structured else Structure.JSON
        self._is_level_capped = False

    @property
    def features(self) -> ModelFeatures:
        """What it can do, as far as the server has shown."""
        is_structured = self._structure is Structure.SCHEMA
        return replace(self._features, structured=is_structured)

    async def check(self) -> tuple[ServedModel, ...]:
        """The models that the key may use for this. Raises ModelError."""
        models: list[ServedModel] = []
        token = ""
        for _ in range(_MOST_PAGES):
            path = "/models?pageSize=1000" + (
                f"&pageToken={quote(token, safe='')}" if token else ""
            )
            page = await self._client.fetch(Call(path, about="the list of models"))
            models += [
                ServedModel(
                    text_in(entry, "name").removeprefix("models/"),
                    text_in(entry, "displayName"),
                    _limits_in(entry),
                )
                for entry in list_in(page, "models")
                if _METHOD in list_in(entry, "supportedGenerationMethods")
            ]
            token = text_in(page, "nextPageToken")
            if not token:
                break
        return tuple(models)

    async def _told_limits(self) -> ModelLimits:
        found = await self._client.fetch(Call(self._path(), about=self._about))
        return _limits_in(found).or_else(self._known)

    async def ask(self, request: ModelRequest) -> AsyncGenerator[ModelSignal, None]:
        """Send the request and stream the answer. Raises ModelError."""
        request = replace(request, effort=request.effort or self._effort)
        turn, tally = _Turn(), TokenTally()
        while True:
            async with aclosing(self._stream(request, turn)) as signals:
                async for signal in signals:
                    yield tally.note(signal) if isinstance(signal, Tokens) else signal
                    if isinstance(signal, Restarted) and turn.earlier:
                        yield TextDelta(turn.earlier.text)
            tally.begin_anew()
            match turn.reply.verdict:
                case ReplyVerdict.WHOLE:
                    break
                case ReplyVerdict.CONTINUED if turn.goes_on():
                    continue
                case ReplyVerdict.EMPTY | ReplyVerdict.MALFORMED if not turn.is_second_try:
                    turn.begin_again()
                    yield Restarted()
                case ReplyVerdict.MALFORMED if turn.reply.is_refusal:
                    break
                case verdict:
                    raise self._unusable(verdict, turn.reply)
        for signal in turn.reply.finish():
            yield signal

    def _stream(self, request: ModelRequest, turn: _Turn) -> AsyncGenerator[ModelSignal, None]:
        """One request of a turn."""
        structure = self._structure

        def make_call() -> Call:
            nonlocal structure
            structure = self._structure
            body = body_of(
                request,
                self.identity.model,
                structure=structure,
                is_level_capped=self._is_level_capped,
                is_second_try=turn.is_rephrased,
                continuation=turn.continuation,
            )
            path = self._path(":streamGenerateContent?alt=sse")
            return Call(path, body, accepts=(EVENT_STREAM, JSON), about=self._about)

        def open_reader(media_type: str) -> ChunkReader:
            turn.reply = GoogleReply(turn.earlier)
            server = self._client.server
            return ChunkReader(chunks_of(media_type, server), turn.reply, server, self._about)

        def concede(refusal: HttpError, call: Call) -> bool:
            return self._concede(refusal, call, structure)

        return stream_conceding(self._client, make_call, open_reader, concede)

    def _concede(self, refusal: HttpError, call: Call, structure: Structure) -> bool:
        """Whether to ask for less from now on."""
        said = refusal.complaint.message
        if refusal.failure is not Failure.REQUEST:
            return False
        if errors.is_refused_level(call.body, said):
            self._is_level_capped = True
            return True
        if structure.weaker is None or not errors.is_refused_schema(call.body, said):
            return False
        if self._structure is structure:  # else another request has learned it meanwhile
            self._structure = structure.weaker
        return True

    def _unusable(self, verdict: ReplyVerdict, reply: GoogleReply) -> ModelError:
        what = {
            ReplyVerdict.EMPTY: f"an empty answer for {self._about} twice",
            ReplyVerdict.MALFORMED: f"an answer of {self._about} that can't be read twice",
            ReplyVerdict.CONTINUED: f"an answer of {self._about} that does not come to its end",
            ReplyVerdict.FAILED: f"no answer of {self._about}",
        }[verdict]
        why = f" ({reply.detail})" if reply.detail else ""
        return self._client.server.unreadable(what + why, NO_ANSWER_ADVICE)

    def _path(self, rest: str = "") -> str:
        return f"/models/{quote(self.identity.model.removeprefix('models/'), safe='')}{rest}"


def _limits_in(model: object) -> ModelLimits:
    return ModelLimits(
        count_in(model, "inputTokenLimit") or None, count_in(model, "outputTokenLimit") or None
    )
