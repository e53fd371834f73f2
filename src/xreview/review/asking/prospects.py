"""The models that could review: the configured ones, and those found on this machine.

Finding them sends nothing over the network: it looks up keys, runs agents with `--version`, and
connects to ports of this machine.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xreview.config.reviewers import FoundKey, find_key, variables_of
from xreview.domain.authorship.family import family_of
from xreview.domain.errors import ConfigError
from xreview.domain.record import dataclass, replace
from xreview.domain.report import ReviewerKind
from xreview.hardening.address import Address, address_of, proxy_of
from xreview.models.http.format import wire_format
from xreview.models.http.socket_owner import SocketOwner, Whose, owner_of
from xreview.models.local_servers import FoundServer
from xreview.ports.model import ModelIdentity
from xreview.ports.provider import ReviewerSettings, find_provider
from xreview.review.choosing.opponent import Candidate

if TYPE_CHECKING:  # only needed for agents
    from xreview.agents.finding.detection import Detected


@dataclass(frozen=True)
class Prospect:
    """A model that could review, and whether it can be asked.

    Args:
        address: of its server; None for an agent, and for an unusable base URL.
        key: None if there is none.
        why_not: why it can't be asked, in a few words; "" if it can.
        detected: the agent's program; None for a model over HTTP.
        through: the proxy for requests to it; "" for none.
        owner: for a server on this machine.
        is_found: whether it was found and not configured.
    """

    settings: ReviewerSettings
    identity: ModelIdentity
    address: Address | None
    key: FoundKey | None
    why_not: str = ""
    detected: "Detected | None" = None
    through: str = ""
    owner: SocketOwner | None = None
    is_found: bool = False

    @property
    def needs_consent(self) -> bool:
        """Whether sending it code needs the user's consent: unless it is the user's own server,
        and configured."""
        is_others = self.owner is not None and self.owner.whose is Whose.OTHER
        return self.is_found or is_others or not self.identity.is_local

    @property
    def kind(self) -> ReviewerKind:
        """Whether it is shown as a model or as an agent."""
        return ReviewerKind.MODEL if self.detected is None else ReviewerKind.AGENT

    @property
    def server(self) -> tuple[str, str, str]:
        """What models that can share a connection have in common."""
        base = self.address.base if self.address else ""
        return (self.settings.provider, base, self.key.words if self.key else "")

    @property
    def candidate(self) -> Candidate:
        """Its description for choosing a reviewer."""
        return Candidate(
            self.settings.name,
            self.identity.vendor,
            self.kind,
            not self.why_not,
            self.why_not,
            self.identity.is_local,
            self.settings.lighter,
        )


def find_prospect(
    settings: ReviewerSettings, environ: Mapping[str, str], folder: Path, *, is_offline: bool
) -> Prospect:
    """Return the prospect for a configured reviewer; see `prospect_of` and `agent_prospect`."""
    provider = find_provider(settings.provider)
    if provider is not None and provider.is_agent:
        return agent_prospect(settings, environ, folder, is_offline=is_offline)
    return prospect_of(settings, environ, is_offline=is_offline)


def prospect_of(
    settings: ReviewerSettings, environ: Mapping[str, str], *, is_offline: bool = False
) -> Prospect:
    """Return the prospect for a model over HTTP, without asking its server."""
    form = wire_format(settings.provider)
    url = settings.base_url or form.base_url
    vendor = settings.vendor or family_of(settings.model) or form.vendor
    identity = ModelIdentity(settings.name, vendor, settings.model, "")
    try:
        address = address_of(url)
    except ConfigError as error:
        return Prospect(settings, identity, None, None, error.message)
    identity = replace(identity, host=address.host, is_local=address.is_local)
    if is_offline and not address.is_local:
        return Prospect(settings, identity, address, None, "--offline")
    key = find_key(settings, environ)
    why_not = "" if key is not None or address.is_local else _no_key(settings)
    if address.is_local:
        owner = owner_of(address.name, address.port)
        return Prospect(settings, identity, address, key, why_not, owner=owner)
    through = proxy_of(environ, address.name)
    return Prospect(settings, identity, address, key, why_not, through=through)


def agent_prospect(
    settings: ReviewerSettings,
    environ: Mapping[str, str],
    folder: Path,
    *,
    is_offline: bool = False,
) -> Prospect:
    """Return the prospect for a coding agent; never a program of `folder`, the reviewed checkout.

    Blocks while the program prints its version.
    """
    from xreview.agents.finding.detection import detect

    found = detect(settings, environ, folder)
    identity = found.identity(settings)
    why_not = found.why_not or ("--offline" if is_offline else "")
    return Prospect(settings, identity, None, None, why_not, found, found.destination.through)


def _no_key(settings: ReviewerSettings) -> str:
    variables = " or ".join(f"${name}" for name in variables_of(settings))
    places = [variables] if variables else []
    places += [f"the keyring ({settings.keyring})"] if settings.keyring else []
    if not places:
        return "no key: set `key_variable`"
    return f"no key in {' or '.join(places)}"


def _not_mine(owner: SocketOwner) -> str:
    if owner.whose is not Whose.OTHER:
        return ""
    return (
        f"it belongs to another user of this machine ({owner.user}); add it to your configuration "
        "to send it code"
    )


def local_prospects(servers: Sequence[FoundServer]) -> tuple[Prospect, ...]:
    """Return the found servers' models; each server's first one has the server's name."""
    found: list[Prospect] = []
    for server in servers:
        address = address_of(server.base_url)
        for number, model in enumerate(server.models):
            name = server.name if not number else f"{server.name}:{model.id}"
            settings = ReviewerSettings(name, server.provider, model.id, base_url=server.base_url)
            vendor = family_of(model.id)
            identity = ModelIdentity(name, vendor, model.id, address.host, is_local=True)
            found.append(
                Prospect(
                    settings,
                    identity,
                    address,
                    None,
                    _not_mine(server.owner),
                    owner=server.owner,
                    is_found=True,
                )
            )
    return tuple(found)
