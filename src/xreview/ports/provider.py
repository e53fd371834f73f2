"""What each provider says about itself, in one record; everything else looks it up here.

A provider is a wire format (a package in `models`) or a coding agent (a module in `agents`). Its
module defines `PROVIDER` and has the provider's name, with `_` for `-`. Nothing else lists
providers, and looking one up imports its module only.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module

from xreview.domain.record import dataclass, field

FORMATS = "xreview.models"
AGENTS = "xreview.agents"


@dataclass(frozen=True, kw_only=True)
class Provider:
    """A way to reach models.

    Args:
        name: as the configuration writes it: "openai".
        label: for people.
        order: its place in lists; equal ones are sorted by name.
        is_agent: whether it is a program on this machine, with its own login.
        vendor: the family of its models, when their names don't tell; "" for any.
        base_url: its server's usual address; "" when each reviewer must set one.
        key_variables: the environment variables that can hold its key, the first one set wins.
        bearer_variables: those that hold a token for `Authorization: Bearer`.
        variable_by_url: the key's variable for servers of other companies, by the start of the URL.
    """

    name: str
    label: str
    order: int = 100
    is_agent: bool = False
    vendor: str = ""
    base_url: str = ""
    key_variables: tuple[str, ...] = ()
    bearer_variables: tuple[str, ...] = ()
    variable_by_url: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)

    def variables_for(self, base_url: str) -> tuple[str, ...]:
        """Return the variables that can hold the key for a server; "" is the usual one.

        A vendor's key never goes to another address just because a reviewer sets `base_url`.
        """
        if not base_url:
            return self.key_variables
        return tuple(v for start, v in self.variable_by_url.items() if base_url.startswith(start))


@dataclass(frozen=True, slots=True)
class ReviewerSettings:
    """One configured reviewer that is a model.

    Args:
        provider: the name of a `Provider`.
        model: its id as the server takes it: the deep tier. "" for an agent's own choice.
        lighter: a cheaper model of the same family: the fast tier, which also reads the low-risk
            files of a deep review. "" for none.
        vendor: the model's family, when its name doesn't tell.
        effort: one of `Effort`; "" for the server's default.
        base_url: the server's address; "" for the provider's usual one.
        key_variable: the environment variable that holds the key; "" for the provider's usual ones.
        keyring: the OS keyring's service that holds the key; "" for none.
        context, max_output: in tokens, for servers that don't report them; 0 when unknown.
        command: an agent's program, a name on PATH or a path; "" for its usual name.
    """

    name: str
    provider: str
    model: str = ""
    lighter: str = ""
    vendor: str = ""
    effort: str = ""
    base_url: str = ""
    key_variable: str = ""
    keyring: str = ""
    context: int = 0
    max_output: int = 0
    command: str = ""


@cache
def find_provider(name: str) -> Provider | None:
    """Return the provider of that name, or None."""
    module = {**_modules(FORMATS), **_modules(AGENTS)}.get(name)
    found = getattr(import_module(module), "PROVIDER", None) if module else None
    return found if isinstance(found, Provider) else None


@cache
def providers(*rooms: str) -> tuple[Provider, ...]:
    """Return the providers in `FORMATS` or `AGENTS`, or all, in the order in which to list them."""
    names = (name for room in rooms or (FORMATS, AGENTS) for name in _modules(room))
    return tuple(sorted(filter(None, map(find_provider, names)), key=lambda one: one.order))


def agent_names() -> tuple[str, ...]:
    """Return the names of all agents, without importing them."""
    return tuple(_modules(AGENTS))


@cache
def _modules(room: str) -> Mapping[str, str]:
    """Return a room's modules that can define a provider, by the provider's name, sorted."""
    from pkgutil import iter_modules

    is_package = room == FORMATS
    found = sorted(
        one.name for one in iter_modules(import_module(room).__path__) if one.ispkg is is_package
    )
    return {name.replace("_", "-"): f"{room}.{name}" for name in found}
