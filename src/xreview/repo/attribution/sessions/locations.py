"""The worktree's names in agents' transcripts, and the folders those are kept in."""

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from xreview.domain.record import dataclass
from xreview.repo.attribution.sessions.transcript import SearchBounds


@dataclass(frozen=True)
class SessionLocations:
    """The worktree, the environment that says where tools keep their files, and the bounds.

    Args:
        worktree: its top folder, absolute.
        environ: the user's environment variables; `os.environ` isn't read.
    """

    worktree: Path
    environ: Mapping[str, str]
    bounds: SearchBounds

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The top folder's absolute paths: as given, resolved, and as the user's shell has it."""
        given = os.path.normpath(self.worktree)
        found = {given: None, os.path.realpath(given): None}
        shell = Path(self.environ.get("PWD", ""))
        for folder in (shell, *shell.parents) if shell.is_absolute() else ():
            if _is_same(folder, given):
                found[os.path.normpath(folder)] = None
        return tuple(found)

    @property
    def top(self) -> str:
        """The top folder's path as given."""
        return self.names[0]

    @property
    def home(self) -> Path | None:
        """The user's home folder; None if the environment doesn't name one."""
        home = self.environ.get("HOME", "")
        return Path(home) if home.startswith("/") else None

    def folder(self, variable: str, *below_home: str) -> Path | None:
        """The folder a variable names, or a folder below the home folder."""
        named = self.environ.get(variable, "") if variable else ""
        if named:
            return self.worktree / named
        return self.home.joinpath(*below_home) if self.home else None

    def data_folder(self, name: str) -> Path | None:
        """A program's folder under the data folder of the XDG base directory specification."""
        data = self.folder("XDG_DATA_HOME", ".local", "share")
        return data / name if data else None

    def holds(self, folder: str) -> bool:
        """Whether an absolute path is the worktree or is in it, judged by the name alone."""
        return self.inside(folder, "") is not None

    def inside(self, path: str, folder: str) -> str | None:
        """An edit's path relative to the top folder, `/`-separated; None for a path outside.

        Only names are compared, so that a transcript can't make this program touch other files.

        Args:
            path: absolute, or relative to `folder`.
            folder: the agent's working folder, absolute; "" if unknown.
        """
        whole = os.path.normpath(os.path.join(folder, path))  # noqa: PTH118 - only a name
        if not whole.startswith("/") or "\0" in whole:
            return None
        for top in self.names:
            if whole == top:
                return ""
            if whole.startswith(top.rstrip("/") + "/"):
                return whole[len(top.rstrip("/")) + 1 :]
        return None


def _is_same(folder: Path, other: str) -> bool:
    try:
        return folder.samefile(other)
    except (OSError, ValueError):
        return False
