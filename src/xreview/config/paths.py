"""Where this program keeps its files, by the rules of the platform.

`XREVIEW_CONFIG_DIR` and `XREVIEW_DATA_DIR` move the folders; with the second, cache and state go
below it, so that one variable keeps a test or a demonstration away from a person's files.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from xreview.domain.errors import UsageError

CONFIG_DIR = "XREVIEW_CONFIG_DIR"
DATA_DIR = "XREVIEW_DATA_DIR"
CONFIG_FILE = "config.toml"
REPOSITORY_FILE = ".xreview.toml"
_PROGRAM = "xreview"


@dataclass(frozen=True, slots=True)
class Folders:
    """The four folders, absolute; none of them need exist."""

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
        """Where the user's own themes are."""
        return self.config / "themes"

    @property
    def journal(self) -> Path:
        """The decision log."""
        return self.data / "journal.sqlite3"


def folders(environ: Mapping[str, str]) -> Folders:
    """The folders for this environment; an empty variable counts as not set.

    Raises UsageError where the platform's are needed and there is no home folder.
    """
    config, data = environ.get(CONFIG_DIR), environ.get(DATA_DIR)
    if data:
        own = Path(data).absolute()
        return Folders(
            Path(config).absolute() if config else _platform().config,
            own,
            own / "cache",
            own / "state",
        )
    platform = _platform()
    return Folders(
        Path(config).absolute() if config else platform.config,
        platform.data,
        platform.cache,
        platform.state,
    )


def _platform() -> Folders:
    from platformdirs import PlatformDirs

    dirs = PlatformDirs(_PROGRAM, appauthor=False)
    try:
        names = (
            dirs.user_config_dir,
            dirs.user_data_dir,
            dirs.user_cache_dir,
            dirs.user_state_dir,
        )
    except RuntimeError as error:
        raise _homeless() from error
    if not all(Path(name).is_absolute() for name in names):
        raise _homeless()
    return Folders(*map(Path, names))


def _homeless() -> UsageError:
    return UsageError(
        "There is no home folder: HOME is not set to one, and the system has no user of this "
        "number.",
        f"Set HOME, or {CONFIG_DIR} and {DATA_DIR}.",
    )


def repository_file(directory: Path, environ: Mapping[str, str]) -> Path | None:
    """The `.xreview.toml` of the working tree that holds `directory`; None outside of any.

    The file need not exist. The tree's top is where git would see it: `GIT_WORK_TREE`, the folder
    itself where only `GIT_DIR` is set, else the nearest folder with a `.git` in it; no process is
    started for it, since this comes before the first frame.
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
