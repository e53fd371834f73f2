"""Every action of the app: its stable id, default keys and help. Ids are public, keys are settings.

The footer, the help screen, the command palette and the key map are all made from this list.
`method` names the `action_…` method: of the triage screen, or of the app (`app.…`).
"""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from xreview.domain.errors import ConfigError


class ActionGroup(StrEnum):
    """The sections of the help screen, in its order."""

    MOVE = "Move"
    DECIDE = "Decide"
    FIND = "Find"
    VIEW = "View"
    HAND_ON = "Hand on"
    PROGRAM = "Program"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a key can do. `in_footer` is its place there, 0 for not shown."""

    id: str
    method: str
    keys: tuple[str, ...]
    title: str
    group: ActionGroup
    in_footer: int = 0


ACTIONS: tuple[Action, ...] = (
    Action("cursor.down", "cursor_down", ("j", "down"), "next", ActionGroup.MOVE, 1),
    Action("cursor.up", "cursor_up", ("k", "up"), "previous", ActionGroup.MOVE, 2),
    Action("cursor.page-down", "page_down", ("pagedown", "space"), "page down", ActionGroup.MOVE),
    Action("cursor.page-up", "page_up", ("pageup",), "page up", ActionGroup.MOVE),
    Action("cursor.first", "first", ("home", "g"), "first", ActionGroup.MOVE),
    Action("cursor.last", "last", ("end", "G"), "last", ActionGroup.MOVE),
    Action("scroll.left", "scroll_left", ("left", "h"), "scroll left", ActionGroup.MOVE),
    Action("scroll.right", "scroll_right", ("right", "l"), "scroll right", ActionGroup.MOVE),
    Action("code.go", "go_to_code", ("enter",), "go to the code", ActionGroup.MOVE, 9),
    Action(
        "hunk.previous",
        "hunk_previous",
        ("left_square_bracket",),
        "previous hunk",
        ActionGroup.MOVE,
    ),
    Action("hunk.next", "hunk_next", ("right_square_bracket",), "next hunk", ActionGroup.MOVE),
    Action(
        "file.previous", "file_previous", ("left_curly_bracket",), "previous file", ActionGroup.MOVE
    ),
    Action("file.next", "file_next", ("right_curly_bracket",), "next file", ActionGroup.MOVE),
    Action("file.tree", "file_tree", ("T",), "file tree", ActionGroup.MOVE),
    Action("finding.accept", "accept", ("a",), "accept", ActionGroup.DECIDE, 3),
    Action(
        "finding.accept-because",
        "accept_because",
        ("c",),
        "accept, to fix differently…",
        ActionGroup.DECIDE,
    ),
    Action("finding.reject", "reject", ("r",), "reject…", ActionGroup.DECIDE, 4),
    Action("finding.escalate", "escalate", ("e",), "escalate…", ActionGroup.DECIDE, 5),
    Action("finding.rebut", "app.rebut", ("b",), "ask the author's model", ActionGroup.DECIDE),
    Action(
        "finding.confirm",
        "confirm",
        ("C",),
        "accept what nobody doubts…",
        ActionGroup.DECIDE,
    ),
    Action("decision.undo", "undo", ("u",), "undo", ActionGroup.DECIDE, 6),
    Action("decision.redo", "redo", ("U",), "redo", ActionGroup.DECIDE, 7),
    Action("proposal.take", "take_up", ("p",), "decide as proposed", ActionGroup.DECIDE),
    Action("finding.note", "note", ("n",), "note…", ActionGroup.DECIDE, 8),
    Action("finding.select", "select", ("x",), "select", ActionGroup.DECIDE),
    Action(
        "selection.accept",
        "accept_selection",
        ("A",),
        "accept the selection",
        ActionGroup.DECIDE,
        3,
    ),
    Action(
        "selection.reject",
        "reject_selection",
        ("R",),
        "reject the selection…",
        ActionGroup.DECIDE,
        4,
    ),
    Action(
        "selection.clear", "clear_selection", ("escape",), "clear the selection", ActionGroup.DECIDE
    ),
    Action("find.search", "search", ("slash",), "search…", ActionGroup.FIND, 11),
    Action("find.next", "search_next", ("full_stop",), "next match", ActionGroup.FIND),
    Action("find.previous", "search_previous", ("comma",), "previous match", ActionGroup.FIND),
    Action("find.filter", "filter", ("f",), "filter…", ActionGroup.FIND, 12),
    Action("find.sort", "sort", ("s",), "sort…", ActionGroup.FIND, 13),
    Action("pane.next", "pane_next", ("tab",), "next pane", ActionGroup.VIEW, 10),
    Action("pane.previous", "pane_previous", ("shift+tab",), "previous pane", ActionGroup.VIEW),
    Action("pane.findings", "pane_findings", ("1",), "findings", ActionGroup.VIEW),
    Action("pane.code", "pane_code", ("2",), "code", ActionGroup.VIEW),
    Action("pane.review", "pane_review", ("3",), "review", ActionGroup.VIEW),
    Action("pane.zoom", "zoom", ("z",), "zoom the pane", ActionGroup.VIEW, 14),
    Action(
        "code.side-by-side", "side_by_side", ("v",), "unified or side by side", ActionGroup.VIEW
    ),
    Action("view.scorecard", "app.scorecard", ("S",), "scorecard", ActionGroup.VIEW),
    Action("view.details", "app.details", ("d",), "coverage and cost", ActionGroup.VIEW),
    Action("view.theme", "app.theme", ("t",), "theme…", ActionGroup.VIEW),
    Action("code.edit", "edit", ("o",), "open in the editor", ActionGroup.HAND_ON),
    Action("finding.copy", "copy", ("y",), "copy as a fix prompt", ActionGroup.HAND_ON),
    Action("accepted.copy", "app.copy_accepted", ("Y",), "copy all accepted", ActionGroup.HAND_ON),
    Action("review.export", "app.export", ("E",), "export…", ActionGroup.HAND_ON, 16),
    Action("review.again", "app.review_again", ("F",), "review again", ActionGroup.HAND_ON),
    Action("review.stop", "app.stop_review", ("ctrl+x",), "stop the review", ActionGroup.HAND_ON),
    Action("app.help", "app.help", ("question_mark",), "help", ActionGroup.PROGRAM, 17),
    Action("app.palette", "app.palette", ("ctrl+p",), "command palette", ActionGroup.PROGRAM),
    Action("app.quit", "app.quit_now", ("q",), "quit", ActionGroup.PROGRAM, 18),
)

ACTIONS_BY_ID: dict[str, Action] = {action.id: action for action in ACTIONS}

_SYMBOLS = {
    "/": "slash", "?": "question_mark", ".": "full_stop", ",": "comma", "[": "left_square_bracket",
    "]": "right_square_bracket", "{": "left_curly_bracket", "}": "right_curly_bracket",
    ";": "semicolon", ":": "colon", "'": "apostrophe", '"': "quotation_mark", "`": "grave_accent",
    "-": "minus", "_": "underscore", "+": "plus", "=": "equals_sign", "*": "asterisk",
    "!": "exclamation_mark", "@": "at", "#": "number_sign", "$": "dollar_sign",
    "%": "percent_sign", "^": "circumflex_accent", "&": "ampersand", "(": "left_parenthesis",
    ")": "right_parenthesis", "<": "less_than_sign", ">": "greater_than_sign",
    "|": "vertical_line", "\\": "backslash", "~": "tilde", " ": "space",
}  # fmt: skip
_DISPLAY = {name: symbol for symbol, name in _SYMBOLS.items()} | {
    "space": "Space", "enter": "Enter", "escape": "Esc", "tab": "Tab", "shift+tab": "Shift+Tab",
    "up": "↑", "down": "↓", "left": "←", "right": "→", "pageup": "PgUp", "pagedown": "PgDn",
    "home": "Home", "end": "End", "backspace": "Backspace", "delete": "Delete",
    "insert": "Insert",
}  # fmt: skip
_NAMED = frozenset(_SYMBOLS.values()) | frozenset(_DISPLAY) | {f"f{n}" for n in range(1, 25)}
_WITH_MODIFIER = re.compile(r"^(?:(?:ctrl|shift|alt)\+)+(?P<key>.+)$")
_TAKEN_BY_MULTIPLEXERS = ("ctrl+a", "ctrl+b", "ctrl+j", "ctrl+s")
_NEEDED = ("app.quit", "app.help")

KeyMap = Mapping[str, tuple[str, ...]]


def key_label(key: str) -> str:
    """A key as a person reads it: `ctrl+p` → `Ctrl+P`, `slash` → `/`."""
    if key in _DISPLAY:
        return _DISPLAY[key]
    *modifiers, last = key.split("+")
    if modifiers:
        return "+".join(
            [*(part.capitalize() for part in modifiers), _DISPLAY.get(last, last.upper())]
        )
    return key.upper() if re.fullmatch(r"f\d+", key) else key


def _canonical(key: str) -> str | None:
    """The name Textual gives a key, or None where no key is called so."""
    stripped = key.strip() or key
    if len(stripped) == 1:
        return stripped if stripped.isalnum() else _SYMBOLS.get(stripped)
    lowered = stripped.lower()
    if lowered in _NAMED:
        return lowered
    if match := _WITH_MODIFIER.match(lowered):
        last = _canonical(match["key"])
        return lowered[: match.start("key")] + last if last else None
    return None


def resolve_key_map(overrides: Mapping[str, Sequence[str]]) -> KeyMap:
    """The keys of every action after the user's changes.

    Raises ConfigError, naming every problem: an unknown action (with the nearest one), a name that
    is no key, one key for two actions, a key that terminal multiplexers own, or no way to quit.
    """
    problems: list[str] = []
    keys = {action.id: action.keys for action in ACTIONS}
    for id, wanted in overrides.items():
        if id not in keys:
            nearest = difflib.get_close_matches(id, keys, n=1, cutoff=0.4)
            hint = f"; did you mean {nearest[0]!r}?" if nearest else ""
            problems.append(f"there is no action {id!r}{hint}")
            continue
        named = [_canonical(key) for key in wanted]
        problems += [
            f"{key!r} for {id} is not the name of a key"
            for key, name in zip(wanted, named, strict=True)
            if name is None
        ]
        keys[id] = tuple(name for name in named if name is not None)
    owners: dict[str, str] = {}
    for id, bound in keys.items():
        for key in bound:
            if key in owners:
                problems.append(f"{key_label(key)!r} is given to both {owners[key]} and {id}")
            if key in _TAKEN_BY_MULTIPLEXERS:
                problems.append(f"{key_label(key)} for {id} never arrives under tmux or screen")
            owners[key] = id
    problems += [f"{id} has no key left" for id in _NEEDED if not keys[id]]
    if problems:
        raise ConfigError(
            "The [keys] table of the configuration can't be used: " + "; ".join(problems) + ".",
            "Keys are written like 'a', 'A', 'ctrl+e', 'f5', 'space', '/'. `?` in the app lists "
            "the actions.",
        )
    return keys
