"""What Gemini answers: chunks of `streamGenerateContent` to signals.

A reply may come in several requests (`CONTINUATION`): each of them is a `GoogleReply` that takes up
where the one before ended. Function calls are held back until the reply
is whole, so that one of a reply that was cut is never run.
"""

import json
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from xreview.domain.text import shorten
from xreview.models.http.server import QUOTED_CHARACTERS
from xreview.ports.json_value import JsonObject, count_in, list_in, object_in, text_in
from xreview.ports.model import (
    Doing,
    Finished,
    ModelSignal,
    Stop,
    TextDelta,
    Tokens,
)
from xreview.ports.request import ToolCall

_TRUNCATED = frozenset({"MAX_TOKENS"})
_REFUSED = frozenset(
    {
        "SAFETY",
        "RECITATION",
        "LANGUAGE",
        "BLOCKLIST",
        "PROHIBITED_CONTENT",
        "SPII",
        "ESCALATION",
        "IMAGE_SAFETY",
        "IMAGE_PROHIBITED_CONTENT",
        "IMAGE_RECITATION",
        "MODEL_ARMOR",
        "PUP_LIMITED_DISABLED",
    }
)
_WORTH_A_SECOND_TRY = frozenset(
    {
        "RECITATION",
        "MALFORMED_FUNCTION_CALL",
        "MALFORMED_RESPONSE",
        "UNEXPECTED_TOOL_CALL",
        "TOO_MANY_TOOL_CALLS",
    }
)
_CONTINUED = "CONTINUATION"


class ReplyVerdict(StrEnum):
    """What is to be done with a reply whose stream has ended."""

    WHOLE = "whole"
    """It can be handed on by `finish`."""
    CONTINUED = "continued"
    """The server cut it and gives the rest for another request."""
    EMPTY = "empty"
    """It stopped as if all were well, without a single part."""
    MALFORMED = "malformed"
    """The model called a function that can't be read, or recited: another try may do."""
    FAILED = "failed"
    """It stopped for a reason that is neither the model's answer nor its refusal."""


class GoogleReply:
    """The reply so far; `earlier` is what the requests before this one brought of it."""

    def __init__(self, earlier: "GoogleReply | None" = None) -> None:
        self._parts: list[dict[str, Any]] = list(earlier.parts) if earlier else []
        self._pieces: list[str] = []
        self._model = ""
        self._block = ""
        self._block_message = ""
        self._message = ""
        self._is_thinking = False
        self.reason = ""
        """Why the model stopped, in the server's word; "" while it has not."""
        self.continuation = ""
        """The token that the rest is asked with."""

    def knows(self, chunk: JsonObject) -> bool:
        """Whether an object is part of such a reply."""
        return not chunk.keys().isdisjoint(("candidates", "promptFeedback", "usageMetadata"))

    def feed(self, chunk: JsonObject) -> Iterator[ModelSignal]:
        """The signals in one chunk of the stream."""
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
        """The turn as the server gets it back: as it came, its pieces of text joined."""
        self._close_text()
        return self._parts

    @property
    def is_whole(self) -> bool:
        """Whether the server said why it stopped."""
        return bool(self.reason or self._block)

    @property
    def is_refusal(self) -> bool:
        """Whether the model or its server will not answer."""
        return bool(self._block) or self.reason in _REFUSED

    @property
    def verdict(self) -> ReplyVerdict:
        """What is to be done, once the stream has ended."""
        if self._block:
            return ReplyVerdict.WHOLE
        if self.reason == _CONTINUED:
            return ReplyVerdict.CONTINUED if self.continuation else ReplyVerdict.FAILED
        if self.reason in _WORTH_A_SECOND_TRY:
            return ReplyVerdict.MALFORMED
        if self.reason == "STOP":
            return ReplyVerdict.WHOLE if self._has_answer() else ReplyVerdict.EMPTY
        if self.reason in _REFUSED | _TRUNCATED:
            return ReplyVerdict.WHOLE
        return ReplyVerdict.FAILED

    def _has_answer(self) -> bool:
        return bool(self.text.strip()) or any("functionCall" in part for part in self.parts)

    @property
    def text(self) -> str:
        """The answer so far."""
        return "".join(
            text_in(part, "text") for part in self.parts if part.get("thought") is not True
        )

    def finish(self) -> Iterator[ModelSignal]:
        """The calls of a whole reply, and its end."""
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
        """What the server says of a stop that is none of the model's choice; "" for nothing."""
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
