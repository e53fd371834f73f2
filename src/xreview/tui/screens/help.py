"""The help page, made from the actions and the keys as they are set now."""

from textual.content import Content

from xreview.domain.decision import REASON_MEANINGS, REASONS
from xreview.tui.actions import ACTIONS, ActionGroup, KeyMap, key_label

_INTRODUCTION = (
    "The list holds what the reviewers found; beside it are the code, what the reviewers say, and "
    "where they disagree. Decide about each finding: every decision is written to the journal "
    "before the screen shows it, and u takes it back.\n"
)


def help_content(key_map: KeyMap) -> Content:
    """Every action with its keys, by group, then the reasons of the decisions."""
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
        "\nKeys are set in the [keys] table of the configuration by the names on the right; "
        "`xreview-tui doctor` says where that file is."
    )
    return Content.assemble(*parts)
