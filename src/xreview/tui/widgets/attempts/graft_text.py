"""The graft: what is chosen, and what its check says."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual.content import Content

from xreview.domain.text import count_of
from xreview.tui.widgets.attempts.about import check_parts, finding_parts, listed_parts
from xreview.tui.widgets.attempts.state import ShownTrial
from xreview.tui.widgets.attempts.words import graft_words, piece_place, spent_words
from xreview.tui.widgets.text_pane import TextPart

if TYPE_CHECKING:
    from xreview.review.attempts.graft import GraftSnapshot

_LOUD = "bold $text-error"
_WARNING = "bold $text-warning"
HOW_TO = (
    "A graft takes pieces of several attempts. Press {pieces} for the pieces, choose an attempt "
    "for each with its letter, then press {check} to check the combination. Nothing touches your "
    "files before you take it."
)


def graft_content(shown: ShownTrial, keys: dict[str, str]) -> Content:
    """Return what there is to say about the graft; `keys` are those of actions, as shown."""
    return Content.assemble(*_graft_parts(shown, keys))


def _graft_parts(shown: ShownTrial, keys: dict[str, str]) -> Iterator[TextPart]:
    if not shown.chosen and shown.graft is None:
        yield HOW_TO.format(**keys) + "\n"
        return
    yield (f"{graft_words(shown) or 'Nothing is chosen.'}\n", "bold")
    undecided = (f"{piece_place(one)} ({one.words})" for one in shown.undecided)
    yield from listed_parts("Undecided: the base is kept there", undecided, _WARNING)
    graft = shown.graft
    if graft is None:
        yield f"\nPress {keys['check']} to check it.\n"
        return
    if shown.is_outdated:
        yield (f"\nYou chose otherwise since. Press {keys['check']} to check it.\n", _WARNING)
    yield from _state(shown, graft, keys)
    problems = map(shown.veil.line, graft.problems)
    yield from listed_parts("What is wrong with it", problems, _LOUD)
    weak = (shown.veil.line(one.words) for one in graft.tampering)
    yield from listed_parts("It weakens checks", weak, _LOUD)
    yield from check_parts(shown.veil, graft.checks)
    if graft.is_over:
        yield from _findings(shown, graft)
    yield from listed_parts("Not read", map(shown.veil.line, graft.unread), _WARNING)
    yield from listed_parts("Notices", map(shown.veil.line, graft.notices), "bold")


def _state(shown: ShownTrial, graft: "GraftSnapshot", keys: dict[str, str]) -> Iterator[TextPart]:
    if not graft.is_over:
        doing = "" if shown.is_blind or not graft.doing else f": {shown.veil.line(graft.doing)}"
        if shown.is_checking:
            yield (f"\n● {graft.stage.value}{doing}", "bold $text-accent")
            yield f"  {spent_words(graft.cost, None)}\n"
        else:
            yield (f"\nThe check was cut short while {graft.stage.value}.\n", _WARNING)
        return
    files = count_of(len(graft.files), "file")
    if graft.is_sound:
        yield f"\nIt applies, parses, and breaks no check: {files}. "
        yield f"Press {keys['take']} to take it.\n"
    elif graft.is_applicable:
        yield (f"\nIt isn't sound: {files}. ", _WARNING)
        yield f"Press {keys['take']} to take it in spite of that.\n"
    else:
        yield ("\nIt can't be put together. Choose other pieces.\n", _LOUD)


def _findings(shown: ShownTrial, graft: "GraftSnapshot") -> Iterator[TextPart]:
    known = graft.findings[graft.raised :]
    raised = graft.findings[: graft.raised]
    if raised:
        yield ("\nRaised by the combination: no attempt had it\n", _LOUD)
    for one in raised:
        yield from finding_parts(shown.veil, one)
    if known:
        yield ("\nRaised in the attempts too\n", "bold")
    for one in known:
        yield from finding_parts(shown.veil, one)
    if not graft.findings and not graft.unread:
        yield "\nIts review raised nothing.\n"
