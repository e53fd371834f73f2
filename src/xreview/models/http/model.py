"""What the models of all wire formats over HTTP have in common."""

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator

from xreview.models.http.client import HttpClient
from xreview.models.http.server import HttpError
from xreview.ports.failure import Failure
from xreview.ports.model import (
    ModelFeatures,
    ModelIdentity,
    ModelLimits,
    ModelSignal,
    ServedModel,
)
from xreview.ports.request import Effort, ModelRequest


class HttpModel(ABC):
    """A model behind a server (`reviewers.model.Model`) that can be asked which models it has.

    Args:
        identity: which model.
        client: made with the wire format's dialect; models of one host and key may share it.
        features, known: what it can do, and what fits where the server does not tell.
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
        self._client = client
        self._features = features or ModelFeatures()
        self._known = known or ModelLimits()
        self._effort = effort
        self._limits: ModelLimits | None = None

    @property
    def features(self) -> ModelFeatures:
        """What it can do, as far as the server has shown."""
        return self._features

    async def limits(self) -> ModelLimits:
        """What fits, as the server says, else what is known. Raises ModelError."""
        if self._limits is None:
            try:
                self._limits = await self._told_limits()
            except HttpError as error:
                # A server here that does not answer such a question in time answers none.
                is_silent = self._client.address.is_local and error.failure is Failure.TIMEOUT
                if is_silent or self._known == ModelLimits():
                    raise
                return self._known  # asking the model will say what is wrong
        return self._limits

    @abstractmethod
    async def check(self) -> tuple[ServedModel, ...]:
        """The models that the key may use. Raises ModelError."""

    @abstractmethod
    def ask(self, request: ModelRequest) -> AsyncGenerator[ModelSignal, None]:
        """Send the request and stream the answer. Raises ModelError."""

    async def close(self) -> None:
        """Let the connections go."""
        await self._client.close()

    async def _told_limits(self) -> ModelLimits:
        """What fits, as the server says, filled from what is known."""
        return self._known

    @property
    def _about(self) -> str:
        return f"the model “{self.identity.model}”"
