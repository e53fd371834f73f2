"""The adapter for OpenAI's Responses API.

The server stores nothing: each request contains all turns, including the model's encrypted
reasoning, so that the model can continue it.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from xreview.models.http.call import Call
from xreview.models.http.model import HttpModel
from xreview.models.http.server import Complaint, Dialect, HttpError
from xreview.models.openai.request import responses_body
from xreview.models.openai.stream import ResponseReader
from xreview.ports.failure import Failure
from xreview.ports.json_value import JsonObject, count_in, list_in, object_in, text_in
from xreview.ports.model import ModelSignal, ServedModel
from xreview.ports.request import ModelRequest

_PATH = "/responses"
_COUNTED = ("model", "instructions", "input", "tools", "parallel_tool_calls", "reasoning", "text")


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

    async def count_tokens(self, request: ModelRequest) -> int | None:
        """Return the request's tokens as the server counts them. Raises ModelError."""
        body = self._body(request)
        counted = {name: body[name] for name in _COUNTED if name in body}
        call = Call(f"{_PATH}/input_tokens", counted, about=self._about)
        return count_in(await self._client.fetch(call), "input_tokens")

    async def ask(self, request: ModelRequest) -> AsyncGenerator[ModelSignal, None]:
        """Send the request and stream the answer. Raises ModelError.

        Models that don't reason reject a request for their reasoning, and are asked once more
        without it.
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

    def _body(self, request: ModelRequest) -> dict[str, Any]:
        body = responses_body(request, self.identity.model, self._effort, self._known)
        if not self._gives_reasoning:
            del body["include"]
        return body

    def _stream(self, request: ModelRequest) -> AsyncGenerator[ModelSignal, None]:
        def open_reader(_: str) -> ResponseReader:
            return ResponseReader(self._client.server, self._about)

        call = Call(_PATH, self._body(request), about=self._about)
        return self._client.stream(call, open_reader)


def _is_about_reasoning(error: HttpError) -> bool:
    complaint = error.complaint
    return complaint.status == 400 and (
        complaint.parameter == "include" or "encrypted content" in complaint.message.lower()
    )
