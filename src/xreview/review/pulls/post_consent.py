"""To which projects which account may post: asked once, and kept on this machine only."""

from pathlib import Path

from xreview.domain.pull.address import PullAddress
from xreview.domain.pull.pull import ForgeAccount
from xreview.review.egress.consent import Consents, Egress

POSTING_CONSENT_FILE = "posting.json"
"""Its name in the program's state folder."""


class PostConsents:
    """The consent given so far, in a file of the same form as that for sending code."""

    def __init__(self, folder: Path) -> None:
        self._consents = Consents(folder / POSTING_CONSENT_FILE)

    def allows(self, address: PullAddress, account: ForgeAccount) -> bool:
        """Whether the account may post to the pull request's project without a question."""
        return self._consents.allows(_project(address), _posting(address, account))

    def allow(self, address: PullAddress, account: ForgeAccount, at: str) -> None:
        """Save a consent; `at` is an ISO 8601 time. Raises UsageError if that fails."""
        self._consents.allow(_project(address), _posting(address, account), at)

    def withdraw(self, address: PullAddress) -> tuple[str, ...]:
        """Ask again before anything is posted to the pull request's project; return the accounts
        that needed no question. Raises UsageError if that can't be saved."""
        taken = self._consents.forget(_project(address))
        return tuple(key.partition("@")[0] for key in taken)


def _project(address: PullAddress) -> str:
    return f"{address.forge.origin}/{address.project}"


def _posting(address: PullAddress, account: ForgeAccount) -> Egress:
    return Egress(account.key, address.forge.name, ())
