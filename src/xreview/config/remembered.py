"""What the app remembers between runs: how the user arranged the screen. Never a decision."""

import json
import os
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from xreview.domain.events.codec import from_json, object_of, to_json

_FILE = "screen.json"
_LARGEST = 64 * 1024


@dataclass(frozen=True, slots=True)
class Split:
    """Where the border between two panes is: its share of the room, in percent.

    `size` is the class of the screen ("wide", "narrow", "single"), `name` says which border.
    """

    size: str
    name: str
    share: int


@dataclass(frozen=True, slots=True)
class Arranged:
    """The user's choices in the app.

    Args:
        wraps: whether long lines wrap; None for the default, which depends on the width.
        theme: the theme chosen in the app, "" for none. It holds while the configured one is still
            `theme_over`.
        told: names of one-time notices that were shown.
    """

    splits: tuple[Split, ...] = ()
    wraps: bool | None = None
    theme: str = ""
    theme_over: str = ""
    told: tuple[str, ...] = ()

    def theme_for(self, configured: str) -> str:
        """The theme to use where the settings name `configured`."""
        return self.theme if self.theme and self.theme_over == configured else configured


class Remembered:
    """The choices, in a small file of the state folder.

    A file that can't be read counts as empty, and one that can't be written is left alone: neither
    is worth interrupting a review.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / _FILE
        self.arranged = self._read()

    def remember(self, **changes: Any) -> None:
        """Change some of the choices (fields of `Arranged`), and write them; a few bytes."""
        self.arranged = replace(self.arranged, **changes)
        draft = self._path.with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(json.dumps(to_json(self.arranged)), encoding="utf-8")
            draft.replace(self._path)

    def _read(self) -> Arranged:
        try:
            with self._path.open("rb") as file:
                found = object_of(json.loads(file.read(_LARGEST)))
            return from_json(Arranged, {**to_json(Arranged()), **found})
        except (OSError, ValueError, KeyError, RecursionError):
            return Arranged()
