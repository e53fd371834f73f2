"""A forge with the token that the user has for it."""

from pathlib import Path
from typing import TYPE_CHECKING

from xreview.domain.errors import UsageError
from xreview.domain.pull.address import ForgeHost
from xreview.hardening.address import address_of
from xreview.ports.forge import Forge
from xreview.review.assembly.run_options import RunOptions

if TYPE_CHECKING:  # heavy, and not needed for the first frame
    from xreview.forge.token import ForgeToken
    from xreview.http.secret import Secret


def forge_for(host: ForgeHost, options: RunOptions) -> Forge:
    """The forge at a host, with the token that is found for it or none. Blocks.

    Raises UsageError if only this machine can be contacted (`offline`).
    """
    return TokenHolder(host, options).forge()


def token_for(host: ForgeHost, options: RunOptions) -> "ForgeToken | None":
    """The token for a host, and where it is from; None for none.

    Blocks: it can run gh, glab and git's credential helpers.
    """
    from xreview.forge.tokens.finding import find_token
    from xreview.repo.credential import fill_credential

    return find_token(host, options.environ, Path.cwd(), fill_credential)


class TokenHolder:
    """Looks for a host's token once, for the API and for git."""

    def __init__(self, host: ForgeHost, options: RunOptions) -> None:
        if options.settings.offline and not address_of(host.origin).is_local:
            raise UsageError(
                f"{host.name} can't be contacted offline.",
                "Remove --offline, or set `offline` to false in your configuration.",
            )
        self._host = host
        self._token = token_for(host, options)

    def forge(self) -> Forge:
        """A new connection to the forge."""
        from xreview.forge.registry import new_forge

        return new_forge(self._host, self._token)

    @property
    def secret(self) -> "Secret | None":
        """The token, for this host only; None without one."""
        return self._token.secret if self._token is not None else None
