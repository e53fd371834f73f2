"""What a take is, on disk before the first of the user's files changes.

With it, one that a kill broke off can be completed, and recorded as what it is.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from xreview.domain.attempt.piece import PieceRef
from xreview.domain.errors import ChangeError
from xreview.domain.record import dataclass
from xreview.ports.json_value import text_in
from xreview.repo.disposable.state_file import read_state, write_state

_FILE = "take.json"
_FOLDER = "taken"


@dataclass(frozen=True, slots=True)
class TakeNote:
    """What is taken, and why.

    Args:
        choice: of a graft. label: of a whole attempt; "" for a graft.
        reason: in the user's words. is_green: as in `AttemptTaken`.
    """

    choice: Mapping[PieceRef, str]
    label: str
    reason: str
    is_green: bool | None


def take_folder(trial: Path, tree: str) -> Path:
    """The folder below a trial's for what is taken as this git tree."""
    return trial / _FOLDER / tree


def take_folders(trial: Path) -> tuple[Path, ...]:
    """All such folders of a trial."""
    try:
        return tuple(sorted(one for one in (trial / _FOLDER).iterdir() if one.is_dir()))
    except FileNotFoundError:
        return ()


def write_note(folder: Path, note: TakeNote) -> None:
    """Write a note; it's on disk when this returns. Raises ChangeError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ChangeError(
            f"{folder} can't be made: {error.strerror}.", "Check that there is space on the disk."
        ) from error
    rows = [[os.fsencode(ref.path).hex(), ref.number, label] for ref, label in note.choice.items()]
    state = {"choice": rows, "label": note.label, "reason": note.reason, "green": note.is_green}
    write_state(folder / _FILE, state)


def read_note(folder: Path) -> TakeNote | None:
    """Read a note; None if there is none that can be read."""
    state = read_state(folder / _FILE)
    if state is None:
        return None
    rows = cast("list[tuple[str, int, str]]", state.get("choice", []))
    try:
        choice = {
            PieceRef(os.fsdecode(bytes.fromhex(path)), number): label
            for path, number, label in rows
        }
    except (TypeError, ValueError):
        return None
    green = state.get("green")
    is_green = green if isinstance(green, bool) else None
    return TakeNote(choice, text_in(state, "label"), text_in(state, "reason"), is_green)
