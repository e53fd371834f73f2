"""Replies of Chat Completions servers, as the `openai` package reads them, and as others differ."""

from collections.abc import Iterable, Sequence
from typing import Any

from tests.fakes.provider_server.reply import (
    Answer,
    Reply,
    Request,
    event_stream,
    frame,
    json_reply,
)

PATH = "/v1/chat/completions"
MODELS = "/v1/models"
MODEL = "qwen3-coder"
USAGE = {
    "prompt_tokens": 100,
    "completion_tokens": 40,
    "total_tokens": 140,
    "prompt_tokens_details": {"cached_tokens": 50},
    "completion_tokens_details": {"reasoning_tokens": 15},
}

Json = dict[str, Any]


def tool_call(id: str, name: str, arguments: str) -> Json:
    return {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}}


def reply(
    said: str = "", *, calls: Sequence[Json] = (), finish: str = "", usage: Json | None = None
) -> Answer:
    """A turn of the model: streamed where the request asks for it."""
    finish = finish or ("tool_calls" if calls else "stop")

    def answer(request: Request) -> Reply:
        if not request.json.get("stream"):
            return json_reply(document(said, calls, finish))
        deltas = [*texts(said), *call_deltas(calls)]
        wants_usage = request.json.get("stream_options", {}).get("include_usage")
        return streamed(deltas, finish=finish, usage=(usage or USAGE) if wants_usage else None)

    return answer


def streamed(
    deltas: Iterable[Json],
    *,
    finish: str | None = "stop",
    usage: Json | None = None,
    done: bool = True,
    newline: str = "\n",
) -> Reply:
    """A stream of these deltas, a finish chunk, a usage chunk and `[DONE]`, each where wanted."""
    chunks: list[object] = [chunk({"role": "assistant", "content": ""}), *map(chunk, deltas)]
    if finish:
        chunks.append(chunk({}, finish))
    if usage:
        chunks.append({**chunk({}), "choices": [], "usage": usage})
    frames = [frame(one, newline=newline) for one in (*chunks, *(["[DONE]"] if done else []))]
    return event_stream(frames)


def chunk(delta: Json, finish: str | None = None) -> Json:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1_790_000_000,
        "model": f"{MODEL}:served",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}],
    }


def document(said: str, calls: Sequence[Json] = (), finish: str = "stop") -> Json:
    message: Json = {"role": "assistant", "content": said or None, "refusal": None}
    if calls:
        message["tool_calls"] = list(calls)
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_790_000_000,
        "model": f"{MODEL}:served",
        "choices": [{"index": 0, "message": message, "finish_reason": finish, "logprobs": None}],
        "usage": USAGE,
    }


def texts(said: str, size: int = 7) -> list[Json]:
    return [{"content": said[start : start + size]} for start in range(0, len(said), size)]


def call_deltas(calls: Sequence[Json], size: int = 5) -> list[Json]:
    """Calls as OpenAI streams them: head with id and name, then the arguments in pieces."""
    deltas: list[Json] = []
    for index, call in enumerate(calls):
        arguments = call["function"]["arguments"]
        head = {**call, "function": {"name": call["function"]["name"], "arguments": ""}}
        deltas.append({"tool_calls": [{"index": index, **head}]})
        for start in range(0, len(arguments), size):
            piece = {"index": index, "function": {"arguments": arguments[start : start + size]}}
            deltas.append({"tool_calls": [piece]})
    return deltas


def error(status: int, said: str, code: object = None, kind: str = "", **headers: str) -> Reply:
    return json_reply(error_body(said, code, kind), status, **headers)


def error_body(said: str, code: object = None, kind: str = "") -> Json:
    return {"error": {"message": said, "type": kind or None, "param": None, "code": code}}


def models(*entries: Json) -> Reply:
    listed = [{"object": "model", "created": 1, "owned_by": "vllm", **entry} for entry in entries]
    return json_reply({"object": "list", "data": listed})
