"""The choices that the main screen offers: reasons and sort orders."""

from collections.abc import Collection

from xreview.domain.decision import REASON_MEANINGS, REASONS, Decision, Reason, Verdict
from xreview.tui.dialogs.choice import MenuChoice
from xreview.tui.widgets.findings.rows import Sorting

_REASON_KEYS = {
    Reason.FIX: "f",
    Reason.FIX_DIFFERENTLY: "d",
    Reason.REVIEWER_WRONG: "w",
    Reason.INTENDED: "i",
    Reason.TRADE_OFF: "t",
    Reason.OUT_OF_SCOPE: "o",
    Reason.DUPLICATE: "d",
    Reason.LATER: "l",
    Reason.ARBITER: "a",
    Reason.PERSON: "p",
    Reason.MEASURE: "m",
}


def decision_choices(
    verdict: Verdict, without: Collection[Reason] = ()
) -> list[MenuChoice[Decision]]:
    """Return one choice per reason for a verdict, the default first, `without` some."""
    return [
        MenuChoice(
            _REASON_KEYS[reason], reason.value, REASON_MEANINGS[reason], Decision(verdict, reason)
        )
        for reason in REASONS[verdict]
        if reason not in without
    ]


SORTINGS = [
    MenuChoice("a", Sorting.ATTENTION.value, "what needs you most first", Sorting.ATTENTION),
    MenuChoice("s", Sorting.SEVERITY.value, "most severe first", Sorting.SEVERITY),
    MenuChoice("l", Sorting.LEVEL.value, "decide, study, read, …", Sorting.LEVEL),
    MenuChoice("f", Sorting.FILE.value, "by file and line", Sorting.FILE),
    MenuChoice("r", Sorting.REVIEWER.value, "by reviewer", Sorting.REVIEWER),
]
