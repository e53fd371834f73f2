"""Which actions of the attempts screen would do something now."""

from xreview.domain.attempt.piece import AttemptPiece
from xreview.review.attempts.snapshot import AttemptSnapshot
from xreview.tui.actions import ATTEMPT_SHARED_ACTIONS, CHOOSING_LABELS
from xreview.tui.widgets.attempts.state import AttemptView, ShownTrial

_ALWAYS = (frozenset(ATTEMPT_SHARED_ACTIONS) - {"code.edit", "scroll.left", "scroll.right"}) | {
    "attempts.leave",
    "attempts.others",
}
_VIEWS = {
    "attempts.one": AttemptView.ATTEMPT,
    "attempts.points": AttemptView.POINTS,
    "attempts.pieces": AttemptView.PIECES,
    "attempts.graft": AttemptView.GRAFT,
}


def working_attempt_actions(
    shown: ShownTrial,
    view: AttemptView,
    attempt: AttemptSnapshot | None,
    piece: AttemptPiece | None,
    *,
    is_away: bool,
) -> frozenset[str]:
    """Return the ids of the actions that work now.

    Args:
        attempt: the one under the cursor. piece: the one under the cursor, where pieces are shown.
        is_away: whether an attempt is read in the triage instead of your own change.
    """
    trial = shown.snapshot
    is_written = attempt is not None and attempt.is_over and bool(attempt.files)
    has_tree = attempt is not None and attempt.is_over and attempt.folder is not None
    is_choosing = view is AttemptView.PIECES and piece is not None
    met = {
        "attempts.read": is_written,
        "attempts.take": is_written,
        "attempts.choose": is_choosing,
        "attempts.base": is_choosing,
        "attempts.choose-all": bool(shown.pieces),
        "attempts.check": bool(shown.chosen) and not shown.is_checking,
        "attempts.take-graft": shown.is_checked,
        "attempts.return": shown.last_taken is not None,
        "attempts.piece-next": is_choosing,
        "attempts.piece-previous": is_choosing,
        "attempts.shift-left": view in (AttemptView.POINTS, AttemptView.PIECES),
        "attempts.shift-right": view in (AttemptView.POINTS, AttemptView.PIECES),
        "attempts.cancel": shown.is_checking or (attempt is not None and not attempt.is_over),
        "attempts.cancel-all": not trial.is_over,
        "attempts.reveal": shown.is_blind and bool(trial.attempts),
        "attempts.shell": has_tree,
        "attempts.discard": trial.is_over and not shown.is_checking,
        "attempts.home": is_away,
        "code.edit": has_tree,
        "scroll.left": view is AttemptView.PIECES,
        "scroll.right": view is AttemptView.PIECES,
    }
    met |= {id: view is not own for id, own in _VIEWS.items()}
    met |= {f"attempts.choose-{label.lower()}": label in shown.labels for label in CHOOSING_LABELS}
    return _ALWAYS.union(id for id, is_met in met.items() if is_met)
