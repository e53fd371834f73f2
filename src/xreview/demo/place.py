"""Where a demonstration takes place: a folder with the sample service and a journal of its own.

Nothing outside of that folder is written, and it is removed in the end, whatever ends the program,
unless the person wants to keep it.
"""

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from xreview.config.paths import Folders
from xreview.demo.repository import make_repository
from xreview.demo.sample import sample_commits
from xreview.domain.errors import UsageError

_ENDING = (signal.SIGTERM, signal.SIGHUP)
_ELSEWHERE = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
    "GIT_CEILING_DIRECTORIES",
)
"""Variables that would lead git to the person's own repository, as inside of one of its hooks."""


@dataclass(frozen=True, slots=True)
class DemoPlace:
    """The folder of one demonstration, and what is in it."""

    folder: Path

    @property
    def repository(self) -> Path:
        """The sample service."""
        return self.folder / "harbour-payments"

    def folders(self, config: Path) -> Folders:
        """Where the program keeps its files meanwhile: only `config` is the person's own, and is
        only read."""
        own = self.folder / "xreview"
        return Folders(config, own, own / "cache", own / "state")


@contextmanager
def demonstration(keep: Path | None = None) -> Generator[DemoPlace]:
    """Make the place, and remove it in the end.

    Args:
        keep: a folder that is used instead of a temporary one, and stays.

    Raises UsageError where `keep` holds something already or can't be written, ChangeError where
    git fails.
    """
    for name in _ELSEWHERE:
        os.environ.pop(name, None)
    before = {number: signal.signal(number, _leave) for number in _ENDING}
    folder = _kept(keep) if keep else Path(tempfile.mkdtemp(prefix="xreview-demo-"))
    try:
        place = DemoPlace(folder)
        make_repository(place.repository, sample_commits())
        yield place
    finally:
        for number in _ENDING:
            signal.signal(number, signal.SIG_IGN)  # once more would leave half of it behind
        if keep is None:
            shutil.rmtree(folder)
        for number, handler in before.items():
            signal.signal(number, handler)


def _leave(number: int, frame: FrameType | None) -> None:
    # Raised where the program is just then, so that everything on the way out is cleaned up.
    sys.exit(128 + number)


def _kept(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_empty = not any(folder.iterdir())
    except OSError as error:
        raise UsageError(
            f"--keep: {folder} can't be used ({error.strerror}).", "Name a folder to be made."
        ) from error
    if not is_empty:
        raise UsageError(f"--keep: {folder} holds something already.", "Name an empty folder.")
    return folder.absolute()
