"""Making the models of prospects: one client for each host and key, and bounds for each host."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xreview.config.keys import BEARER_VARIABLES
from xreview.config.prices import Prices
from xreview.config.reviewers import Provider, ReviewerSettings
from xreview.models.anthropic import adapter as anthropic
from xreview.models.compatible import adapter as compatible
from xreview.models.google import adapter as google
from xreview.models.http.client import HttpClient
from xreview.models.http.model import HttpModel
from xreview.models.http.secret import Credential, Secret, bearer
from xreview.models.http.server import Dialect
from xreview.models.ollama import adapter as ollama
from xreview.models.openai import adapter as openai
from xreview.ports.model import ModelIdentity, ModelLimits
from xreview.ports.request import Effort
from xreview.review.asking.prospects import Prospect

if TYPE_CHECKING:
    from xreview.models.http.client import Transport


@dataclass(frozen=True)
class _WireFormat:
    """How the models of one kind of server are made and spoken to."""

    model: type[HttpModel]
    dialect: Dialect
    credential: Callable[[Secret], Credential] = bearer
    headers: Mapping[str, str] | None = None


_FORMATS = {
    Provider.ANTHROPIC: _WireFormat(
        anthropic.AnthropicModel, anthropic.DIALECT, anthropic.credential, anthropic.HEADERS
    ),
    Provider.OPENAI: _WireFormat(openai.OpenAIModel, openai.DIALECT, openai.credential),
    Provider.GOOGLE: _WireFormat(google.GoogleModel, google.DIALECT, google.credential),
    Provider.OLLAMA: _WireFormat(ollama.OllamaModel, ollama.DIALECT),
    Provider.COMPATIBLE: _WireFormat(
        compatible.CompatibleModel, compatible.DIALECT, compatible.credential
    ),
}

AT_ONCE = 8
"""Requests to one vendor's host at the same time."""

AT_ONCE_BY_AGENT = 2
"""An agent is a program with a memory of its own, and a subscription with limits."""

AT_ONCE_LOCALLY = 1
"""A model on this machine answers one after the other anyway."""


class ModelMaker:
    """Makes models, and closes what it made.

    Args:
        prices: knows how much fits into models whose servers do not tell.
        new_transport: makes what replaces the network in tests.
    """

    def __init__(
        self,
        prices: Prices,
        new_transport: "Callable[[], Transport] | None" = None,
    ) -> None:
        self.prices = prices
        self._new_transport = new_transport
        self._clients: dict[tuple[Provider, str, str], HttpClient] = {}
        self._slots: dict[str, asyncio.Semaphore] = {}

    def model(self, prospect: Prospect, id: str = "") -> HttpModel:
        """The model of a prospect; with `id` another one behind the same server.

        Raises ConfigError or ModelError where its base URL or key can't be used.
        """
        settings = prospect.settings
        who = prospect.identity
        identity = ModelIdentity(who.name, who.vendor, id or who.model, who.host, who.is_local)
        known = self._known(settings, identity.model)
        effort = Effort(settings.effort) if settings.effort else None
        return _FORMATS[settings.provider].model(
            identity, self._client(prospect), known=known, effort=effort
        )

    def slots(self, prospect: Prospect) -> asyncio.Semaphore:
        """What bounds how many requests run at the prospect's host at once."""
        at_once = AT_ONCE_LOCALLY if prospect.identity.is_local else AT_ONCE
        if prospect.detected is not None:
            at_once = AT_ONCE_BY_AGENT
        return self._slots.setdefault(prospect.identity.host, asyncio.Semaphore(at_once))

    async def close(self) -> None:
        """Let all connections go."""
        for client in self._clients.values():
            await client.close()
        self._clients.clear()

    def _known(self, settings: ReviewerSettings, model: str) -> ModelLimits:
        price = self.prices.of(model)
        context = settings.context or (price.context if price else None)
        output = settings.max_output or (price.max_output if price else None)
        return ModelLimits(output_tokens=output, window=context)

    def _client(self, prospect: Prospect) -> HttpClient:
        provider = prospect.settings.provider
        base = prospect.address.base if prospect.address else ""
        key = (provider, base, prospect.key.words if prospect.key else "")
        if key not in self._clients:
            form = _FORMATS[provider]
            self._clients[key] = HttpClient(
                base,
                form.dialect,
                _credential(prospect, form),
                headers=form.headers,
                transport=self._new_transport() if self._new_transport else None,
            )
        return self._clients[key]


def _credential(prospect: Prospect, form: _WireFormat) -> Credential | None:
    if prospect.key is None:
        return None
    secret = Secret(prospect.key.reveal())
    return bearer(secret) if prospect.key.variable in BEARER_VARIABLES else form.credential(secret)
