"""The notice about default keys that moved, shown once to a user who knows the old ones."""

from pathlib import Path

from xreview.config.remembered import Remembered
from xreview.tui.keys import KeyMap, key_label

NOTICE = "keys moved: note, next finding, other fix"
"""Its name among `Arranged.told`."""

_MOVED = {
    "finding.note": "writes a note",
    "finding.next": "goes to the next finding",
    "finding.accept-because": "accepts with another fix",
}


def moved_keys_notice(remembered: Remembered, key_map: KeyMap, journal: Path) -> str:
    """Return the notice the first time, else "". Without a journal there is nothing to unlearn."""
    told = remembered.arranged.told
    if NOTICE in told:
        return ""
    remembered.remember(told=(*told, NOTICE))
    if not journal.exists():
        return ""
    now = [f"{key_label(key_map[id][0])} {does}" for id, does in _MOVED.items() if key_map[id]]
    return f"Some keys moved: {', '.join(now)}. Press ? for all keys." if now else ""
