"""Which actions of a pull request's screen would do something now."""

from xreview.domain.pull.discussion import ReviewThread
from xreview.tui.actions import PULL_SHARED_ACTIONS
from xreview.tui.widgets.pull.rows import PullRow
from xreview.tui.widgets.pull.state import PullTab, ShownPull

_ALWAYS = frozenset(PULL_SHARED_ACTIONS) | {
    "pull.leave",
    "pull.others",
}


def working_pull_actions(shown: ShownPull, tab: PullTab, row: PullRow | None) -> frozenset[str]:
    """Return the ids of the actions that work now, with the cursor on a row."""
    preview = shown.preview
    is_ready = shown.is_idle and preview is not None
    is_posting = tab is PullTab.POST
    thread = row.answered.thread if row and row.answered else None
    met = {
        "pull.again": shown.is_idle and (preview is None or bool(shown.trouble)),
        "pull.to-post": not is_posting,
        "pull.threads": is_posting,
        "pull.begin": is_posting and is_ready and bool(preview and preview.plan.comments),
        "pull.send": is_ready and thread is not None and _can_send(shown, thread),
        "pull.edit": thread is not None,
        "pull.resolve": is_ready and thread is not None and thread.can_resolve,
        "pull.comment": is_ready and shown.pending is not None,
        "pull.request-changes": is_ready and shown.pending is not None,
        "pull.approve": is_ready and shown.pending is not None,
        "pull.discard": is_ready and shown.pending is not None,
        "pull.undo": is_ready,
        "pull.link": row is not None and bool(row.link),
    }
    return _ALWAYS.union(id for id, is_met in met.items() if is_met)


def _can_send(shown: ShownPull, thread: ReviewThread) -> bool:
    """Whether a reply is offered: not where it would be the same again."""
    is_new = thread.id in shown.drafts or not shown.is_answered(thread)
    return is_new and not thread.is_resolved
