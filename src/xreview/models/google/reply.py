"""Turning chunks of Gemini's `streamGenerateContent` into signals.

A reply can take several requests (`CONTINUATION`); each one's `GoogleReply` continues the one
before. Function calls are held back until the reply is complete, so that a truncated reply runs
none.
"""

import json
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from xreview.domain.text import shorten
from xreview.models.http.server import QUOTED_CHARACTERS
from xreview.ports.json_value import JsonObject, count_in, list_in, object_in, text_in
from xreview.ports.model import Doing, Finished, ModelSignal, Stop, TextDelta, Tokens
from xreview.ports.request import ToolCall

_TRUNCATED = frozenset({"MAX_TOKENS"})
_REFUSED = frozenset(
    (
        *("SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII"),
        *("ESCALATION", "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION"),
        *("MODEL_ARMOR", "PUP_LIMITED_DISABLED"),
    )
)
_WORTH_A_SECOND_TRY = frozenset(
    (
        *("RECITATION", "MALFORMED_FUNCTION_CALL", "MALFORMED_RESPONSE"),
        *("UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS"),
    )
)
_CONTINUED = "CONTINUATION"


class ReplyVerdict(StrEnum):
    """What to do with a reply after its stream ended."""

    WHOLE = "whole"
    """It is complete; call `finish`."""
    CONTINUED = "continued"
    """The server split it; another request gets the rest."""
    EMPTY = "empty"
    """It stopped normally, but without content."""
    MALFORMED = "malformed"
    """An unreadable function call, or a recitation; a retry may help."""
    FAILED = "failed"
    """It stopped for another reason, with neither an answer nor a refusal."""


class GoogleReply:
    """The reply so far; `earlier` is the part from earlier requests."""

    def __init__(self, earlier: "GoogleReply | None" = None) -> None:
        self._parts: list[dict[str, Any]] = list(earlier.parts) if earlier else []
        self._pieces: list[str] = []
        self._model = ""
        self._block = ""
        self._block_message = ""
        self._message = ""
        self._is_thinking = False
        self.reason = ""
        """The server's word for why the model stopped; "" before that."""
        self.continuation = ""
        """The token to request the rest with."""

    def knows(self, chunk: JsonObject) -> bool:
        """Whether an object belongs to this protocol."""
        return not chunk.keys().isdisjoint(("candidates", "promptFeedback", "usageMetadata"))

    def feed(self, chunk: JsonObject) -> Iterator[ModelSignal]:
        """Return the signals in one chunk."""
        self._model = text_in(chunk, "modelVersion") or self._model
        feedback = object_in(chunk, "promptFeedback")
        self._block = text_in(feedback, "blockReason") or self._block
        self._block_message = text_in(feedback, "blockReasonMessage") or self._block_message
        for candidate in list_in(chunk, "candidates")[:1]:
            yield from self._candidate(candidate)
        usage = object_in(chunk, "usageMetadata")
        if usage:
            yield _tokens(usage)

    def _candidate(self, candidate: object) -> Iterator[ModelSignal]:
        for part in list_in(object_in(candidate, "content"), "parts"):
            fields = dict(object_in(part))
            if fields:
                yield from self._part(fields)
        self.reason = text_in(candidate, "finishReason") or self.reason
        self._message = text_in(candidate, "finishMessage") or self._message
        self.continuation = text_in(candidate, "continuationToken") or self.continuation

    def _part(self, part: dict[str, Any]) -> Iterator[ModelSignal]:
        said = text_in(part, "text")
        if part.get("thought") is True:
            if not self._is_thinking:
                yield Doing("thinking")
        elif said:
            yield TextDelta(said)
        self._is_thinking = part.get("thought") is True
        if part.keys() == {"text"}:
            self._pieces.append(said)
        else:
            self._close_text()
            self._parts.append(part)

    def _close_text(self) -> None:
        if self._pieces:
            self._parts.append({"text": "".join(self._pieces)})
            self._pieces = []

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The turn to send back to the server, with pieces of text joined."""
        self._close_text()
        return self._parts

    @property
    def is_whole(self) -> bool:
        """Whether the server gave a stop reason."""
        return bool(self.reason or self._block)

    @property
    def is_refusal(self) -> bool:
        """Whether the model or the server refuses to answer."""
        return bool(self._block) or self.reason in _REFUSED

    @property
    def verdict(self) -> ReplyVerdict:
        """What to do once the stream has ended."""
        if self._block:
            return ReplyVerdict.WHOLE
        if self.reason == _CONTINUED:
            return ReplyVerdict.CONTINUED if self.continuation else ReplyVerdict.FAILED
        if self.reason in _WORTH_A_SECOND_TRY:
            return ReplyVerdict.MALFORMED
        if self.reason == "STOP":
            has_answer = self.text.strip() or any("functionCall" in part for part in self.parts)
            return ReplyVerdict.WHOLE if has_answer else ReplyVerdict.EMPTY
        if self.reason in _REFUSED | _TRUNCATED:
            return ReplyVerdict.WHOLE
        return ReplyVerdict.FAILED

    @property
    def text(self) -> str:
        """The answer so far."""
        return "".join(
            text_in(part, "text") for part in self.parts if part.get("thought") is not True
        )

    def finish(self) -> Iterator[ModelSignal]:
        """Return the calls of a complete reply, and its end."""
        stop = self._stop()
        if stop is Stop.TOOLS:
            yield from self._calls()
        yield Finished(
            stop=stop,
            model=self._model,
            detail=self.detail,
            echo={"role": "model", "parts": self.parts} if self.parts else None,
        )

    def _stop(self) -> Stop:
        if self.is_refusal:
            return Stop.REFUSED
        if self.reason in _TRUNCATED:
            return Stop.TRUNCATED
        return Stop.TOOLS if any("functionCall" in part for part in self.parts) else Stop.OK

    def _calls(self) -> Iterator[ToolCall]:
        calls = [call for part in self.parts if (call := part.get("functionCall")) is not None]
        for number, call in enumerate(calls, start=1):
            yield ToolCall(
                id=text_in(call, "id") or f"call-{number}",
                name=text_in(call, "name"),
                arguments=json.dumps(object_in(call, "args"), ensure_ascii=False),
            )

    @property
    def detail(self) -> str:
        """The server's explanation of an abnormal stop; "" for none."""
        said = (self.reason, self._message) if self.reason not in ("", "STOP") else ()
        if self._block:
            said = (self._block, self._block_message)
        return shorten(": ".join(filter(None, said)), QUOTED_CHARACTERS)


def _tokens(usage: JsonObject) -> Tokens:
    reasoning = count_in(usage, "thoughtsTokenCount") or 0
    asked = count_in(usage, "promptTokenCount") or 0
    return Tokens(
        input=asked + (count_in(usage, "toolUsePromptTokenCount") or 0),
        cached=count_in(usage, "cachedContentTokenCount") or 0,
        output=(count_in(usage, "candidatesTokenCount") or 0) + reasoning,
        reasoning=reasoning,
    )
