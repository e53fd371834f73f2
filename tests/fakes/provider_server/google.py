"""Replies of Gemini's `generateContent`, as Google's own Python package reads them."""

import base64
import json
from collections.abc import Sequence
from typing import Any

from tests.fakes.provider_server.reply import (
    Answer,
    Reply,
    Request,
    event_stream,
    frame,
    json_reply,
)

MODEL = "gemini-3.8-flash"
STREAM = f"/v1/models/{MODEL}:streamGenerateContent"
PATH = f"/v1/models/{MODEL}:generateContent"
SIGNATURE = base64.b64encode(b"signed").decode()
USAGE = {
    "promptTokenCount": 100,
    "cachedContentTokenCount": 50,
    "candidatesTokenCount": 40,
    "thoughtsTokenCount": 15,
    "totalTokenCount": 155,
}

Json = dict[str, Any]


def text(said: str, **fields: Any) -> Json:
    return {"text": said, **fields}


def function_call(name: str, id: str = "", **arguments: Any) -> Json:
    call = {"name": name, "args": arguments, **({"id": id} if id else {})}
    return {"functionCall": call, "thoughtSignature": SIGNATURE}


def reply(*parts: Json, finish: str = "STOP", **fields: Any) -> Answer:
    """A turn of the model: streamed where the path asks for it. `fields` go to the candidate."""

    def answer(request: Request) -> Reply:
        if "stream" not in request.path:
            return json_reply(chunk(parts, finish=finish, usage=USAGE, **fields))
        chunks = chunks_of(parts, finish=finish, **fields)
        return streamed(*chunks) if request.query == "alt=sse" else json_reply(chunks)

    return answer


def streamed(*chunks: Json, newline: str = "\r\n") -> Reply:
    return event_stream(frame(one, newline=newline) for one in chunks)


def chunks_of(parts: Sequence[Json], *, finish: str = "STOP", **fields: Any) -> list[Json]:
    """The chunks of a turn: texts in small pieces, calls whole, the end in a chunk of its own."""
    chunks = [chunk([piece]) for part in parts for piece in _pieces(part)]
    return [*chunks, chunk([], finish=finish, usage=USAGE, **fields)]


def chunk(
    parts: Sequence[Json], finish: str = "", usage: Json | None = None, **fields: Any
) -> Json:
    candidate: Json = {"index": 0, **fields}
    if parts:
        candidate["content"] = {"role": "model", "parts": list(parts)}
    if finish:
        candidate["finishReason"] = finish
    counts = {"usageMetadata": usage} if usage else {}
    return {"candidates": [candidate], "modelVersion": f"{MODEL}-001", "responseId": "r1", **counts}


def blocked(reason: str, **fields: Any) -> Json:
    return {
        "promptFeedback": {"blockReason": reason, **fields},
        "usageMetadata": {"promptTokenCount": 100, "totalTokenCount": 100},
        "modelVersion": MODEL,
    }


def error_body(code: int, status: str, said: str, *details: Json) -> Json:
    return {"error": {"code": code, "message": said, "status": status, "details": list(details)}}


def error(code: int, status: str, said: str, *details: Json, **headers: str) -> Reply:
    return json_reply(error_body(code, status, said, *details), code, **headers)


def retry_info(delay: str) -> Json:
    return {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay}


def quota(id: str) -> Json:
    violation = {"quotaMetric": "generate_content_requests", "quotaId": id}
    return {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [violation]}


def key_invalid() -> Json:
    return {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}


def model(id: str = MODEL, most_input: int = 1_048_576, most_output: int = 65_536) -> Json:
    return {
        "name": f"models/{id}",
        "displayName": id.title(),
        "inputTokenLimit": most_input,
        "outputTokenLimit": most_output,
        "supportedGenerationMethods": ["generateContent", "countTokens"],
        "thinking": True,
    }


def embedder(id: str) -> Json:
    return {**model(id), "supportedGenerationMethods": ["embedContent"]}


def _pieces(part: Json, size: int = 7) -> list[Json]:
    said = part.get("text", "")
    if not said:
        return [part]
    starts = range(0, len(said), size)
    return [{**part, "text": said[start : start + size]} for start in starts]


def array_reply(parts: Sequence[Json], status: int = 200) -> Reply:
    """What a proxy that drops `alt=sse` lets through: one array."""
    return json_reply(json.loads(json.dumps(chunks_of(parts))), status)
