"""The sentences of a fix: its header, its place in the main header, and what an end means."""

from xreview.domain.fixing.fixer import FixerKind
from xreview.domain.text import clock_words, count_of, shorten, visible
from xreview.review.fixing.snapshot import FixSnapshot, FixStage
from xreview.tui.widgets.fixing.state import ShownFix
from xreview.tui.widgets.text_pane import TextPart

KEPT = (
    "It is kept: `xreview-tui fix --list` shows it, --apply ID applies it, --clean ID removes it."
)


def cost_words(snapshot: FixSnapshot) -> str:
    """Return what it cost so far and the cap: `$0.12 of at most $2.00`."""
    if snapshot.fixer.kind is FixerKind.MECHANICAL:
        return "no cost"
    spent = "cost unknown" if snapshot.cost is None else f"${snapshot.cost:.2f}"
    if snapshot.most is None:
        return spent
    return f"{spent}{',' if snapshot.cost is None else ' of'} at most ${snapshot.most:.2f}"


def title_parts(fix: ShownFix, width: int) -> list[TextPart]:
    """Return the first line of the fix screen: who fixes what."""
    snapshot = fix.snapshot
    what = count_of(len(snapshot.findings), "finding")
    round_two = " · second round" if snapshot.is_round_two else ""
    rest = f" · {what}{round_two}"
    fixer = shorten(visible(snapshot.fixer.label), max(8, width - len(rest) - 8))
    return [(" fix ", "bold reverse"), (f" {fixer}", "bold"), rest]


def progress_parts(fix: ShownFix, seconds: float, width: int) -> list[TextPart]:
    """Return the second line: what is done now, or what the fix did."""
    snapshot = fix.snapshot
    if not fix.is_running:
        why = f" · {visible(snapshot.why)}" if snapshot.why else ""
        return [(f" {visible(snapshot.header)}", "bold"), (why, "bold $text-warning")]
    numbers = f"  {clock_words(seconds)} · {cost_words(snapshot)}"
    stage = f" ● {snapshot.stage}"
    room = max(0, width - len(numbers) - len(stage) - 3)
    doing = shorten(visible(snapshot.doing), room) if snapshot.doing and room > 8 else ""
    return [(stage, "bold $text-accent"), (f": {doing}" if doing else ""), (numbers, "$text-muted")]


def short_words(fix: ShownFix) -> str:
    """Return the fix in a few words for the header of the main screen; "" once it is discarded."""
    snapshot = fix.snapshot
    if fix.is_discarded:
        return ""
    if fix.is_running:
        doing = f": {visible(snapshot.doing)}" if snapshot.doing else ""
        is_fixing = snapshot.stage is FixStage.FIXING
        return f"{'' if is_fixing else 'fix: '}{snapshot.stage}{doing}"
    return f"fix: {visible(snapshot.header)}"


def empty_words(fix: ShownFix) -> str:
    """Return what the code pane says without a patch."""
    if fix.is_running:
        return "No patch yet."
    refused = (
        " What it changed can't be applied; the list says why." if fix.snapshot.refused else ""
    )
    return f"The fixer changed nothing.{refused}"
