"""What an apply changes in the user's files, on disk before the first of them changes.

    applied/<id>/contents      the bytes of all files before and after, one after the other
    applied/<id>/record.json   which path had and gets which of them; written last
    applied/<id>/done          everything was written
    applied/<id>/reverted      everything was taken back

Each path is replaced in one step. So after a kill each is as before or as after, and the apply can
be finished or reverted.
"""

import re
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import cast

from xreview.domain.errors import ChangeError
from xreview.domain.record import dataclass, field
from xreview.ports.json_value import text_in
from xreview.repo.disposable.parts import FileState
from xreview.repo.disposable.state_file import (
    read_state,
    state_texts,
    write_state,
    write_synced,
)

_ID = re.compile(r"\d{4}-[0-9a-f]{8}")
_ADVICE = "Check that there is space on the disk."


@dataclass(frozen=True, slots=True)
class PathChange:
    """What happens to one path; `rights` are the permissions that the file had, None for none.

    `made` are the folders that didn't exist before.
    """

    path: str
    before: FileState | None
    after: FileState | None
    rights: int | None = None
    made: tuple[str, ...] = ()


@dataclass(frozen=True)
class UndoRecord:
    """One apply: its changes, and which hunks of which files it stands for.

    Args:
        top: the checkout that it changed; "" in a record of an earlier version.
        written: when, in nanoseconds since 1970, to tell which of several was the last.
    """

    id: str
    changes: tuple[PathChange, ...]
    hunks: Mapping[str, frozenset[int]] = field(default_factory=dict[str, frozenset[int]])
    is_done: bool = False
    is_reverted: bool = False
    top: str = ""
    written: int = 0

    @property
    def paths(self) -> tuple[str, ...]:
        """The files that it changes."""
        return tuple(one.path for one in self.changes)


class UndoRecords:
    """The applies of one fix, below `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "applied"

    def add(
        self, changes: Iterable[PathChange], hunks: Mapping[str, frozenset[int]], top: str = ""
    ) -> UndoRecord:
        """Write a record; it's on disk when this returns. Raises ChangeError."""
        taken = self._names()
        number = int(taken[-1][:4]) + 1 if taken else 1
        record = UndoRecord(f"{number:04d}-{secrets.token_hex(4)}", tuple(changes), hunks, top=top)
        contents = bytearray()
        rows = [_as_row(change, contents) for change in record.changes]
        place = self._folder / record.id
        try:
            place.mkdir(mode=0o700, parents=True)
            write_synced(place / "contents", bytes(contents))
        except OSError as error:
            raise ChangeError(f"{place} can't be written: {error.strerror}.", _ADVICE) from error
        numbers = {path: sorted(one) for path, one in hunks.items()}
        write_state(place / "record.json", {"changes": rows, "hunks": numbers, "top": top})
        return record

    def mark(self, id: str, word: str) -> None:
        """Remember that an apply is "done" or "reverted". Raises ChangeError."""
        try:
            write_synced(self._folder / id / word, b"")
        except OSError as error:
            place = self._folder / id
            raise ChangeError(f"{place} can't be written: {error.strerror}.", _ADVICE) from error

    def all(self) -> tuple[UndoRecord, ...]:
        """The applies that changed something or were about to, the oldest first."""
        return tuple(filter(None, map(self._read, self._names())))

    @property
    def has_applied(self) -> bool:
        """Whether anything is applied that can be undone; reads no contents."""
        places = (self._folder / name for name in self._names())
        return any(
            (one / "record.json").is_file() and not (one / "reverted").is_file() for one in places
        )

    def get(self, id: str) -> UndoRecord:
        """The apply with this id. Raises ChangeError for none."""
        found = self._read(id) if _ID.fullmatch(id) else None
        if found is None:
            raise ChangeError("What was applied isn't recorded any more.", "Undo it with git.")
        return found

    def _names(self) -> list[str]:
        try:
            return sorted(one.name for one in self._folder.iterdir() if _ID.fullmatch(one.name))
        except FileNotFoundError:
            return []

    def _read(self, id: str) -> UndoRecord | None:
        place = self._folder / id
        state = read_state(place / "record.json")
        if state is None:
            return None
        try:
            contents = (place / "contents").read_bytes()
            written = (place / "record.json").stat().st_mtime_ns
        except OSError:
            return None
        rows = cast("list[dict[str, object]]", state.get("changes", []))
        numbers = cast("dict[str, list[int]]", state.get("hunks", {}))
        return UndoRecord(
            id,
            tuple(_as_change(row, contents) for row in rows),
            {path: frozenset(one) for path, one in numbers.items()},
            (place / "done").is_file(),
            (place / "reverted").is_file(),
            text_in(state, "top"),
            written,
        )


def _as_row(change: PathChange, contents: bytearray) -> dict[str, object]:
    def stored(state: FileState | None) -> list[object] | None:
        if state is None:
            return None
        at = len(contents)
        contents.extend(state.content)
        return [state.mode, at, len(state.content)]

    return {
        "path": change.path,
        "before": stored(change.before),
        "after": stored(change.after),
        "rights": change.rights,
        "made": change.made,
    }


def _as_change(row: Mapping[str, object], contents: bytes) -> PathChange:
    def found(key: str) -> FileState | None:
        if row.get(key) is None:
            return None
        mode, at, length = cast("tuple[str, int, int]", row[key])
        return FileState(mode, contents[at : at + length])

    rights = row.get("rights")
    return PathChange(
        text_in(row, "path"),
        found("before"),
        found("after"),
        rights if isinstance(rights, int) else None,
        state_texts(row, "made"),
    )
