"""What all wire formats over HTTP have in common."""

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import ClassVar

from xreview.models.http.call import Call, ReplyReader
from xreview.models.http.client import HttpClient
from xreview.models.http.server import Dialect, HttpError
from xreview.ports.failure import Failure
from xreview.ports.json_value import JsonObject
from xreview.ports.model import ModelFeatures, ModelIdentity, ModelLimits, ModelSignal, ServedModel
from xreview.ports.request import Effort, ModelRequest

NO_ANSWER_ADVICE = "Review again, or choose another reviewer for this change."


class HttpModel(ABC):
    """A `Model` behind a server.

    Args:
        client: made with `dialect`; models of one host and key can share it.
        features: what it can do, until the server shows otherwise.
        known: limits for servers that don't report them.
        effort: the default for requests without one.
    """

    dialect: ClassVar[Dialect]
    """How the protocol reports errors."""
    listing: ClassVar[str] = ""
    """Where servers on this machine list their models; "" when none are looked for."""

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
        self._client = client
        self._features = features or ModelFeatures()
        self._known = known or ModelLimits()
        self._effort = effort
        self._limits: ModelLimits | None = None
        self._start_learning()

    def _start_learning(self) -> None:  # noqa: B027 - optional
        """Set what later replies of the server change; `_features` and `_known` are set by now."""

    @property
    def features(self) -> ModelFeatures:
        """What it can do, as far as the server has shown."""
        return self._features

    @classmethod
    def in_listing(cls, listed: JsonObject) -> tuple[tuple[str, ...], tuple[ServedModel, ...]]:
        """Read a local server's list: the owners it names, and the models that run here."""
        raise NotImplementedError

    async def limits(self) -> ModelLimits:
        """Return what it can hold: the server's figures, else known ones. Raises ModelError."""
        if self._limits is None:
            try:
                self._limits = await self._told_limits()
            except HttpError as error:
                # A local server too slow for this is too slow for everything else.
                is_silent = self._client.address.is_local and error.failure is Failure.TIMEOUT
                if is_silent or self._known == ModelLimits():
                    raise
                return self._known  # asking the model will show what is wrong
        return self._limits

    @abstractmethod
    async def check(self) -> tuple[ServedModel, ...]:
        """Return the models that the key can use. Raises ModelError."""

    @abstractmethod
    def ask(self, request: ModelRequest) -> AsyncGenerator[ModelSignal, None]:
        """Send the request and stream the answer. Raises ModelError."""

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _told_limits(self) -> ModelLimits:
        """Ask the server for the limits, and fill gaps from `_known`."""
        return self._known

    async def _stream_with_fallback(
        self,
        make_call: Callable[[], Call],
        open_reader: Callable[[str], ReplyReader],
        concede: Callable[[HttpError, Call], bool],
    ) -> AsyncGenerator[ModelSignal, None]:
        """Stream the answer, asking for less each time the server rejects the request.

        `concede` returns whether the next request asks for less than the rejected one; it must
        return False eventually. Raises HttpError.
        """
        while True:
            call = make_call()
            try:
                async with aclosing(self._client.stream(call, open_reader)) as signals:
                    async for signal in signals:
                        yield signal
            except HttpError as refusal:
                # An error without a status comes from inside a stream: it is about the answer.
                if not refusal.complaint.status or not concede(refusal, call):
                    raise
            else:
                return

    @property
    def _about(self) -> str:
        return f"the model “{self.identity.model}”"
