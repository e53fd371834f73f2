"""Which actions of the fix screen would do something now."""

from xreview.tui.actions import SHARED_ACTIONS
from xreview.tui.widgets.fixing.parts import Parts
from xreview.tui.widgets.fixing.state import ShownFix

_IN_PATCH = frozenset({"code.go", "code.edit"})
_ALWAYS = (frozenset(SHARED_ACTIONS) - _IN_PATCH) | {"fix.leave"}


def working_fix_actions(fix: ShownFix, pointed: Parts, *, is_last_applied: bool) -> frozenset[str]:
    """Return the ids of the actions that work now.

    Args:
        pointed: the parts of the patch under the cursor.
        is_last_applied: whether undo takes back what was applied of this fix.
    """
    met = {
        "fix.cancel": fix.is_running,
        "fix.apply": not fix.is_running and bool(fix.offered),
        "fix.apply-part": not fix.is_running and bool(pointed - fix.applied),
        "fix.revert": is_last_applied,
        "fix.again": fix.can_go_again,
        "fix.discard": not fix.is_running,
        "fix.shell": not fix.is_running and fix.snapshot.folder is not None,
        "fix.new": not fix.is_running,
        "code.go": bool(fix.snapshot.files),
        "code.edit": bool(fix.snapshot.files) and fix.snapshot.folder is not None,
    }
    return _ALWAYS.union(id for id, is_met in met.items() if is_met)
