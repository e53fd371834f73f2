"""The program's folders, according to the platform.

`XREVIEW_CONFIG_DIR` and `XREVIEW_DATA_DIR` move them; the second also moves cache and state below
it, so that one variable isolates a test or demo from the user's files.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from xreview.domain.errors import UsageError
from xreview.domain.record import dataclass, replace

CONFIG_DIR = "XREVIEW_CONFIG_DIR"
DATA_DIR = "XREVIEW_DATA_DIR"
CONFIG_FILE = "config.toml"
REPOSITORY_FILE = ".xreview.toml"
_PROGRAM = "xreview"
_XDG = (
    ("XDG_CONFIG_HOME", ".config"),
    ("XDG_DATA_HOME", ".local/share"),
    ("XDG_CACHE_HOME", ".cache"),
    ("XDG_STATE_HOME", ".local/state"),
)


@dataclass(frozen=True, slots=True)
class Folders:
    """The four absolute folders, which need not exist."""

    config: Path
    data: Path
    cache: Path
    state: Path

    @property
    def config_file(self) -> Path:
        """The user's configuration."""
        return self.config / CONFIG_FILE

    @property
    def themes(self) -> Path:
        """The folder with the user's own themes."""
        return self.config / "themes"

    @property
    def prompts(self) -> Path:
        """The folder with the user's own prompts."""
        return self.config / "prompts"

    @property
    def journal(self) -> Path:
        """The decision log."""
        return self.data / "journal.sqlite3"


def folders(environ: Mapping[str, str]) -> Folders:
    """Return the folders; empty variables count as unset.

    Raises UsageError if the platform's folders are needed but there is no home folder.
    """
    config, data = environ.get(CONFIG_DIR), environ.get(DATA_DIR)
    own = Path(data).absolute() if data else None
    if own and config:
        return Folders(Path(config).absolute(), own, own / "cache", own / "state")
    found = _platform()
    if own:
        return Folders(found.config, own, own / "cache", own / "state")
    return replace(found, config=Path(config).absolute()) if config else found


def _platform() -> Folders:
    home = os.environ.get("HOME", "")
    if sys.platform == "linux" and home.startswith("/"):
        return _on_linux(home.rstrip("/"))
    from platformdirs import PlatformDirs

    dirs = PlatformDirs(_PROGRAM, appauthor=False)
    try:
        names = (dirs.user_config_dir, dirs.user_data_dir, dirs.user_cache_dir, dirs.user_state_dir)
    except RuntimeError as error:
        raise _homeless() from error
    if not all(Path(name).is_absolute() for name in names):
        raise _homeless()
    return Folders(*map(Path, names))


def _on_linux(home: str) -> Folders:
    """As `platformdirs`, whose import takes a tenth of the time to the first frame."""
    given = ((os.environ.get(variable, ""), usual) for variable, usual in _XDG)
    places = (name if name.startswith("/") else f"{home}/{usual}" for name, usual in given)
    return Folders(*(Path(place, _PROGRAM) for place in places))


def _homeless() -> UsageError:
    return UsageError(
        "No home folder found: HOME isn't set, and the system doesn't know this user id.",
        f"Set HOME, or {CONFIG_DIR} and {DATA_DIR}.",
    )


def repository_file(directory: Path, environ: Mapping[str, str]) -> Path | None:
    """Return the path of the `.xreview.toml` for the worktree around `directory`, if there is one.

    The file need not exist. As in git, the worktree's top is `GIT_WORK_TREE`, the folder itself if
    only `GIT_DIR` is set, else the nearest folder with a `.git`. Starts no process, since this runs
    before the first frame.
    """
    start = directory.absolute()
    if tree := environ.get("GIT_WORK_TREE"):
        return start / tree / REPOSITORY_FILE
    if environ.get("GIT_DIR"):
        return start / REPOSITORY_FILE
    for folder in (start, *start.parents):
        if (folder / ".git").exists():
            return folder / REPOSITORY_FILE
    return None
