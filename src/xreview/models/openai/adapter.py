"""The adapter for OpenAI's Responses API.

The server stores nothing: each request contains all turns, including the model's encrypted
reasoning, so that the model can continue it.
"""

from collections.abc import AsyncGenerator
from typing import Any, cast

from xreview.models.http.call import Call
from xreview.models.http.model import HttpModel
from xreview.models.http.server import Complaint, Dialect, HttpError
from xreview.models.openai.stream import ResponseReader
from xreview.models.wire.chat_messages import is_strict
from xreview.ports.failure import Failure
from xreview.ports.json_value import JsonObject, list_in, object_in, text_in
from xreview.ports.model import ModelLimits, ModelSignal, ServedModel
from xreview.ports.request import Effort, Exchange, ModelRequest

_PATH = "/responses"


def _complaint(body: JsonObject) -> Complaint:
    error = object_in(body, "error")
    kinds = (text_in(error, "code"), text_in(error, "type"))
    return Complaint(kinds, text_in(error, "message"), parameter=text_in(error, "param"))


_DIALECT = Dialect(
    _complaint,
    {
        "insufficient_quota": Failure.MONEY,
        "credit_balance_exhausted": Failure.MONEY,
        "invalid_api_key": Failure.KEY,
        "model_not_found": Failure.NOT_FOUND,
        "context_length_exceeded": Failure.TOO_LARGE,
        "rate_limit_exceeded": Failure.RATE,
        "slow_down": Failure.RATE,
        "server_is_overloaded": Failure.SERVER,
        "server_error": Failure.SERVER,
        "unsupported_parameter": Failure.REQUEST,
        "unsupported_value": Failure.REQUEST,
        "invalid_json_schema": Failure.REQUEST,
    },
    gives_up_after=120.0,
)


class OpenAIModel(HttpModel):
    """A model behind the Responses API, which reports no limits."""

    dialect = _DIALECT
    _gives_reasoning = True

    async def check(self) -> tuple[ServedModel, ...]:
        """Return the models that the key can use. Raises ModelError."""
        page = await self._client.fetch(Call("/models", about="the list of models"))
        ids = (text_in(entry, "id") for entry in list_in(page, "data"))
        return tuple(ServedModel(model) for model in ids if model)

    def ask(self, request: ModelRequest) -> AsyncGenerator[ModelSignal, None]:
        """Send the request and stream the answer. Raises ModelError.

        Models that don't reason reject a request for their reasoning, and are asked once more
        without it.
        """

        def make_call() -> Call:
            return Call(_PATH, self._body(request), about=self._about)

        def open_reader(_: str) -> ResponseReader:
            return ResponseReader(self._client.server, self._about)

        def concede(refusal: HttpError, call: Call) -> bool:
            can = "include" in object_in(call.body) and _is_about_reasoning(refusal)
            self._gives_reasoning = self._gives_reasoning and not can
            return can

        return self._stream_with_fallback(make_call, open_reader, concede)

    def _body(self, request: ModelRequest) -> dict[str, Any]:
        body = responses_body(request, self.identity.model, self._effort, self._known)
        if not self._gives_reasoning:
            del body["include"]
        return body


def _is_about_reasoning(error: HttpError) -> bool:
    complaint = error.complaint
    return complaint.status == 400 and (
        complaint.parameter == "include" or "encrypted content" in complaint.message.lower()
    )


_REASONING = "reasoning.encrypted_content"


def responses_body(
    request: ModelRequest, model: str, effort: Effort | None, limits: ModelLimits
) -> dict[str, Any]:
    """Return the body."""
    most = limits.output_tokens or request.max_output_tokens
    body: dict[str, Any] = {
        "model": model,
        "input": [_user(request.shared, request.question)],
        "max_output_tokens": min(request.max_output_tokens, most),
        "store": False,
        "include": [_REASONING],
        "stream": True,
        "stream_options": {"include_obfuscation": False},
    }
    for exchange in request.exchanges:
        body["input"] += _items(exchange)
    if request.instructions:
        body["instructions"] = request.instructions
    if request.effort or effort:
        body["reasoning"] = {"effort": request.effort or effort}
    if request.schema is not None:
        body["text"] = {
            "format": {
                "type": "json_schema",
                "name": request.schema_name,
                "strict": is_strict(request.schema),
                "schema": request.schema,
            }
        }
    if request.tools:
        body["tools"] = [
            {
                "type": "function",
                "name": tool.name,
                "description": tool.description,
                "parameters": tool.parameters,
                "strict": is_strict(tool.parameters),
            }
            for tool in request.tools
        ]
        body["parallel_tool_calls"] = True
    if request.cache_key:
        body["prompt_cache_key"] = request.cache_key
    return body


def _user(*texts: str) -> JsonObject:
    content = [{"type": "input_text", "text": text} for text in texts if text]
    return {"role": "user", "content": content}


def _items(exchange: Exchange) -> list[JsonObject]:
    items = list(cast("tuple[JsonObject, ...]", exchange.echo))
    items += [
        {"type": "function_call_output", "call_id": result.call.id, "output": result.text}
        for result in exchange.results
    ]
    return [*items, _user(exchange.text)] if exchange.text else items
