"""Making the models of prospects: one client for each host and key, and bounds for each host."""

import asyncio
from typing import TYPE_CHECKING

from xreview.config.keys import BEARER_VARIABLES
from xreview.config.prices import Prices
from xreview.config.reviewers import Provider, ReviewerSettings
from xreview.review.asking.prospects import Prospect
from xreview.reviewers.http.secret import Credential, Secret, bearer
from xreview.reviewers.model import Effort, Model, ModelIdentity, ModelLimits

if TYPE_CHECKING:
    from collections.abc import Callable

    from xreview.reviewers.http.client import HttpClient, Transport

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

    def model(self, prospect: Prospect, id: str = "") -> Model:
        """The model of a prospect; with `id` another one behind the same server.

        Raises ConfigError or ModelError where its base URL or key can't be used.
        """
        settings = prospect.settings
        who = prospect.identity
        identity = ModelIdentity(who.name, who.vendor, id or who.model, who.host, who.is_local)
        known = self._known(settings, identity.model)
        effort = Effort(settings.effort) if settings.effort else None
        client = self._client(prospect)
        match settings.provider:
            case Provider.ANTHROPIC:
                from xreview.reviewers.anthropic.adapter import AnthropicModel

                return AnthropicModel(identity, client, known=known, effort=effort)
            case Provider.OPENAI:
                from xreview.reviewers.openai.adapter import OpenAIModel

                return OpenAIModel(identity, client, known=known, effort=effort)
            case Provider.GOOGLE:
                from xreview.reviewers.google.adapter import GoogleModel

                return GoogleModel(identity, client, known=known, effort=effort)
            case Provider.OLLAMA:
                from xreview.reviewers.ollama.adapter import OllamaModel

                return OllamaModel(identity, client, known=known, effort=effort)
            case _:
                from xreview.reviewers.compatible.adapter import CompatibleModel

                return CompatibleModel(identity, client, known=known, effort=effort)

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
        return ModelLimits(context, output)

    def _client(self, prospect: Prospect) -> "HttpClient":
        from xreview.reviewers.anthropic import adapter as anthropic
        from xreview.reviewers.compatible import adapter as compatible
        from xreview.reviewers.google import adapter as google
        from xreview.reviewers.http.client import HttpClient
        from xreview.reviewers.ollama import adapter as ollama
        from xreview.reviewers.openai import adapter as openai

        provider = prospect.settings.provider
        base = prospect.address.base if prospect.address else ""
        key = (provider, base, prospect.key.words if prospect.key else "")
        if key not in self._clients:
            dialects = {
                Provider.ANTHROPIC: anthropic.DIALECT,
                Provider.OPENAI: openai.DIALECT,
                Provider.GOOGLE: google.DIALECT,
                Provider.OLLAMA: ollama.DIALECT,
                Provider.COMPATIBLE: compatible.DIALECT,
            }
            headers = anthropic.HEADERS if provider is Provider.ANTHROPIC else None
            transport = self._new_transport() if self._new_transport else None
            self._clients[key] = HttpClient(
                base,
                dialects[provider],
                _credential(prospect),
                headers=headers,
                transport=transport,
            )
        return self._clients[key]


def _credential(prospect: Prospect) -> Credential | None:
    from xreview.reviewers.anthropic import adapter as anthropic
    from xreview.reviewers.google import adapter as google

    if prospect.key is None:
        return None
    secret = Secret(prospect.key.reveal())
    if prospect.key.variable in BEARER_VARIABLES:
        return bearer(secret)
    if prospect.settings.provider is Provider.ANTHROPIC:
        return anthropic.credential(secret)
    if prospect.settings.provider is Provider.GOOGLE:
        return google.credential(secret)
    return bearer(secret)
