"""Keys typed while the app starts: they wait until the change is on the screen."""

from textual import events

HELD_SECONDS = 3.0
"""How long they wait at most."""


class HeldKeys:
    """Holds keys back, in order, until they are released once. Ctrl+C never waits."""

    def __init__(self) -> None:
        self._keys: list[events.Key] = []
        self.is_holding = True

    def hold(self, event: events.Event) -> bool:
        """Keep a key for later; return False for what is to act now."""
        if not self.is_holding or not isinstance(event, events.Key) or event.key == "ctrl+c":
            return False
        self._keys.append(event)
        return True

    def release(self) -> list[events.Key]:
        """Return the keys that waited, and hold back no more."""
        released, self._keys, self.is_holding = self._keys, [], False
        return released
