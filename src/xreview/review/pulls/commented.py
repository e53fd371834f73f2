"""Files as they were when somebody commented on them: from git, else from the forge."""

import asyncio
import re

from xreview.domain.change import BIG_FILE_BYTES
from xreview.domain.errors import ChangeError
from xreview.ports.forge import Forge
from xreview.ports.forge_failure import ForgeError
from xreview.repo.repository import Repository

MOST_KEPT = 64
"""Files that are kept: threads come file by file."""
MOST_ASKED = 200
"""Files that the forge is asked for, whose hourly limit other questions need too."""

_COMMIT = re.compile(r"[0-9a-f]{40,64}")
_Key = tuple[str, str]


class CommentedFiles:
    """Reads files at commented commits. Close it.

    Args:
        project: where the pull request is. repository: its clone; None for none.
    """

    def __init__(self, forge: Forge, project: str, repository: Repository | None) -> None:
        self._forge = forge
        self._project = project
        self._repository = repository
        self._objects = repository.objects if repository is not None else None
        self._kept: dict[_Key, asyncio.Task[bytes | None]] = {}
        self._asked = 0

    async def read(self, commit: str, path: str) -> bytes | None:
        """Return a file's content at a commit; None if it isn't available."""
        if not _COMMIT.fullmatch(commit):
            return None
        reading = self._kept.get((commit, path))
        if reading is None:
            while len(self._kept) >= MOST_KEPT:
                self._kept.pop(next(iter(self._kept)))
            reading = asyncio.create_task(self._read(commit, path))
            self._kept[commit, path] = reading
        return await asyncio.shield(reading)

    async def close(self) -> None:
        """Stop reading, and end git."""
        readings = [one for one in self._kept.values() if one.cancel()]
        await asyncio.gather(*readings, return_exceptions=True)
        self._kept.clear()
        if self._objects is not None:
            await asyncio.to_thread(self._objects.close)

    async def _read(self, commit: str, path: str) -> bytes | None:
        try:
            content = await asyncio.to_thread(self._from_git, commit, path)
        except ChangeError:
            content = None
        if content is not None or self._asked >= MOST_ASKED:
            return content
        self._asked += 1
        try:
            return await self._forge.content(self._project, commit, path, BIG_FILE_BYTES)
        except ForgeError:
            return None

    def _from_git(self, commit: str, path: str) -> bytes | None:
        if self._repository is None or self._objects is None:
            return None
        listing = self._repository.start("ls-tree", "-z", "--full-tree", commit, "--", path)
        # `<mode> blob <id>` TAB path
        fields = listing.finish().output.partition(b"\t")[0].decode("ascii", "replace").split(" ")
        if len(fields) != 3 or fields[1] != "blob":
            return None
        return self._objects.read(fields[2], "blob", BIG_FILE_BYTES)
