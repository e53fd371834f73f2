"""What a terminal's window shows besides the screen: its title, and a notification.

The sequences are xterm's (https://invisible-island.net/xterm/ctlseqs/ctlseqs.html): OSC 2 with BEL,
which every terminal ends it with, and the title stack of CSI t. OSC 9 is iTerm2's, OSC 777 urxvt's;
a terminal ignores those it doesn't know.
"""

from xreview.config.schema import Notify
from xreview.domain.text import shorten, visible

SAVE_TITLE = "\x1b[22;2t"
RESTORE_TITLE = "\x1b]2;\x07\x1b[23;2t"
"""Clears the title first, for terminals that can't restore it."""

_LONGEST = 120
_BELL = "\x07"


def title_sequence(title: str) -> str:
    """Return what sets the window's title."""
    return f"\x1b]2;{_safe(title)}\x07"


def notify_sequence(how: Notify, sentence: str) -> str:
    """Return what notifies the user of a sentence; "" if nothing should."""
    match how:
        case Notify.OFF:
            return ""
        case Notify.BELL:
            return _BELL
        case Notify.OSC9:
            return f"\x1b]9;{_safe(sentence)}\x07"
        case Notify.OSC777:
            return f"\x1b]777;notify;xreview;{_safe(sentence).replace(';', ',')}\x07"


def _safe(text: str) -> str:
    return shorten(visible(text), _LONGEST)
