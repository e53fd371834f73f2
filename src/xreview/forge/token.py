"""A token for one forge."""

from xreview.domain.pull.address import ForgeHost
from xreview.domain.record import dataclass
from xreview.http.secret import Secret


@dataclass(frozen=True)
class ForgeToken:
    """A token, which goes to its own host only and is never shown.

    Args:
        source: where it was found, in words: “$GH_TOKEN”, “gh auth token”, “~/.netrc”.
        user: the user name that goes with it; "" for any.
    """

    host: ForgeHost
    secret: Secret
    source: str
    user: str = ""
