"""The sentences of attempts: the header of their screen, and their place in the main header."""

from collections.abc import Iterator

from xreview.domain.attempt.piece import AttemptPiece, PieceKind
from xreview.domain.text import clock_words, count_of, shorten, visible
from xreview.review.attempts.snapshot import AttemptSnapshot, AttemptStage, TrialSnapshot
from xreview.tui.widgets.attempts.state import ShownTrial
from xreview.tui.widgets.text_pane import TextPart

KEPT = (
    "They are kept: `xreview-tui attempt --list` shows them, --open ID opens them, --clean ID "
    "removes them."
)
_MOST_NAMED = 3


def spent_words(cost: float | None, most: float | None) -> str:
    """Return what was spent and the cap: `$0.12 of $2.00`."""
    if most is None:
        return "cost unknown" if cost is None else f"${cost:.2f}"
    return f"cost unknown, at most ${most:.2f}" if cost is None else f"${cost:.2f} of ${most:.2f}"


def trial_title(shown: ShownTrial, width: int, key: str) -> list[TextPart]:
    """Return the first line of the screen: the task, and whether the writers are hidden."""
    trial = shown.snapshot
    count = count_of(len(trial.attempts), "attempt")
    hidden = "writers hidden until you pick"
    press = f"; press {key} to reveal" if key else ""
    rests = [f" · {count} · {hidden}{press}", f" · {hidden}{press}", f" · writers hidden ({key})"]
    if not shown.is_blind:
        rests = [f" · {count}"]
    rest = next((one for one in rests if len(one) <= width // 2 + 12), rests[-1])
    room = max(12, width - len(rest) - 12)
    title = shorten(visible(trial.title) or "no task", room)
    return [(" attempts ", "bold reverse"), (f" {title}", "bold"), (rest, "$text-muted")]


def trial_progress(shown: ShownTrial, seconds: float, width: int) -> list[TextPart]:
    """Return the second line: how far it is, and what is chosen for a graft."""
    trial = shown.snapshot
    numbers = f" · {spent_words(trial.cost, trial.most)} · {clock_words(seconds)}"
    if trial.is_over:
        parts: list[TextPart] = [(f" {over_words(trial)}", "bold"), (numbers, "$text-muted")]
    else:
        doing = f": {shown.veil.line(trial.doing)}" if trial.doing else ""
        parts = [(f" ● {over_words(trial)}", "bold $text-accent"), doing, (numbers, "$text-muted")]
    graft = graft_words(shown)
    used = sum(len(part if isinstance(part, str) else part[0]) for part in parts)
    room = width - used - 3
    told = graft if len(graft) <= room else short_graft_words(shown)
    if graft and room > 10:
        parts.append((f" · {shorten(told, room)}", "$text-accent"))
    return parts


def over_words(trial: TrialSnapshot) -> str:
    """Return how many attempts are over: `2 of 3 over`, `all over`, `1 of 3 cut short`."""
    over = [one for one in trial.attempts if one.is_over]
    stopped = count_of(sum(one.is_stopped for one in over), "was cut short", "were cut short")
    cut = f", {stopped}" if any(one.is_stopped for one in over) else ""
    if len(over) < len(trial.attempts):
        return f"{len(over)} of {len(trial.attempts)} over{cut}"
    return f"all {len(over)} over{cut}" if over else trial.doing or "no attempts"


def short_trial_words(trial: TrialSnapshot) -> str:
    """Return attempts in a few words for the header of the main screen: no name, no maker."""
    over = sum(one.is_over for one in trial.attempts)
    return f"attempts {over}/{len(trial.attempts)} over"


def graft_words(shown: ShownTrial) -> str:
    """Return how many pieces are chosen, and which conflicts aren't decided; "" for nothing."""
    pieces = shown.pieces
    if not pieces or not shown.choice:
        return ""
    words = f"graft: {len(shown.chosen)} of {count_of(len(pieces), 'piece')} chosen"
    undecided = shown.undecided
    if not undecided:
        return words
    named = ", ".join(map(piece_place, undecided[:_MOST_NAMED]))
    more = f" and {len(undecided) - _MOST_NAMED} more" if len(undecided) > _MOST_NAMED else ""
    conflicts = count_of(len(undecided), "conflict")
    return f"{words} · {conflicts} undecided: {named}{more}"


def short_graft_words(shown: ShownTrial) -> str:
    """Return how many pieces are chosen, and how many conflicts aren't decided."""
    undecided = f", {len(shown.undecided)} undecided" if shown.undecided else ""
    return f"graft {len(shown.chosen)}/{len(shown.pieces)}{undecided}"


def piece_place(piece: AttemptPiece) -> str:
    """Return where a piece is: `app.py:12`, or the path of a whole file; safe to show."""
    path = visible(piece.ref.path)
    return path if piece.is_whole else f"{path}:{piece.start + 1}"


def piece_size(piece: AttemptPiece) -> str:
    """Return what a piece is about: `2 lines → A 3, B 1`, or what becomes of a whole file."""
    if piece.is_whole:
        told = {one.whole or "changed": one.labels for one in piece.versions}
        return ", ".join(f"{' '.join(who)}: {visible(what)}" for what, who in told.items())
    after = ", ".join(f"{' '.join(one.labels)} {len(one.lines)}" for one in piece.versions)
    before = count_of(len(piece.base), "line") if piece.base else "insertion"
    return f"{before} → {after}"


KIND_MEANINGS = {
    PieceKind.CONFLICTING: "Two attempts change it in different ways: choose one.",
    PieceKind.ONLY: "One attempt changes it.",
    PieceKind.SOME: "Several change it alike.",
    PieceKind.SHARED: "All change it alike.",
}


def stage_words(attempt: AttemptSnapshot) -> str:
    """Return the stage of an attempt, or how it ended."""
    if not attempt.is_over:
        return attempt.stage.value
    return "cut short" if attempt.is_stopped else AttemptStage.OVER.value


def why_not_clean(shown: ShownTrial, attempt: AttemptSnapshot) -> Iterator[str]:
    """Yield why no findings doesn't mean no problems, in sentences that are safe to show."""
    veil = shown.veil
    if attempt.why:
        yield veil.line(attempt.why)
    if attempt.is_over and not attempt.session:
        yield "It wasn't reviewed."
    if attempt.is_reviewed and not attempt.reviewers:
        yield "No model read it, only the embedded analysers."
    yield from map(veil.line, attempt.unread)
