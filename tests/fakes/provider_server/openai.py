"""Replies of OpenAI's Responses API, as its own Python package reads them."""

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

PATH = "/v1/responses"
MODEL = "gpt-6.2-sol"
USAGE = {
    "input_tokens": 100,
    "input_tokens_details": {"cached_tokens": 50, "cache_write_tokens": 30},
    "output_tokens": 40,
    "output_tokens_details": {"reasoning_tokens": 15},
    "total_tokens": 140,
}

Item = dict[str, Any]


def message(said: str, phase: str = "final_answer", refusal: str = "") -> Item:
    part = (
        {"type": "refusal", "refusal": refusal}
        if refusal
        else {"type": "output_text", "text": said, "annotations": [], "logprobs": []}
    )
    return {
        "type": "message",
        "id": f"msg_{phase}",
        "role": "assistant",
        "status": "completed",
        "phase": phase,
        "content": [part],
    }


def reasoning(encrypted: str = "c2VjcmV0") -> Item:
    return {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": encrypted}


def function_call(call_id: str, name: str, arguments: str) -> Item:
    return {
        "type": "function_call",
        "id": f"fc_{call_id}",
        "call_id": call_id,
        "name": name,
        "arguments": arguments,
        "status": "completed",
    }


def response(*items: Item, **fields: Any) -> Answer:
    """A response: streamed where the request asks for it. `fields` replace those of the end."""

    def answer(request: Request) -> Reply:
        if request.json.get("stream"):
            return streamed(*items, **fields)
        return json_reply(document(list(items), **fields))

    return answer


def streamed(*items: Item, newline: str = "\n", **fields: Any) -> Reply:
    events = events_of(items, **fields)
    return event_stream(frame(event, event["type"], newline) for event in events)


def events_of(items: Sequence[Item], **fields: Any) -> list[Item]:
    """The events of a response, numbered, texts and arguments in small deltas."""
    events: list[Item] = [
        {"type": "response.created", "response": document([], status="in_progress", usage=None)},
        {
            "type": "response.in_progress",
            "response": document([], status="in_progress", usage=None),
        },
    ]
    for index, item in enumerate(items):
        events += _item_events(index, item)
    end = document(list(items), **fields)
    events.append({"type": f"response.{end['status']}", "response": end})
    return [{**event, "sequence_number": number} for number, event in enumerate(events)]


def document(items: list[Item], **fields: Any) -> Item:
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1_790_000_000,
        "status": "completed",
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "model": MODEL,
        "output": items,
        "parallel_tool_calls": True,
        "temperature": None,
        "tool_choice": "auto",
        "tools": [],
        "top_p": None,
        "store": False,
        "usage": USAGE,
        **fields,
    }


def error(status: int, code: str | None, said: str, kind: str = "error", **headers: str) -> Reply:
    body = {"error": {"message": said, "type": kind, "param": None, "code": code}}
    return json_reply(body, status, x_request_id="req_1", **headers)


def models(*ids: str) -> Reply:
    data = [{"id": id, "object": "model", "created": 1, "owned_by": "openai"} for id in ids]
    return json_reply({"object": "list", "data": data})


def _item_events(index: int, item: Item) -> list[Item]:
    place = {"output_index": index, "item_id": item["id"]}
    middle: list[Item] = []
    begun = dict(item)
    if item["type"] == "message":
        begun |= {"content": [], "status": "in_progress"}
        middle = _part_events({**place, "content_index": 0}, item["content"][0])
    elif item["type"] == "function_call":
        begun |= {"arguments": "", "status": "in_progress"}
        kind = "response.function_call_arguments"
        middle = [
            {"type": f"{kind}.delta", **place, "delta": part} for part in _cut(item["arguments"])
        ]
        done = {"arguments": item["arguments"], "name": item["name"]}
        middle.append({"type": f"{kind}.done", **place, **done})
    return [
        {"type": "response.output_item.added", "output_index": index, "item": begun},
        *middle,
        {"type": "response.output_item.done", "output_index": index, "item": item},
    ]


def _part_events(place: Item, part: Item) -> list[Item]:
    name, kind = ("text", "output_text") if "text" in part else ("refusal", "refusal")
    extra = {"logprobs": []} if name == "text" else {}
    said = part[name]
    return [
        {"type": "response.content_part.added", **place, "part": {**part, name: ""}},
        *({"type": f"response.{kind}.delta", **place, "delta": cut, **extra} for cut in _cut(said)),
        {"type": f"response.{kind}.done", **place, name: said, **extra},
        {"type": "response.content_part.done", **place, "part": part},
    ]


def _cut(said: str, size: int = 7) -> list[str]:
    return [said[start : start + size] for start in range(0, len(said), size)]
