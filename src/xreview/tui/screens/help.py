"""The help page, built from the actions and the current key map."""

from typing import TYPE_CHECKING

from textual.content import Content

from xreview.domain.decision import REASON_MEANINGS, REASONS
from xreview.tui.actions import ACTIONS, ActionGroup
from xreview.tui.dialogs.dialog import PageScreen
from xreview.tui.keys import KeyMap, key_label

if TYPE_CHECKING:
    from xreview.tui.app import XReviewApp

_INTRODUCTION = (
    "The list shows what the reviewers found, next to the code, the review, and the disagreement. "
    "Accept, reject, or escalate each finding. Every decision is saved to the journal before the "
    "screen shows it; press u to undo.\n"
)


def help_content(key_map: KeyMap) -> Content:
    """Return every action with its keys, by group, then the reasons for decisions."""
    parts: list[str | tuple[str, str]] = [_INTRODUCTION]
    labels = {id: " ".join(key_label(key) for key in keys) for id, keys in key_map.items()}
    widest = max(len(label) for label in labels.values())
    for group in ActionGroup:
        parts.append((f"\n{group.value}\n", "bold underline"))
        for action in ACTIONS:
            if action.group is group:
                parts.append(
                    (f"  {labels[action.id] or '(no key)':<{widest}}", "bold $text-accent")
                )
                parts.append(f"  {action.title.rstrip('…'):<28}")
                parts.append((f"{action.id}\n", "$text-muted"))
    parts.append(("\nReasons\n", "bold underline"))
    for verdict, reasons in REASONS.items():
        for reason in reasons:
            parts.append((f"  {verdict.value:<9} {reason.value:<16}", "bold"))
            parts.append((f"{REASON_MEANINGS[reason]}\n", "$text-muted"))
    parts.append(
        "\nTo change keys, use the names on the right in the [keys] table of the configuration; "
        "`xreview-tui doctor` shows where that file is."
    )
    return Content.assemble(*parts)


async def open_help(app: "XReviewApp") -> None:
    """Show the help page."""
    await app.push_screen(PageScreen("Help", help_content(app.key_map)))
