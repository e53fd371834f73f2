"""A folder of its own for one run of an agent: its configuration, its temporary files, its copy."""

import os
import shutil
import stat
import tempfile
from pathlib import Path

from xreview.agents.reading import INSTRUCTIONS, ReadableFolder
from xreview.ports.failure import Failure, ModelError


class Scratch:
    """The folder, readable by this user only. Make it with `make`, and `delete` it.

    Attributes:
        top: the folder itself, where the agent's options go; nothing in it holds a key.
        temporary: for the agent's temporary files.
        work: an empty folder to run in, or the copy of what may be read.
    """

    def __init__(self, top: Path) -> None:
        self.top = top
        self.temporary = top / "tmp"
        self.work = top / "work"

    @classmethod
    def make(cls) -> "Scratch":
        """A new one. Raises ModelError where the disk does not take it."""
        try:
            scratch = cls(Path(tempfile.mkdtemp(prefix="xreview-agent-")).resolve())
            scratch.temporary.mkdir()
            scratch.work.mkdir()
        except OSError as error:
            raise ModelError(
                Failure.CONNECTION,
                f"No folder for temporary files can be made ({error.strerror}).",
                "Free some space, or set TMPDIR to a folder that you may write to.",
            ) from error
        return scratch

    def write(self, name: str, text: str) -> Path:
        """Write a file of options and return its path."""
        path = self.top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    async def copy(self, readable: ReadableFolder) -> None:
        """Fill `work` with what may be read, less what agents obey. Raises ReviewerError."""
        if readable.copy_to is not None:
            await readable.copy_to(self.work)
            _make_harmless(self.work)

    def delete(self) -> None:
        """Remove it with all that is in it."""
        shutil.rmtree(self.top, ignore_errors=True)


def _make_harmless(top: Path) -> None:
    """Remove links and what agents obey, and make the rest read-only."""
    for folder, folders, files in os.walk(top):
        for name in [*folders, *files]:
            path = Path(folder, name)
            mode = path.lstat().st_mode
            if name.lower() in INSTRUCTIONS or stat.S_ISLNK(mode):
                _remove(path, mode)
            elif stat.S_ISREG(mode):
                path.chmod(0o400)
        folders[:] = [name for name in folders if Path(folder, name).is_dir()]


def _remove(path: Path, mode: int) -> None:
    if stat.S_ISDIR(mode):
        shutil.rmtree(path)
    else:
        path.unlink()
