"""Which actions of the main screen would do something now."""

from xreview.domain.state import Triage
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.tui.actions import ACTIONS, Need
from xreview.tui.widgets.findings.list import FindingList


def working_actions(
    findings: FindingList, snapshot: ReviewSnapshot | None, pane: str
) -> frozenset[str]:
    """Return the ids of the actions that work now, while the pane with this id has the focus."""
    is_current, is_selected = findings.current is not None, bool(findings.selected)
    triage = snapshot.triage if snapshot else Triage()
    met = {
        Need.NOTHING: True,
        Need.FINDINGS: bool(snapshot and snapshot.findings),
        Need.CURRENT: is_current,
        Need.CHOSEN: is_current or is_selected,
        Need.SELECTION: is_selected,
        Need.NO_SELECTION: not is_selected,
        Need.UNDOABLE: bool(triage.undoable),
        Need.REDOABLE: bool(triage.redoable),
        Need.PULL: bool(snapshot and snapshot.pull),
        Need.ACCEPTED: bool(triage.history) and _has_accepted(snapshot),
    }
    return frozenset(
        action.id
        for action in ACTIONS
        if met[action.needs] and (not action.panes or pane in action.panes)
    )


def _has_accepted(snapshot: ReviewSnapshot | None) -> bool:
    from xreview.tui.handoff.clipboard import accepted_findings

    return bool(accepted_findings(snapshot))
