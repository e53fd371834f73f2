"""The choices of the dialogs: reasons, targets, filters, sortings."""

from collections.abc import Callable
from dataclasses import replace

from xreview.domain.decision import REASON_MEANINGS, REASONS, Decision, Reason, Verdict
from xreview.domain.finding import Finding
from xreview.domain.report import Lens, Severity
from xreview.tui.dialogs.choice import MenuChoice
from xreview.tui.widgets.findings.filter import Filter, Status
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


def decision_choices(verdict: Verdict) -> list[MenuChoice[Decision]]:
    """One choice for each reason of a verdict; the first is the one that Enter takes."""
    return [
        MenuChoice(
            _REASON_KEYS[reason], reason.value, REASON_MEANINGS[reason], Decision(verdict, reason)
        )
        for reason in REASONS[verdict]
    ]


FilterChange = Callable[[Filter], Filter]


def filter_choices(current: Finding | None) -> list[MenuChoice[FilterChange]]:
    """Changes to the filter; all but the first add to what is set."""
    choices: list[MenuChoice[FilterChange]] = [
        MenuChoice("a", "all", "show everything", lambda _: Filter()),
        MenuChoice("o", "open", "not decided yet", lambda f: replace(f, status=Status.OPEN)),
        MenuChoice("d", "decided", "decided already", lambda f: replace(f, status=Status.DECIDED)),
        MenuChoice("c", "accepted", "", lambda f: replace(f, status=Status.ACCEPTED)),
        MenuChoice("r", "rejected", "", lambda f: replace(f, status=Status.REJECTED)),
        MenuChoice("s", "escalated", "", lambda f: replace(f, status=Status.ESCALATED)),
        MenuChoice(
            "u",
            "suppressed",
            "decided in an earlier session, or a convention",
            lambda f: replace(f, status=Status.SUPPRESSED),
        ),
        MenuChoice("m", "medium and worse", "", lambda f: replace(f, at_least=Severity.MEDIUM)),
        MenuChoice("h", "high and worse", "", lambda f: replace(f, at_least=Severity.HIGH)),
        MenuChoice("k", "risk", "the risk lens", lambda f: replace(f, lens=Lens.RISK)),
        MenuChoice("e", "economy", "the economy lens", lambda f: replace(f, lens=Lens.ECONOMY)),
        MenuChoice(
            "n", "not lone", "reviewers agree or clash", lambda f: replace(f, disputed_only=True)
        ),
    ]
    if current is not None:
        path = current.anchor.path
        choices.append(MenuChoice("f", "this file", path, lambda f: replace(f, path=path)))
    return choices


SORTINGS = [
    MenuChoice("a", Sorting.ATTENTION.value, "what needs a person most first", Sorting.ATTENTION),
    MenuChoice("s", Sorting.SEVERITY.value, "worst first", Sorting.SEVERITY),
    MenuChoice("f", Sorting.FILE.value, "in the order of files and lines", Sorting.FILE),
    MenuChoice("r", Sorting.REVIEWER.value, "by who found it", Sorting.REVIEWER),
]
