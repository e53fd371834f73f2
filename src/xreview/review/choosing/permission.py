"""Whether code of one change can go to a vendor: by an option, a setting, or an earlier answer."""

from collections.abc import Iterable

from xreview.review.choosing.panel import Panel
from xreview.review.egress.consent import Consents, Egress
from xreview.review.session.surroundings import now
from xreview.review.session.whole_change import WholeChange

CONSENT_FILE = "egress.json"


class EgressPermission:
    """The permissions for one change.

    Args:
        is_given: whether `--yes-egress` allows everything for this run.
    """

    def __init__(self, change: WholeChange, panel: Panel, *, is_given: bool) -> None:
        self._change = change
        self._panel = panel
        self._is_given = is_given
        self._consents = Consents(panel.folders.state / CONSENT_FILE, panel.settings.egress)

    def covers(self, egress: Egress) -> bool:
        """Whether code can go there without a question. Reads the disk."""
        return self._is_given or self._consents.allows(self._change.repository_name, egress)

    def remember(self, egress: Egress) -> None:
        """Keep a yes for this repository. Raises UsageError where it can't be written."""
        if self._change.repository is not None:
            self._consents.allow(self._change.repository_name, egress, now())

    def to_ask(self, names: Iterable[str]) -> tuple[Egress, ...]:
        """The places for which the user must be asked before these reviewers get code."""
        return tuple(one for one in self._panel.egress(names) if not self.covers(one))
