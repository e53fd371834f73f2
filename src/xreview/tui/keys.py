"""Names of keys, and the key map that the user's settings make of the default keys."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence

from xreview.domain.errors import ConfigError
from xreview.tui.actions import (
    ACTIONS,
    ACTIONS_BY_ID,
    ALL_ACTIONS,
    ATTEMPT_ACTIONS,
    ATTEMPT_SHARED_ACTIONS,
    FIX_ACTIONS,
    PULL_ACTIONS,
    PULL_SHARED_ACTIONS,
    SHARED_ACTIONS,
    Action,
    Need,
)

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
_EXCLUSIVE = {Need.SELECTION, Need.NO_SELECTION}
"""Actions with these two needs can share a key: only one of them can do something."""
_NEEDED = ("app.quit", "app.help", "fix.leave", "pull.leave", "attempts.leave")

KeyMap = Mapping[str, tuple[str, ...]]
"""The keys of every action, by its id."""


def key_label(key: str) -> str:
    """Return a key as it's shown: `ctrl+p` → `Ctrl+P`, `slash` → `/`."""
    if key in _DISPLAY:
        return _DISPLAY[key]
    *modifiers, last = key.split("+")
    if modifiers:
        return "+".join(
            [*(part.capitalize() for part in modifiers), _DISPLAY.get(last, last.upper())]
        )
    return key.upper() if re.fullmatch(r"f\d+", key) else key


def _canonical(key: str) -> str | None:
    """Return Textual's name for a key; None for an unknown key."""
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
    """Return the keys of every action after the user's changes.

    Raises ConfigError that names every problem: an unknown action (with the closest match), an
    unknown key, a key with two actions, a key that terminal multiplexers use, or no way to quit.
    """
    problems: list[str] = []
    keys = {action.id: action.keys for action in ALL_ACTIONS}
    for id, wanted in overrides.items():
        if id not in keys:
            nearest = difflib.get_close_matches(id, keys, n=1, cutoff=0.4)
            hint = f"; did you mean {nearest[0]!r}?" if nearest else ""
            problems.append(f"{id!r} isn't an action{hint}")
            continue
        named = [_canonical(key) for key in wanted]
        problems += [
            f"{key!r} for {id} isn't the name of a key"
            for key, name in zip(wanted, named, strict=True)
            if name is None
        ]
        keys[id] = tuple(name for name in named if name is not None)
    for screen in (ACTIONS, FIX_ACTIONS, PULL_ACTIONS, ATTEMPT_ACTIONS):
        problems += _collisions({action.id: keys[action.id] for action in screen})
    screens = {
        "fix": fix_screen_keys(keys),
        "pull request": pull_screen_keys(keys),
        "attempts": attempts_screen_keys(keys),
    }
    for name, left in screens.items():
        problems += [
            f"{id} has no key left on the {name} screen"
            for id in _NEEDED
            if keys[id] and id in left and not left[id]
        ]
    problems += [f"{id} has no key left" for id in _NEEDED if not keys[id]]
    if problems:
        raise ConfigError(
            "The [keys] table of the configuration is invalid: " + "; ".join(problems) + ".",
            "Write keys like 'a', 'A', 'ctrl+e', 'f5', 'space', '/'. Press ? in the app for the "
            "list of actions.",
        )
    return keys


def _collisions(keys: KeyMap) -> list[str]:
    """Return what is wrong with the keys of one screen."""
    problems: list[str] = []
    owners: dict[str, str] = {}
    for id, bound in keys.items():
        for key in bound:
            if key in owners and not _can_share(id, owners[key]):
                problems.append(f"{key_label(key)!r} is assigned to both {owners[key]} and {id}")
            if key in _TAKEN_BY_MULTIPLEXERS:
                problems.append(f"{key_label(key)} for {id} is taken by tmux or screen")
            owners[key] = id
    return problems


def _can_share(id: str, other: str) -> bool:
    return {ACTIONS_BY_ID[id].needs, ACTIONS_BY_ID[other].needs} == _EXCLUSIVE


def fix_screen_keys(keys: KeyMap) -> KeyMap:
    """Return the keys of the fix screen: those of its own actions, and what they leave to the
    shared ones."""
    return _screen_keys(keys, FIX_ACTIONS, SHARED_ACTIONS)


def pull_screen_keys(keys: KeyMap) -> KeyMap:
    """Return the keys of a pull request's screen, made in the same way."""
    return _screen_keys(keys, PULL_ACTIONS, PULL_SHARED_ACTIONS)


def attempts_screen_keys(keys: KeyMap) -> KeyMap:
    """Return the keys of the attempts screen, made in the same way."""
    return _screen_keys(keys, ATTEMPT_ACTIONS, ATTEMPT_SHARED_ACTIONS)


def _screen_keys(keys: KeyMap, actions: Iterable[Action], shared: Iterable[str]) -> KeyMap:
    own = {action.id: keys[action.id] for action in actions}
    taken = {key for bound in own.values() for key in bound}
    left = {id: tuple(key for key in keys[id] if key not in taken) for id in shared}
    return own | left
