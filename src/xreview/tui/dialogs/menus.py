"""The choices that the main screen offers: reasons, filters, sort orders."""

from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from typing import Any

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


FilterChange = Callable[[Filter], Filter]


def filter_choices(current: Finding | None) -> list[MenuChoice[FilterChange]]:
    """Return the changes to the filter; each adds to it, except the first, which clears it."""
    settled = "settled earlier, or by a convention"
    offered: list[tuple[str, str, str, dict[str, Any]]] = [
        ("o", "open", "not decided", {"status": Status.OPEN}),
        ("d", "decided", "", {"status": Status.DECIDED}),
        ("c", "accepted", "", {"status": Status.ACCEPTED}),
        ("r", "rejected", "", {"status": Status.REJECTED}),
        ("s", "escalated", "", {"status": Status.ESCALATED}),
        ("u", "suppressed", settled, {"status": Status.SUPPRESSED}),
        ("m", "medium or higher", "", {"at_least": Severity.MEDIUM}),
        ("h", "high or higher", "", {"at_least": Severity.HIGH}),
        ("k", "risk", "the risk lens", {"lens": Lens.RISK}),
        ("e", "economy", "the economy lens", {"lens": Lens.ECONOMY}),
        ("n", "not lone", "reviewers agree or clash", {"disputed_only": True}),
    ]
    if current is not None:
        path = current.anchor.path
        offered.append(("f", "this file", path, {"path": path}))
    return [
        MenuChoice("a", "all", "show everything", lambda _: Filter()),
        *(
            MenuChoice(key, label, meaning, partial(_changed, changes))
            for key, label, meaning, changes in offered
        ),
    ]


def _changed(changes: dict[str, Any], before: Filter) -> Filter:
    return replace(before, **changes)


SORTINGS = [
    MenuChoice("a", Sorting.ATTENTION.value, "what needs you most first", Sorting.ATTENTION),
    MenuChoice("s", Sorting.SEVERITY.value, "most severe first", Sorting.SEVERITY),
    MenuChoice("f", Sorting.FILE.value, "by file and line", Sorting.FILE),
    MenuChoice("r", Sorting.REVIEWER.value, "by reviewer", Sorting.REVIEWER),
]
