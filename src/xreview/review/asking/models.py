"""Creating the models of prospects, with one client per host and key, and limits per host."""

import asyncio
from typing import TYPE_CHECKING

from xreview.config.prices import Price, Prices
from xreview.config.reviewers import FoundKey
from xreview.domain.errors import ConfigError
from xreview.http.secret import Secret
from xreview.models.http.client import HttpClient
from xreview.models.http.format import wire_format
from xreview.models.http.model import HttpModel
from xreview.ports.failure import Failure, ModelError
from xreview.ports.model import ModelIdentity, ModelLimits
from xreview.ports.provider import ReviewerSettings
from xreview.ports.request import Effort
from xreview.review.asking.prospects import Prospect

if TYPE_CHECKING:
    from collections.abc import Callable

    from xreview.models.http.client import Transport


AT_ONCE = 8
"""Concurrent requests to one vendor's host."""

AT_ONCE_BY_AGENT = 2
"""Agents take memory, and their subscriptions have limits."""

AT_ONCE_LOCALLY = 1
"""A model on this machine answers one request at a time anyway."""


def known_limits(settings: ReviewerSettings, price: Price | None) -> ModelLimits:
    """Return the limits according to the configuration, else the price list."""
    context = settings.context or (price.context if price else None)
    output = settings.max_output or (price.max_output if price else None)
    return ModelLimits(output_tokens=output, window=context)


class ModelMaker:
    """Creates models and closes their connections; `new_transport` replaces the network in
    tests."""

    def __init__(
        self, prices: Prices, new_transport: "Callable[[], Transport] | None" = None
    ) -> None:
        self.prices = prices
        self._new_transport = new_transport
        self._clients: dict[tuple[str, str, str], HttpClient] = {}
        self._slots: dict[str, asyncio.Semaphore] = {}

    def model(self, prospect: Prospect, id: str = "") -> HttpModel:
        """Return a prospect's model, or the model `id` on the same server.

        Raises ConfigError or ModelError for an unusable base URL or key.
        """
        settings = prospect.settings
        who = prospect.identity
        identity = ModelIdentity(who.name, who.vendor, id or who.model, who.host, who.is_local)
        known = known_limits(settings, self.prices.of(identity.model))
        effort = Effort(settings.effort) if settings.effort else None
        adapter = wire_format(settings.provider).load()
        return adapter(identity, self._client(prospect), known=known, effort=effort)

    def slots(self, prospect: Prospect) -> asyncio.Semaphore:
        """Return the semaphore that limits concurrent requests to the prospect's host."""
        at_once = AT_ONCE_LOCALLY if prospect.identity.is_local else AT_ONCE
        if prospect.detected is not None:
            at_once = AT_ONCE_BY_AGENT
        return self._slots.setdefault(prospect.identity.host, asyncio.Semaphore(at_once))

    async def close(self) -> None:
        """Close all connections."""
        for client in self._clients.values():
            await client.close()
        self._clients.clear()

    def _client(self, prospect: Prospect) -> HttpClient:
        server, key = prospect.server, prospect.key
        if server not in self._clients:
            form = wire_format(prospect.settings.provider)
            self._clients[server] = HttpClient(
                prospect.address.base if prospect.address else "",
                form.load().dialect,
                form.credential(_secret(key), key.variable) if key else None,
                headers=form.headers,
                transport=self._new_transport() if self._new_transport else None,
            )
        return self._clients[server]


def _secret(key: FoundKey) -> Secret:
    """The key for a request's header. Raises ModelError for one that no header may hold."""
    try:
        return Secret(key.reveal())
    except ConfigError as error:
        fault = ModelError(Failure.KEY, error.message, error.advice)
    raise fault
