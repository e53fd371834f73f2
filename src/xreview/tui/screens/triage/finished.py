"""What the findings list says below the last finding once all are decided.

It never looks like an approval: what wasn't read, and how much no reader may have seen, comes
before the keys.
"""

from collections import Counter

from xreview.domain.decision import Verdict
from xreview.domain.text import count_of, visible
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.tui.actions import ACTIONS, Action, Need
from xreview.tui.keys import KeyMap, key_label
from xreview.tui.screens.triage.empty import incomplete_words

_TOLD_BELOW = "What is left, and what you can do next, is below the list."
_NEXT = {
    "app.open('pull')": "post to the pull request",
    "app.open('fix')": "fix what you accepted",
    "app.open('export')": "export",
    "copy_accepted": "copy what you accepted",
    "app.open('session_account')": "account of the session",
    "app.open('brief')": "describe the change",
    "app.review_again": "review again",
    "app.quit_now": "quit",
}
"""What is likely to come next, by the method of its action."""


def is_finished(snapshot: ReviewSnapshot) -> bool:
    """Whether there were findings, none is open, and no more will come."""
    return (
        snapshot.is_collected
        and not snapshot.is_running
        and snapshot.answering is None
        and bool(snapshot.findings)
        and not snapshot.open_findings
    )


def decided_words(snapshot: ReviewSnapshot) -> str:
    """ "All 3 findings are decided: 2 accepted, 1 rejected"."""
    verdicts = Counter(map(snapshot.triage.verdict, snapshot.findings))
    parts = [f"{verdicts[one]:,} {one.done}" for one in Verdict if verdicts[one]]
    if undecided := verdicts[None]:
        parts.append(f"{undecided:,} need no decision")
    count = len(snapshot.findings)
    all_of_them = f"All {count:,} findings are" if count > 1 else "The only finding is"
    return f"{all_of_them} decided: {', '.join(parts)}"


def finished_words(snapshot: ReviewSnapshot, key_map: KeyMap) -> str:
    """Return what is decided, what wasn't read, how much no reader may have seen, and the next
    keys; "" while something is open."""
    if not is_finished(snapshot):
        return ""
    keys = "\n".join(["Next:", *_next_keys(snapshot, key_map)])
    return "\n\n".join([f"{decided_words(snapshot)}.", *_unseen(snapshot), keys])


def last_decided_words(snapshot: ReviewSnapshot) -> str:
    """Return the notice after a decision with no open finding listed."""
    if is_finished(snapshot):
        return f"All findings are decided. {_TOLD_BELOW}"
    left = len(snapshot.open_findings)
    hidden = f" The filter hides {count_of(left, 'open one')}." if left else ""
    return f"All findings here are decided.{hidden}"


def _unseen(snapshot: ReviewSnapshot) -> list[str]:
    """How much may be left: first what wasn't read, then what no reader may have seen."""
    from xreview.domain.account import NO_APPROVAL

    parts = [f"{visible(snapshot.account.words)}."]
    if not snapshot.is_complete:
        parts = [incomplete_words(snapshot)]
    elif snapshot.is_by_analysers:
        parts.append(NO_APPROVAL)
    if snapshot.is_by_analysers:
        return parts
    # Loads what reads the journal, which the first frame does without.
    from xreview.domain.remaining.words import remaining_sentences
    from xreview.review.record.remaining import remaining_in

    return [*parts, remaining_sentences(remaining_in(snapshot), has_open=False)]


def _next_keys(snapshot: ReviewSnapshot, key_map: KeyMap) -> list[str]:
    by_method = {action.method: action for action in ACTIONS}
    told: list[str] = []
    for method, words in _NEXT.items():
        action = by_method.get(method)
        if action is not None and _works(action, snapshot):
            told += [f"{key_label(key)}  {words}" for key in key_map[action.id][:1]]
    return told


def _works(action: Action, snapshot: ReviewSnapshot) -> bool:
    has_accepted = Verdict.ACCEPT in map(snapshot.triage.verdict, snapshot.findings)
    if action.needs is Need.ACCEPTED or action.method == "copy_accepted":
        return has_accepted
    return action.needs is not Need.PULL or snapshot.pull is not None
