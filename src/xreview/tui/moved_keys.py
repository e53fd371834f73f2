"""The notices about default keys that moved, each shown once to a user who knows the old ones."""

from pathlib import Path

from xreview.config.remembered import Remembered
from xreview.tui.keys import KeyMap, key_label

NOTICE = "keys moved: note, next finding, other fix"
NOTICE_OF_ATTEMPTS = "keys moved: last"

_MOVED = {
    NOTICE: {
        "finding.note": "writes a note",
        "finding.next": "goes to the next finding",
        "finding.accept-because": "accepts with another fix",
    },
    NOTICE_OF_ATTEMPTS: {
        "cursor.last": "goes to the last row",
        "attempts.open": "opens attempts",
    },
}
"""The actions whose keys moved, by the name of the notice among `Arranged.told`."""


def moved_keys_notice(remembered: Remembered, key_map: KeyMap, journal: Path) -> str:
    """Return what wasn't told yet, else "". Without a journal there is nothing to unlearn."""
    told = remembered.arranged.told
    new = [name for name in _MOVED if name not in told]
    if not new:
        return ""
    remembered.remember(told=(*told, *new))
    if not journal.exists():
        return ""
    moved = {id: does for name in new for id, does in _MOVED[name].items()}
    now = [f"{key_label(key_map[id][0])} {does}" for id, does in moved.items() if key_map[id]]
    return f"Some keys moved: {', '.join(now)}. Press ? for all keys." if now else ""
