"""Replies of Ollama's native API, as its own Python package reads them."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from tests.fakes.provider_server.reply import Answer, Reply, Request, json_reply

PATH = "/api/chat"
SHOW = "/api/show"
TAGS = "/api/tags"
MODEL = "qwen3:8b"
DETAILS = {"parameter_size": "8.2B", "quantization_level": "Q4_K_M"}

Json = dict[str, Any]


def tool_call(name: str, **arguments: Any) -> Json:
    return {"function": {"name": name, "arguments": arguments}}


def reply(
    said: str = "",
    *,
    calls: Sequence[Json] = (),
    thinking: str = "",
    reason: str = "stop",
    prompt: int = 100,
) -> Answer:
    """A turn of the model: streamed unless the request asks for one document."""

    def answer(request: Request) -> Reply:
        if request.json.get("stream") is False:
            message = {"role": "assistant", "content": said, "tool_calls": list(calls)}
            return json_reply({**_head(), "message": message, **_end(reason, prompt)})
        return streamed(
            lines_of(said, calls=calls, thinking=thinking, reason=reason, prompt=prompt)
        )

    return answer


def lines_of(
    said: str = "",
    *,
    calls: Sequence[Json] = (),
    thinking: str = "",
    reason: str = "stop",
    prompt: int = 100,
) -> list[Json]:
    """The lines of a turn, text in small pieces."""
    messages: list[Json] = [{"content": "", "thinking": piece} for piece in _cut(thinking)]
    messages += [{"content": piece} for piece in _cut(said)]
    messages += [{"content": "", "tool_calls": [call]} for call in calls]
    lines = [
        {**_head(), "message": {"role": "assistant", **message}, "done": False}
        for message in messages
    ]
    last = {**_head(), "message": {"role": "assistant", "content": ""}, **_end(reason, prompt)}
    return [*lines, last]


def streamed(lines: Iterable[Json], newline: str = "\n") -> Reply:
    pieces = tuple(f"{json.dumps(line, ensure_ascii=False)}{newline}".encode() for line in lines)
    return Reply(200, {"content-type": "application/x-ndjson"}, pieces)


def error(status: int, said: str) -> Reply:
    return json_reply({"error": said}, status)


def show(
    context: int = 40_960,
    capabilities: Sequence[str] = ("completion", "tools", "thinking"),
    **fields: Any,
) -> Reply:
    return json_reply(
        {
            "details": {
                "family": "qwen3",
                "parameter_size": "8.2B",
                "quantization_level": "Q4_K_M",
            },
            "model_info": {
                "general.architecture": "qwen3",
                "qwen3.context_length": context,
                "qwen3.embedding_length": 4096,
            },
            "capabilities": list(capabilities),
            **fields,
        }
    )


def tags(*names: str, **fields: Any) -> Reply:
    models = [
        {"name": name, "model": name, "size": 5_200_000_000, "details": DETAILS, **fields}
        for name in names
    ]
    return json_reply({"models": models})


def holding(context: int, tokens: Callable[[Request], int], answer: Answer) -> Answer:
    """A server that refuses what is longer than the context it was asked for."""

    def checked(request: Request) -> Reply:
        asked = min(request.json["options"]["num_ctx"], context)
        if tokens(request) > asked and request.json.get("truncate") is False:
            return error(400, f"the prompt is longer than the context length, {asked}")
        return answer if isinstance(answer, Reply) else answer(request)

    return checked


def _head() -> Json:
    return {"model": MODEL, "created_at": "2026-11-21T12:00:00.000000Z"}


def _end(reason: str, prompt: int) -> Json:
    return {
        "done": True,
        "done_reason": reason,
        "total_duration": 1_000_000,
        "prompt_eval_count": prompt,
        "eval_count": 40,
    }


def _cut(said: str, size: int = 7) -> list[str]:
    return [said[start : start + size] for start in range(0, len(said), size)]
