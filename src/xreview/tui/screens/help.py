"""The help page, built from the actions and the current key map."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual.content import Content

from xreview.disagreement.groups import Group
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.decision import REASON_MEANINGS, REASONS
from xreview.domain.report import Severity
from xreview.tui.actions import ALL_ACTIONS, ActionGroup
from xreview.tui.dialogs.dialog import PageScreen
from xreview.tui.keys import KeyMap, key_label
from xreview.tui.widgets.attempts.piece_list import PIECE_MARKS
from xreview.tui.widgets.attention_text import MEANINGS
from xreview.tui.widgets.diff.paint import CODE_MARKS
from xreview.tui.widgets.file_tree import TREE_MARKS
from xreview.tui.widgets.findings.marks import severity_sign
from xreview.tui.widgets.findings.paint import LIST_MARKS
from xreview.tui.widgets.status_bar import HEADER_MARKS
from xreview.tui.widgets.text_pane import TextPart

if TYPE_CHECKING:
    from xreview.tui.app import XReviewApp

_INTRODUCTION = (
    "The list shows what the reviewers found, next to the code, the review, and the disagreement. "
    "Accept, reject, or escalate each finding. Every decision is saved to the journal before the "
    "screen shows it; press u to undo.\n"
)


_NAMED_FROM = 80
"""The least columns of a screen with room for the names of actions."""
_TITLES = 28
"""Columns for what an action does, where there isn't room for the longest."""
_WIDE = 110
"""Columns of a screen with that room."""
_NAMES = {
    True: "To change keys, use the names on the right in the [keys] table of the configuration; ",
    False: (
        f"To change keys, use the names that a screen of {_NAMED_FROM} columns shows here in the "
        "[keys] table of the configuration; "
    ),
}


def help_content(
    key_map: KeyMap, columns: int = _NAMED_FROM, first: ActionGroup | None = None
) -> Content:
    """Return every action with its keys, by group, then the marks, and the reasons.

    `first` is the group of the screen that asks.
    """
    is_named = columns >= _NAMED_FROM
    parts: list[TextPart] = [_INTRODUCTION]
    labels = {id: " ".join(key_label(key) for key in keys) for id, keys in key_map.items()}
    widest = max(len(label) for label in labels.values())
    for group in sorted(ActionGroup, key=lambda one: one is not first):
        parts.append((f"\n{group.value}\n", "bold underline"))
        actions = [action for action in ALL_ACTIONS if action.group is group]
        titles = {action.id: action.title.rstrip("…") for action in actions}
        room = max(_TITLES, *map(len, titles.values())) if columns >= _WIDE else _TITLES
        for id, title in titles.items():
            parts.append((f"  {labels[id] or '(no key)':<{widest}}", "bold $text-accent"))
            parts.append(f"  {title:<{room}} ")
            parts.append((f"{id if is_named else ''}\n", "$text-muted"))
    parts += _marks()
    parts.append(("\nReasons\n", "bold underline"))
    for verdict, reasons in REASONS.items():
        for reason in reasons:
            parts.append((f"  {verdict.value:<9} {reason.value:<16}", "bold"))
            parts.append((f"{REASON_MEANINGS[reason]}\n", "$text-muted"))
    parts.append(f"\n{_NAMES[is_named]}`xreview-tui doctor` shows where that file is.")
    return Content.assemble(*parts)


def _marks() -> Iterator[TextPart]:
    severities = {
        f"{severity_sign(one)} {severity_sign(one, is_open=False)}": f"{one.word}: open, decided"
        for one in sorted(Severity, reverse=True)
    }
    groups = {group.value: group.meaning for group in Group}
    for title, marks in (
        ("Marks in the list and beside the code", severities | LIST_MARKS),
        ("Marks in the code", CODE_MARKS),
        ("Marks in the header", HEADER_MARKS),
        ("Marks in the file tree", TREE_MARKS),
        ("Marks of the pieces of attempts", PIECE_MARKS),
        ("Groups of the list", groups),
        ("Attention", {one.word: MEANINGS[one] for one in reversed(AttentionLevel)}),
    ):
        yield (f"\n{title}\n", "bold underline")
        widest = max(map(len, marks))
        for mark, meaning in marks.items():
            yield (f"  {mark:<{widest}}", "bold $text-accent")
            yield f"  {meaning}\n"


async def open_help(app: "XReviewApp") -> None:
    """Show the help page."""
    from xreview.tui.screens.attempts_panes import AttemptPanes
    from xreview.tui.screens.fix_panes import FixPanes
    from xreview.tui.screens.pull_panes import PullPanes

    groups = {
        FixPanes: ActionGroup.FIX,
        PullPanes: ActionGroup.PULL,
        AttemptPanes: ActionGroup.ATTEMPTS,
    }
    first = next((group for kind, group in groups.items() if isinstance(app.screen, kind)), None)
    await app.push_screen(PageScreen("Help", help_content(app.key_map, app.size.width, first)))
