"""Who could be asked on this machine: the configured reviewers, and what runs here by itself.

Nothing is called out for this: keys are looked up, programs are looked for and asked for their
version, and only 127.0.0.1 and ::1 are knocked at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from xreview.config.keys import FoundKey, find_key, variables_of
from xreview.config.reviewers import Provider, ReviewerSettings
from xreview.domain.authorship.family import family_of
from xreview.domain.errors import ConfigError
from xreview.domain.report import ReviewerKind
from xreview.hardening.address import Address, address_of
from xreview.hardening.proxies import proxy_of
from xreview.models.anthropic import adapter as anthropic
from xreview.models.found_locally import FoundServer, LocalKind
from xreview.models.google import adapter as google
from xreview.models.http.socket_owner import SocketOwner, Whose, owner_of
from xreview.models.ollama import adapter as ollama
from xreview.models.openai import adapter as openai
from xreview.ports.model import ModelIdentity
from xreview.review.choosing.choice import Candidate

if TYPE_CHECKING:  # looked for only where agents are
    from xreview.agents.finding.detected import Detected

_VENDORS = {
    Provider.ANTHROPIC: "anthropic",
    Provider.OPENAI: "openai",
    Provider.GOOGLE: "google",
}
"""Whose models a vendor's own protocol serves, where a model's name does not tell."""

USUAL_URLS = {
    Provider.ANTHROPIC: anthropic.BASE_URL,
    Provider.OPENAI: openai.BASE_URL,
    Provider.GOOGLE: google.BASE_URL,
    Provider.OLLAMA: ollama.BASE_URL,
}


@dataclass(frozen=True)
class Prospect:
    """A reviewer that is a model over HTTP or behind an agent, and whether it can be asked.

    Args:
        settings: how it is configured.
        identity: which model it is and where; the family "" where nobody knows.
        address: where its server is; None for an agent, and where the base URL can't be used.
        key: found for it; None for none.
        why_not: why it can't be asked, in a few words; "" where it can.
        detected: the agent's program; None for a model over HTTP.
        through: the proxy on the way to it; "" for none.
        owner: who listens there, for a server on this machine.
        is_found: whether it was found by itself: nobody has named it.
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
        """Whether code goes there only after a yes: always but to a server of one's own that the
        user has named."""
        is_others = self.owner is not None and self.owner.whose is Whose.OTHER
        return self.is_found or is_others or not self.identity.is_local

    @property
    def kind(self) -> ReviewerKind:
        """What it is shown as."""
        return ReviewerKind.MODEL if self.detected is None else ReviewerKind.AGENT

    @property
    def candidate(self) -> Candidate:
        """What the choice of the opponent needs of it."""
        return Candidate(
            self.settings.name,
            self.identity.vendor,
            self.kind,
            not self.why_not,
            self.why_not,
            self.identity.is_local,
        )


def prospect_of(
    settings: ReviewerSettings, environ: Mapping[str, str], *, is_offline: bool = False
) -> Prospect:
    """A reviewer with `settings.provider` a protocol, looked at without asking its server."""
    url = settings.base_url or USUAL_URLS[settings.provider]
    vendor = settings.vendor or family_of(settings.model) or _VENDORS.get(settings.provider, "")
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
    """A coding agent, looked for on PATH; never a program of `folder`, the reviewed checkout.

    Blocks while the program says its version.
    """
    from xreview.agents.finding.detection import KINDS, detect

    found = detect(settings, environ, folder)
    where = found.destination.of(KINDS[settings.provider].agent.label)
    notices = (found.notice,) if found.notice else ()
    identity = ModelIdentity(settings.name, found.vendor, found.model, where, notices=notices)
    why_not = found.why_not or ("--offline" if is_offline else "")
    return Prospect(settings, identity, None, None, why_not, found, found.destination.through)


def _no_key(settings: ReviewerSettings) -> str:
    variables = " or ".join(f"${name}" for name in variables_of(settings))
    places = [variables] if variables else []
    places += [f"the keyring ({settings.keyring})"] if settings.keyring else []
    if not places:
        return "no key: name its variable with `key_variable`"
    return f"no key in {' or '.join(places)}"


def _not_mine(owner: SocketOwner) -> str:
    if owner.whose is not Whose.OTHER:
        return ""
    return (
        f"another user of this machine ({owner.user}) runs it; add it to your configuration if it "
        "may have your code"
    )


def local_prospects(servers: Sequence[FoundServer]) -> tuple[Prospect, ...]:
    """The models of servers that run here: the first of a server by its program's name."""
    found: list[Prospect] = []
    for server in servers:
        address = address_of(server.base_url)
        provider = Provider.OLLAMA if server.kind is LocalKind.OLLAMA else Provider.COMPATIBLE
        for number, model in enumerate(server.models):
            name = server.kind.value if not number else f"{server.kind.value}:{model.id}"
            settings = ReviewerSettings(name, provider, model.id, base_url=server.base_url)
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
