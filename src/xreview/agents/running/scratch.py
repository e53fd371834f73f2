"""A temporary folder for one run of an agent."""

import os
import shutil
import stat
import tempfile
from pathlib import Path

from xreview.agents.base.agent import ReadableFolder, instruction_names
from xreview.ports.failure import Failure, ModelError


class Scratch:
    """The folder, readable only by this user. Create it with `make`, and `delete` it.

    Attributes:
        top: the folder itself, with the agent's options but no keys.
        temporary: for the agent's temporary files.
        work: the working directory: empty, or the copy of the readable files.
    """

    def __init__(self, top: Path) -> None:
        self.top = top
        self.temporary = top / "tmp"
        self.work = top / "work"

    @classmethod
    def make(cls) -> "Scratch":
        """Create a folder. Raises ModelError if the disk refuses."""
        try:
            scratch = cls(Path(tempfile.mkdtemp(prefix="xreview-agent-")).resolve())
            scratch.temporary.mkdir()
            scratch.work.mkdir()
        except OSError as error:
            raise ModelError(
                Failure.CONNECTION,
                f"Can't create a temporary folder ({error.strerror}).",
                "Free some space, or set TMPDIR to a writable folder.",
            ) from error
        return scratch

    def write(self, name: str, text: str) -> Path:
        """Write a file of options and return its path."""
        path = self.top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    async def copy(self, readable: ReadableFolder) -> None:
        """Fill `work` with readable files that no agent obeys. Raises ReviewerError."""
        if readable.copy_to is not None:
            await readable.copy_to(self.work)
            _make_harmless(self.work)

    def delete(self) -> None:
        """Delete it with its contents."""
        shutil.rmtree(self.top, ignore_errors=True)


def _make_harmless(top: Path) -> None:
    """Remove links and what agents obey, and make the rest read-only."""
    obeyed = instruction_names()
    for folder, folders, files in os.walk(top):
        for name in [*folders, *files]:
            path = Path(folder, name)
            mode = path.lstat().st_mode
            if name.lower() in obeyed or stat.S_ISLNK(mode):
                _remove(path, mode)
            elif stat.S_ISREG(mode):
                path.chmod(0o400)
        folders[:] = [name for name in folders if Path(folder, name).is_dir()]


def _remove(path: Path, mode: int) -> None:
    if stat.S_ISDIR(mode):
        shutil.rmtree(path)
    else:
        path.unlink()
