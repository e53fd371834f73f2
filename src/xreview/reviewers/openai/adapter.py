"""OpenAI's Responses API (reference `providers.md`, section 2).

Nothing is stored at the server: each request holds all turns, and with them the model's own
reasoning, encrypted, so that it can go on with it.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, cast

from xreview.reviewers.http.call import Call
from xreview.reviewers.http.client import HttpClient
from xreview.reviewers.http.json_value import JsonObject, count_in, list_in, object_in, text_in
from xreview.reviewers.http.secret import bearer
from xreview.reviewers.http.server import Complaint, Dialect, HttpError
from xreview.reviewers.model import (
    Effort,
    Exchange,
    Failure,
    ModelFeatures,
    ModelIdentity,
    ModelLimits,
    ModelRequest,
    ModelSignal,
    ServedModel,
)
from xreview.reviewers.openai.stream import ResponseReader
from xreview.reviewers.strict_schema import is_strict

BASE_URL = "https://api.openai.com/v1"
_PATH = "/responses"
_REASONING = "reasoning.encrypted_content"
_COUNTED = ("model", "instructions", "input", "tools", "parallel_tool_calls", "reasoning", "text")


def _complaint(body: JsonObject) -> Complaint:
    error = object_in(body, "error")
    kinds = (text_in(error, "code"), text_in(error, "type"))
    return Complaint(kinds, text_in(error, "message"), parameter=text_in(error, "param"))


DIALECT = Dialect(
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

credential = bearer
"""An API key as OpenAI takes it."""


class OpenAIModel:
    """A model behind the Responses API.

    Args:
        identity: which model.
        client: made with `DIALECT`; models of one host and key may share it.
        features, known: what it can do, and what fits; the server tells no limits.
        effort: where the request names none.
    """

    def __init__(
        self,
        identity: ModelIdentity,
        client: HttpClient,
        *,
        features: ModelFeatures | None = None,
        known: ModelLimits | None = None,
        effort: Effort | None = None,
    ) -> None:
        self.identity = identity
        self.features = features or ModelFeatures()
        self._client = client
        self._known = known or ModelLimits()
        self._effort = effort
        self._gives_reasoning = True

    async def limits(self) -> ModelLimits:
        """What is known to fit; this API does not tell."""
        return self._known

    async def check(self) -> tuple[ServedModel, ...]:
        """The models that the key may use. Raises ModelError."""
        page = await self._client.fetch(Call("/models", about="the list of models"))
        ids = (text_in(entry, "id") for entry in list_in(page, "data"))
        return tuple(ServedModel(model) for model in ids if model)

    async def count_tokens(self, request: ModelRequest) -> int | None:
        """The tokens that the request takes, as the server counts them. Raises ModelError."""
        body = self._body(request)
        counted = {name: body[name] for name in _COUNTED if name in body}
        call = Call(f"{_PATH}/input_tokens", counted, about=self._about)
        return count_in(await self._client.fetch(call), "input_tokens")

    async def ask(self, request: ModelRequest) -> AsyncGenerator[ModelSignal, None]:
        """Send the request and stream the answer. Raises ModelError.

        Models that do not reason refuse to be asked for their reasoning: they are asked again
        without, once.
        """
        asks_reasoning = self._gives_reasoning
        try:
            async with aclosing(self._stream(request)) as signals:
                async for signal in signals:
                    yield signal
            return
        except HttpError as error:
            if not (asks_reasoning and _is_about_reasoning(error)):
                raise
        self._gives_reasoning = False
        async with aclosing(self._stream(request)) as signals:
            async for signal in signals:
                yield signal

    async def close(self) -> None:
        """Let the connections go."""
        await self._client.close()

    @property
    def _about(self) -> str:
        return f"the model “{self.identity.model}”"

    def _body(self, request: ModelRequest) -> dict[str, Any]:
        body = body_of(request, self.identity.model, self._effort, self._known)
        if not self._gives_reasoning:
            del body["include"]
        return body

    def _stream(self, request: ModelRequest) -> AsyncGenerator[ModelSignal, None]:
        def open_reader(_: str) -> ResponseReader:
            return ResponseReader(self._client.server, self._about)

        call = Call(_PATH, self._body(request), about=self._about)
        return self._client.stream(call, open_reader)


def body_of(
    request: ModelRequest,
    model: str,
    effort: Effort | None = None,
    limits: ModelLimits | None = None,
) -> dict[str, Any]:
    """The request as `POST /responses` takes it."""
    most = limits.output_tokens if limits and limits.output_tokens else request.max_output_tokens
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


def _is_about_reasoning(error: HttpError) -> bool:
    complaint = error.complaint
    return complaint.status == 400 and (
        complaint.parameter == "include" or "encrypted content" in complaint.message.lower()
    )
