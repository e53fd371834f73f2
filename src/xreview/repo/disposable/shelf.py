"""A folder with all fixes of this machine, or all attempts: which run, which are left over, and
removing them.

A running one holds a lock (flock(2)) that the system releases if its process is killed. Nothing
here follows a link.
"""

import fcntl
import os
import re
import stat
from pathlib import Path

from xreview.domain.errors import ChangeError
from xreview.domain.record import dataclass
from xreview.ports.json_value import text_in
from xreview.repo.disposable.below import look, remove_all
from xreview.repo.disposable.state_file import read_state, write_state
from xreview.repo.disposable.undo_record import UndoRecords

_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,99}")
_LABEL, _LOCK, _SETTLED = "fix.json", "lock", "settled"
_LOCK_FLAGS = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
_MADE = "snapshot.json"
MOST_STRIPPED = 20
"""Applied fixes whose records are kept to undo them: the bytes of the files they changed."""


@dataclass(frozen=True, slots=True)
class Wares:
    """What is on a shelf, for messages.

    Args:
        noun: what one of them is called. listing: the command that lists them.
    """

    noun: str
    listing: str


FIX_WARES = Wares("fix", "fix --list")
ATTEMPT_WARES = Wares("attempt", "attempt --list")


@dataclass(frozen=True, slots=True)
class ShelvedFix:
    """A fix on the shelf.

    Args:
        repository: its identity. started: UTC, ISO 8601. fixer: its name. title: one line about it.
            All are "" for a fix that was killed before it was described.
        is_running: whether a process works on it.
        has_unapplied_patch: whether its files may hold a patch that was neither applied nor
            discarded.
        has_applied: whether parts of it are in the user's files, which can be undone.
    """

    id: str
    repository: str = ""
    started: str = ""
    fixer: str = ""
    title: str = ""
    is_running: bool = False
    has_unapplied_patch: bool = False
    has_applied: bool = False

    @property
    def state(self) -> str:
        """In a few words: what can be done with it."""
        if self.is_running:
            return "running"
        if self.has_unapplied_patch:
            return "to apply or undo" if self.has_applied else "to apply"
        return "to undo" if self.has_applied else "over"


