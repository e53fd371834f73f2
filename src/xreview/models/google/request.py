"""The body of `generateContent`.

Source: Google's `google-genai` package and its REST documentation, as of 2026-11.
"""

import re
from collections.abc import Iterator
from typing import Any

from xreview.ports.json_value import list_in, object_in, text_in
from xreview.ports.request import Effort, Exchange, ModelRequest, Structure, instructions_for

_LEVELS = {
    Effort.LOW: "LOW",
    Effort.MEDIUM: "MEDIUM",
    Effort.HIGH: "HIGH",
    Effort.XHIGH: "XHIGH",
    Effort.MAX: "XHIGH",
}
_BUDGETS = {
    Effort.LOW: 2_048,
    Effort.MEDIUM: 8_192,
    Effort.HIGH: 24_576,
    Effort.XHIGH: 24_576,
    Effort.MAX: 24_576,
}
"""Thinking tokens for models before 3, which have no levels; all of them take 24,576."""

_HIGHEST_SURE_LEVEL = "HIGH"
_BUDGETED = re.compile(r"gemini-[12]\.")
_REPHRASE = (
    "Answer in your own words, without calling a function; quote no more of the code than the"
    " lines your answer needs."
)


def generate_body(
    request: ModelRequest,
    model: str,
    *,
    structure: Structure = Structure.SCHEMA,
    is_level_capped: bool = False,
    is_second_try: bool = False,
    continuation: str = "",
) -> dict[str, Any]:
    """Return the body.

    Args:
        is_level_capped: whether the model rejected levels above HIGH.
        is_second_try: whether the first answer was malformed or a recitation; switches functions
            off and asks the model to rephrase.
        continuation: the token of a split reply; "" for none.
    """
    body: dict[str, Any] = {
        "contents": [*_contents(request, rephrase=is_second_try)],
        "generationConfig": _generation(request, model, structure, is_level_capped),
    }
    instructions = instructions_for(request, structure)
    if instructions:
        body["systemInstruction"] = {"parts": [{"text": instructions}]}
    if request.tools:
        body["tools"] = [{"functionDeclarations": [*_declarations(request)]}]
        mode = "NONE" if is_second_try else "AUTO"
        body["toolConfig"] = {"functionCallingConfig": {"mode": mode}}
    if continuation:
        body["continuationToken"] = continuation
    return body


def _contents(request: ModelRequest, *, rephrase: bool) -> Iterator[dict[str, Any]]:
    question = [{"text": part} for part in (request.shared, request.question) if part]
    turns: list[dict[str, Any]] = [{"role": "user", "parts": question}]
    for exchange in request.exchanges:
        if list_in(exchange.echo, "parts"):
            turns.append(dict(object_in(exchange.echo)))
        turns.append({"role": "user", "parts": [*_answers(exchange)]})
    if rephrase:
        turns[-1] = {"role": "user", "parts": [*turns[-1]["parts"], {"text": _REPHRASE}]}
    yield from (turn for turn in turns if turn["parts"])


def _answers(exchange: Exchange) -> Iterator[dict[str, Any]]:
    parts = list_in(exchange.echo, "parts")
    given = {text_in(object_in(part, "functionCall"), "id") for part in parts}
    for result in exchange.results:
        answer: dict[str, Any] = {"name": result.call.name}
        if result.call.id in given:
            answer["id"] = result.call.id
        answer["response"] = {"error" if result.is_error else "output": result.text}
        yield {"functionResponse": answer}
    if exchange.text:
        yield {"text": exchange.text}


def _declarations(request: ModelRequest) -> Iterator[dict[str, Any]]:
    for tool in request.tools:
        yield {
            "name": tool.name,
            "description": tool.description,
            "parametersJsonSchema": dict(tool.parameters),
        }


def _generation(
    request: ModelRequest, model: str, structure: Structure, is_level_capped: bool
) -> dict[str, Any]:
    config: dict[str, Any] = {"maxOutputTokens": request.max_output_tokens}
    if request.schema is not None and structure is not Structure.PLAIN:
        config["responseMimeType"] = "application/json"
        if structure is Structure.SCHEMA:
            config["responseJsonSchema"] = dict(request.schema)
    if request.effort is not None:
        config["thinkingConfig"] = _thinking(request.effort, model, is_level_capped)
    return config


def _thinking(effort: Effort, model: str, is_level_capped: bool) -> dict[str, Any]:
    if _BUDGETED.search(model):
        return {"thinkingBudget": _BUDGETS[effort], "includeThoughts": False}
    level = _LEVELS[effort]
    if is_level_capped and level == "XHIGH":
        level = _HIGHEST_SURE_LEVEL
    return {"thinkingLevel": level, "includeThoughts": False}
