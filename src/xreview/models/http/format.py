"""The record that describes a wire format."""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from xreview.domain.record import dataclass, field
from xreview.ports.provider import FORMATS, Provider, find_provider, providers

if TYPE_CHECKING:
    from xreview.http.secret import Credential, Secret
    from xreview.models.http.model import HttpModel


@dataclass(frozen=True, slots=True)
class LocalServer:
    """A program that serves models on this machine.

    Args:
        port: its default port.
        owners: what it writes into `owned_by` in its list of models; empty when the list alone
            identifies it.
    """

    name: str
    port: int
    owners: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class WireFormat(Provider):
    """A protocol of models over HTTP.

    Args:
        adapter: the `HttpModel` that speaks it, as "module:class"; imported on first use.
        headers: sent with every request, none of them secret.
        key_header: the header for the key, in lower case; "" for `Authorization: Bearer`.
        local_servers: the programs that speak it on this machine.
        local_path: where they serve it.
    """

    adapter: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)
    key_header: str = ""
    local_servers: tuple[LocalServer, ...] = ()
    local_path: str = ""

    def load(self) -> "type[HttpModel]":
        """Import the adapter."""
        module, _, name = self.adapter.partition(":")
        adapter: type[HttpModel] = getattr(import_module(module), name)
        return adapter

    def credential(self, secret: "Secret", variable: str = "") -> "Credential":
        """Return the header for a key; `variable` is where the key was found."""
        from xreview.http.secret import Credential, bearer

        if self.key_header and variable not in self.bearer_variables:
            return Credential(self.key_header, secret)
        return bearer(secret)


def wire_format(name: str) -> WireFormat:
    """Return the wire format of that name. Raises LookupError."""
    found = find_provider(name)
    if not isinstance(found, WireFormat):
        raise LookupError(f"{name} isn't a wire format")
    return found


def wire_formats() -> tuple[WireFormat, ...]:
    """Return all wire formats, in the order in which to list them."""
    return tuple(one for one in providers(FORMATS) if isinstance(one, WireFormat))
