"""Replies of Anthropic's Messages API, as its own Python package reads them."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from tests.fakes.provider_server.reply import (
    Answer,
    Reply,
    Request,
    event_stream,
    frame,
    json_reply,
)

PATH = "/v1/messages"
MODEL = "claude-opus-5-5"
USAGE = {"input_tokens": 20, "cache_creation_input_tokens": 30, "cache_read_input_tokens": 50}
LAST_USAGE = {"output_tokens": 40, "output_tokens_details": {"thinking_tokens": 15}}

Block = dict[str, Any]


def text(said: str) -> Block:
    return {"type": "text", "text": said}


def thinking(thought: str, signature: str = "c2lnbmVk") -> Block:
    return {"type": "thinking", "thinking": thought, "signature": signature}


def tool_use(id: str, name: str, **arguments: Any) -> Block:
    return {"type": "tool_use", "id": id, "name": name, "input": arguments}


def message(
    *blocks: Block, stop_reason: str = "end_turn", stop_details: Block | None = None
) -> Answer:
    """A turn of the model: streamed where the request asks for it."""

    def answer(request: Request) -> Reply:
        if not request.json.get("stream"):
            usage = {**USAGE, **LAST_USAGE}
            return json_reply(
                {
                    **_head(list(blocks), usage),
                    "stop_reason": stop_reason,
                    "stop_details": stop_details,
                }
            )
        return streamed(*blocks, stop_reason=stop_reason, stop_details=stop_details)

    return answer


def streamed(
    *blocks: Block,
    stop_reason: str = "end_turn",
    stop_details: Block | None = None,
    newline: str = "\n",
) -> Reply:
    events = events_of(blocks, stop_reason, stop_details)
    return event_stream(frame(event, event["type"], newline) for event in events)


def events_of(
    blocks: Sequence[Block], stop_reason: str = "end_turn", stop_details: Block | None = None
) -> list[Block]:
    """The events of a turn, texts and arguments in small deltas."""
    events: list[Block] = [
        {"type": "message_start", "message": _head([], {**USAGE, "output_tokens": 1})}
    ]
    for index, block in enumerate(blocks):
        empty, deltas = _grown(block)
        events.append({"type": "content_block_start", "index": index, "content_block": empty})
        events.append({"type": "ping"})
        events += (
            {"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas
        )
        events.append({"type": "content_block_stop", "index": index})
    delta = {"stop_reason": stop_reason, "stop_sequence": None, "stop_details": stop_details}
    events.append({"type": "message_delta", "delta": delta, "usage": LAST_USAGE})
    return [*events, {"type": "message_stop"}]


def error(status: int, kind: str, said: str, code: str = "", **headers: str) -> Reply:
    return json_reply(error_body(kind, said, code), status, request_id="req_1", **headers)


def error_body(kind: str, said: str, code: str = "") -> Block:
    details = {"details": {"error_code": code}} if code else {}
    return {
        "type": "error",
        "error": {"type": kind, "message": said, **details},
        "request_id": "req_1",
    }


def models(*entries: tuple[str, int, int], lifecycle: str = "active") -> Reply:
    """The list of models, as (id, most input tokens, most output tokens)."""
    listed = [_listed(*entry, lifecycle) for entry in entries]
    return json_reply(
        {"data": listed, "has_more": False, "first_id": None, "last_id": entries[-1][0]}
    )


def _listed(id: str, most_input: int, most_output: int, lifecycle: str) -> Block:
    return {
        "type": "model",
        "id": id,
        "display_name": id.title(),
        "created_at": "2026-09-01T00:00:00Z",
        "lifecycle": lifecycle,
        "max_input_tokens": most_input,
        "max_tokens": most_output,
    }


def _head(content: list[Block], usage: Block) -> Block:
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": MODEL,
        "content": content,
        "stop_reason": None,
        "stop_sequence": None,
        "usage": usage,
    }


def _grown(block: Block) -> tuple[Block, Iterator[Block]]:
    """A block as it starts, and the deltas that make it whole."""
    match block["type"]:
        case "text":
            deltas = ({"type": "text_delta", "text": part} for part in _parts(block["text"]))
            return {**block, "text": ""}, deltas
        case "thinking":
            parts = _parts(block["thinking"])
            thoughts = [{"type": "thinking_delta", "thinking": part} for part in parts]
            signed = {"type": "signature_delta", "signature": block["signature"]}
            return {**block, "thinking": "", "signature": ""}, iter([*thoughts, signed])
        case "tool_use":
            written = json.dumps(block["input"]) if block["input"] else ""
            deltas = (
                {"type": "input_json_delta", "partial_json": part} for part in _parts(written)
            )
            return {**block, "input": {}}, deltas
        case _:
            return block, iter(())


def _parts(said: str, size: int = 7) -> list[str]:
    return [said[start : start + size] for start in range(0, len(said), size)] or [""]
