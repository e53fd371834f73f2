"""What the app remembers between runs: how the user arranged the screen. Never a decision."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from xreview.domain.record import dataclass, replace

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
        import json

        self.arranged = replace(self.arranged, **changes)
        draft = self._path.with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(json.dumps(_to_json(self.arranged)), encoding="utf-8")
            draft.replace(self._path)

    def _read(self) -> Arranged:
        try:
            with self._path.open("rb") as file:
                content = file.read(_LARGEST)
            import json  # most first frames need none

            return _from_json(json.loads(content))
        except (OSError, ValueError, KeyError, RecursionError):
            return Arranged()


# The codec of the journal would do both, and take longer than all else here.
def _to_json(arranged: Arranged) -> dict[str, object]:
    splits = [{"size": one.size, "name": one.name, "share": one.share} for one in arranged.splits]
    return {
        "splits": splits,
        "wraps": arranged.wraps,
        "theme": arranged.theme,
        "theme_over": arranged.theme_over,
        "told": list(arranged.told),
    }


def _from_json(found: Any) -> Arranged:
    """Raises ValueError or KeyError for another form."""
    table = {**_to_json(Arranged()), **_of(dict, found)}
    splits = (_of(dict, one) for one in _of(list, table["splits"]))
    return Arranged(
        tuple(
            Split(_of(str, one["size"]), _of(str, one["name"]), _of(int, one["share"]))
            for one in splits
        ),
        None if table["wraps"] is None else _of(bool, table["wraps"]),
        _of(str, table["theme"]),
        _of(str, table["theme_over"]),
        tuple(_of(str, one) for one in _of(list, table["told"])),
    )


def _of(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise ValueError
    return value