class FixShelf:
    """The folders of the fixes (or other `wares`), below `folder`; those that this process runs
    stay locked."""

    def __init__(self, folder: Path, wares: Wares = FIX_WARES) -> None:
        self._folder = folder
        self._wares = wares
        self._locks: dict[str, int] = {}

    def new(self, id: str) -> Path:
        """Make the folder of a new fix, private to the user and locked. Raises ChangeError."""
        place = self.place(id)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            place.mkdir(mode=0o700)
        except FileExistsError as error:
            raise ChangeError(
                f"The {self._wares.noun} {id} exists already.", "Start a new one."
            ) from error
        except OSError as error:
            raise _unwritable(place, error) from error
        self.lock(id)
        return place

    def describe(self, id: str, *, repository: str, started: str, fixer: str, title: str) -> None:
        """Write what `list` says about a fix. Raises ChangeError."""
        about = {"repository": repository, "started": started, "fixer": fixer, "title": title}
        write_state(self.place(id) / _LABEL, about)

    def settle(self, id: str) -> None:
        """Remember that nothing of a fix waits any more: applied, discarded, or empty."""
        write_state(self.place(id) / _SETTLED, {})

    def unsettle(self, id: str) -> None:
        """Remember that something of a fix waits again. Raises ChangeError."""
        place = self.place(id)
        try:
            (place / _SETTLED).unlink(missing_ok=True)
        except OSError as error:
            raise _unwritable(place, error) from error

    def end(self, id: str, is_settled: bool) -> None:
        """Let go of a fix; with nothing left to apply, only what undoes it stays.

        Raises ChangeError.
        """
        if not is_settled:
            self.release(id)
        elif self._read(self.place(id)).has_applied:
            self.strip(id)
        else:
            self.remove(id)

    def strip(self, id: str) -> None:
        """Remove the files of a fix that is applied, and let go of it; it can still be undone.

        Of such fixes the latest `MOST_STRIPPED` are kept. Raises ChangeError.
        """
        place = self.place(id)
        self.settle(id)
        for name in ("tree", "git"):
            try:
                remove_all(place, name)
            except FileNotFoundError:
                continue
            except OSError as error:
                raise ChangeError(
                    f"{place / name} can't be removed: {error.strerror}.", "Remove it yourself."
                ) from error
        self.release(id)
        stripped = [one for one in self.list() if self.is_stripped(one.id) and not one.is_running]
        for one in stripped[:-MOST_STRIPPED]:
            self.remove(one.id)

    def is_stripped(self, id: str) -> bool:
        """Whether the files of a fix are gone, so that it can only be undone."""
        place = self.place(id)
        return look(place, _MADE) is not None and look(place, "tree") is None

    def lock(self, id: str) -> None:
        """Hold a fix until `release` or the end of this process.

        Raises ChangeError if another process holds it.
        """
        if id in self._locks:
            return
        place = self.place(id)
        if not _is_folder(place):
            raise ChangeError(f"There is no {self._wares.noun} {id}.", self._see)
        try:
            lock = os.open(place / _LOCK, _LOCK_FLAGS, 0o600)
        except OSError as error:
            raise _unwritable(place, error) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(lock)
            raise ChangeError(
                f"The {self._wares.noun} {id} is in use by another xreview-tui.",
                "Close it there, or wait until it is over.",
            ) from error
        self._locks[id] = lock

    def release(self, id: str) -> None:
        """Let other processes have a fix; it's no longer running."""
        if (lock := self._locks.pop(id, None)) is not None:
            os.close(lock)

    def list(self) -> "list[ShelvedFix]":
        """All fixes, the oldest first; whatever else is in the folder isn't listed."""
        try:
            names = [entry.name for entry in self._folder.iterdir()]
        except FileNotFoundError:
            return []
        places = (self._folder / name for name in names if _NAME.fullmatch(name))
        found = [self._read(place) for place in places if _is_folder(place)]
        return sorted(found, key=lambda one: (one.started, one.id))

    def remove(self, id: str) -> None:
        """Delete a fix with its files; links are deleted, not followed.

        Raises ChangeError if another process runs it, or the disk fails.
        """
        place = self.place(id)
        if _is_folder(place):
            self.lock(id)
        try:
            remove_all(self._folder, id)
        except FileNotFoundError:
            return
        except OSError as error:
            raise ChangeError(
                f"{place} can't be removed: {error.strerror}.", "Remove it yourself."
            ) from error
        finally:
            self.release(id)

    def place(self, id: str) -> Path:
        """The folder of a fix. Raises ChangeError for what can't be the name of one."""
        if not _NAME.fullmatch(id):
            noun = self._wares.noun
            article = "an" if noun[0] in "aeiou" else "a"
            raise ChangeError(f"{id} isn't the name of {article} {noun}.", self._see)
        return self._folder / id

    @property
    def _see(self) -> str:
        return f"List them with `{self._wares.listing}`."

    def _read(self, place: Path) -> ShelvedFix:
        about = read_state(place / _LABEL) or {}
        is_settled = os.path.lexists(place / _SETTLED)
        return ShelvedFix(
            place.name,
            *(text_in(about, key) for key in ("repository", "started", "fixer", "title")),
            is_running=place.name in self._locks or _is_locked(place),
            has_unapplied_patch=not is_settled and look(place, _MADE) is not None,
            has_applied=UndoRecords(place).has_applied,
        )


def _is_folder(place: Path) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(place).st_mode)
    except OSError:
        return False


def _is_locked(place: Path) -> bool:
    """Whether a process holds the lock; none exists if it was killed before it made it."""
    try:
        lock = os.open(place / _LOCK, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    else:
        return False
    finally:
        os.close(lock)


def _unwritable(place: Path, error: OSError) -> ChangeError:
    return ChangeError(f"{place} can't be written: {error.strerror}.", "Check the state folder.")
