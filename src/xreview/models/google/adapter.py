"""The adapter for Gemini.

When the server splits an answer (`CONTINUATION`), the rest is requested until it is complete. An
answer that is empty, malformed or a recitation is requested once more.
"""

import re
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from urllib.parse import quote

from xreview.domain.record import dataclass, field, replace
from xreview.models.google.reply import GoogleReply, ReplyVerdict
from xreview.models.google.request import generate_body
from xreview.models.http.call import EVENT_STREAM, JSON, Call, TokenTally
from xreview.models.http.model import NO_ANSWER_ADVICE, HttpModel
from xreview.models.http.server import Complaint, Dialect, HttpError
from xreview.models.wire.json_stream import JsonStreamReader, object_source
from xreview.ports.failure import Failure, ModelError
from xreview.ports.json_value import JsonObject, count_in, list_in, object_in, text_in
from xreview.ports.model import (
    ModelFeatures,
    ModelLimits,
    ModelSignal,
    Restarted,
    ServedModel,
    TextDelta,
    Tokens,
)
from xreview.ports.request import ModelRequest, Structure

_DELAY = re.compile(r"(\d{1,6}(?:\.\d{1,9})?)s")
_TOO_LONG = re.compile(r"token count|number of tokens|too many tokens|payload size", re.IGNORECASE)
_DAILY = re.compile(r"per_?day", re.IGNORECASE)
_STRUCTURE = re.compile(
    r"schema|too many states|mime ?type|json mode|controlled generation", re.IGNORECASE
)
_THINKING = re.compile(r"thinking", re.IGNORECASE)
_MOST_SECONDS = 120.0


def _complaint(body: JsonObject) -> Complaint:
    """Read a `google.rpc.Status` with its details."""
    error = object_in(body, "error")
    message = text_in(error, "message")
    details = list_in(error, "details")
    kinds = [kind for detail in details for kind in _kinds(detail)]
    if _TOO_LONG.search(message):
        kinds.append("too-long")
    delays = (_DELAY.fullmatch(text_in(detail, "retryDelay")) for detail in details)
    delay = next(filter(None, delays), None)
    return Complaint(
        kinds=(*kinds, text_in(error, "status")),
        message=message,
        seconds=float(delay[1]) if delay else None,
    )


def _kinds(detail: object) -> Iterator[str]:
    reason = text_in(detail, "reason")
    if reason:
        yield reason
    for violation in list_in(detail, "violations"):
        if _DAILY.search(text_in(violation, "quotaId")):
            yield "daily-quota"


GOOGLE_DIALECT = Dialect(
    _complaint,
    {
        "API_KEY_INVALID": Failure.KEY,
        "daily-quota": Failure.MONEY,
        "too-long": Failure.TOO_LARGE,
        "UNAUTHENTICATED": Failure.KEY,
        "PERMISSION_DENIED": Failure.KEY,
        "NOT_FOUND": Failure.NOT_FOUND,
        "RESOURCE_EXHAUSTED": Failure.RATE,
        "UNAVAILABLE": Failure.SERVER,
        "INTERNAL": Failure.SERVER,
        "DEADLINE_EXCEEDED": Failure.TIMEOUT,
        "INVALID_ARGUMENT": Failure.REQUEST,
        "FAILED_PRECONDITION": Failure.REQUEST,
    },
    gives_up_after=_MOST_SECONDS,
)
"""Waiting doesn't help against a daily quota."""


_MOST_PARTS = 16
_MOST_PAGES = 20
_METHOD = "generateContent"


@dataclass
class _Turn:
    """The progress of one question over several requests."""

    reply: GoogleReply = field(default_factory=GoogleReply)
    earlier: GoogleReply | None = None
    parts: int = 1
    is_second_try: bool = False
    is_rephrased: bool = False

    @property
    def continuation(self) -> str:
        return self.earlier.continuation if self.earlier else ""

    def goes_on(self) -> bool:
        """Start the next part of a split reply, if there is one; return whether there is."""
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
    """A Gemini model."""

    dialect = GOOGLE_DIALECT

    def _start_learning(self) -> None:
        self._structure = Structure.SCHEMA if self._features.structured else Structure.JSON
        self._is_level_capped = False

    @property
    def features(self) -> ModelFeatures:
        """What it can do, as far as the server has shown."""
        is_structured = self._structure is Structure.SCHEMA
        return replace(self._features, structured=is_structured)

    async def check(self) -> tuple[ServedModel, ...]:
        """Return the models that the key can generate content with. Raises ModelError."""
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
            body = generate_body(
                request,
                self.identity.model,
                structure=structure,
                is_level_capped=self._is_level_capped,
                is_second_try=turn.is_rephrased,
                continuation=turn.continuation,
            )
            path = self._path(":streamGenerateContent?alt=sse")
            return Call(path, body, accepts=(EVENT_STREAM, JSON), about=self._about)

        def open_reader(media_type: str) -> JsonStreamReader:
            turn.reply = GoogleReply(turn.earlier)
            server = self._client.server
            return JsonStreamReader(
                object_source(media_type, server), turn.reply, server, self._about
            )

        def concede(refusal: HttpError, call: Call) -> bool:
            return self._concede(refusal, call, structure)

        return self._stream_with_fallback(make_call, open_reader, concede)

    def _concede(self, refusal: HttpError, call: Call, structure: Structure) -> bool:
        """Ask for less from now on, if that can help; return whether it can."""
        said = refusal.complaint.message
        if refusal.failure is not Failure.REQUEST:
            return False
        config = object_in(call.body, "generationConfig")
        level = text_in(object_in(config, "thinkingConfig"), "thinkingLevel")
        if level == "XHIGH" and _THINKING.search(said):
            self._is_level_capped = True
            return True
        if structure.weaker is None or not (
            "responseMimeType" in config and _STRUCTURE.search(said)
        ):
            return False
        if self._structure is structure:  # else another request learned it first
            self._structure = structure.weaker
        return True

    def _unusable(self, verdict: ReplyVerdict, reply: GoogleReply) -> ModelError:
        what = {
            ReplyVerdict.EMPTY: f"an empty answer from {self._about} twice",
            ReplyVerdict.MALFORMED: f"an unreadable answer from {self._about} twice",
            ReplyVerdict.CONTINUED: f"an answer from {self._about} that never ends",
            ReplyVerdict.FAILED: f"no answer from {self._about}",
        }[verdict]
        why = f" ({reply.detail})" if reply.detail else ""
        return self._client.server.unreadable(what + why, NO_ANSWER_ADVICE)

    def _path(self, rest: str = "") -> str:
        return f"/models/{quote(self.identity.model.removeprefix('models/'), safe='')}{rest}"


def _limits_in(model: object) -> ModelLimits:
    return ModelLimits(
        count_in(model, "inputTokenLimit") or None, count_in(model, "outputTokenLimit") or None
    )
