"""What is set for a trial besides its task and its writers: the check, the cap, the start."""

from enum import Enum

from xreview.config.kinds import Dollars, Unfit
from xreview.config.schema import Settings
from xreview.domain.errors import UsageError
from xreview.domain.record import dataclass, replace
from xreview.review.attempts.wish import TrialWish

_MOST = Dollars(1000.0)


class TrialTerm(Enum):
    """One of them; the value asks for it."""

    CHECK = "Check: a shell command that must pass; blank for the settings"
    BUDGET = "At most, in US dollars for all attempts; blank for the settings"
    START = "Start from which commit? Blank for your files as they are"


@dataclass(frozen=True, slots=True)
class TrialTerms:
    """What the user set instead of the settings.

    Args:
        check: a shell command; "" for the settings.
        budget: US dollars; None for the settings.
        revision: what to start from; "" for the files as they are.
    """

    check: str = ""
    budget: float | None = None
    revision: str = ""

    def value(self, term: TrialTerm) -> str:
        """What is set, to be edited."""
        match term:
            case TrialTerm.CHECK:
                return self.check
            case TrialTerm.BUDGET:
                return "" if self.budget is None else f"{self.budget:g}"
            case TrialTerm.START:
                return self.revision

    def having(self, term: TrialTerm, text: str) -> "TrialTerms":
        """These with another answer. Raises UsageError for an amount that can't be one."""
        answer = text.strip()
        match term:
            case TrialTerm.CHECK:
                return replace(self, check=answer)
            case TrialTerm.BUDGET:
                return replace(self, budget=_dollars(answer) if answer else None)
            case TrialTerm.START:
                return replace(self, revision=answer)

    def checks(self, settings: Settings) -> tuple[str, ...]:
        """The commands that will run."""
        return (self.check,) if self.check else settings.fix.check

    def wish(self, wish: TrialWish) -> TrialWish:
        """A wish with what is set here."""
        checks = (self.check,) if self.check else ()
        return replace(wish, checks=checks, budget=self.budget, revision=self.revision)


def _dollars(answer: str) -> float:
    try:
        return _MOST.parse(_MOST.from_text(answer))
    except Unfit as error:
        raise UsageError(f"“{answer}” can't be the cap: {error}", "Write 2.50.") from error
