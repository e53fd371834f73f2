"""The temporary folder of a demonstration; nothing outside it is written."""

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from xreview.config.paths import Folders
from xreview.demo.repository import make_repository
from xreview.demo.sample import sample_commits
from xreview.domain.errors import UsageError
from xreview.domain.record import dataclass

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
"""Variables, set for example in a hook, that would lead git to the user's own repository."""


@dataclass(frozen=True, slots=True)
class DemoPlace:
    """The folder of one demonstration."""

    folder: Path

    @property
    def repository(self) -> Path:
        """The sample service's repository."""
        return self.folder / "harbour-payments"

    def folders(self, config: Path) -> Folders:
        """The program's folders; `config` is the user's own and only read."""
        own = self.folder / "xreview"
        return Folders(config, own, own / "cache", own / "state")


@contextmanager
def demonstration(keep: Path | None = None) -> Generator[DemoPlace]:
    """Make a temporary folder and remove it at the end, or use `keep` and leave it.

    Raises UsageError if `keep` isn't empty or can't be written, ChangeError if git fails.
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
            signal.signal(number, signal.SIG_IGN)  # a second one would interrupt the removal
        if keep is None:
            shutil.rmtree(folder)
        for number, handler in before.items():
            signal.signal(number, handler)


def _leave(number: int, frame: FrameType | None) -> None:
    # Raises wherever the program is, so that everything on the way out is cleaned up.
    sys.exit(128 + number)


def _kept(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_empty = not any(folder.iterdir())
    except OSError as error:
        raise UsageError(
            f"--keep: {folder} can't be used ({error.strerror}).", "Name a new folder."
        ) from error
    if not is_empty:
        raise UsageError(f"--keep: {folder} isn't empty.", "Name an empty folder.")
    return folder.absolute()
