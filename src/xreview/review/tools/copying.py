"""A copy of what a model may read, for agents that obey the files of the folder they run in."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from xreview.agents.reading import INSTRUCTIONS
from xreview.domain.errors import ChangeError, ReviewerError
from xreview.repo.filling import EmptyFolder, RefusedPathError
from xreview.repo.tree import RepositoryTree
from xreview.review.egress.gate import Gate
from xreview.review.egress.secret_files import is_readable
from xreview.review.egress.secrets import without_lines

MOST_FILES = 5_000
MOST_BYTES = 50 * 1024 * 1024
_BINARY_PROBE = 8_000


async def copy_readable(
    tree: RepositoryTree,
    ignores: Callable[[str], bool],
    folder: Path,
    gate: Gate | None = None,
) -> None:
    """Fill an empty folder with the readable text files, secrets withheld, as far as bounds go.

    What agents take for instructions or settings is left out, and so is what the tree itself puts
    outside of the folder or in another file's place (`RepositoryTree.refused`). Raises
    ReviewerError where the disk or git refuses.
    """
    await asyncio.to_thread(_copy, tree, ignores, folder, gate or Gate())


def _copy(tree: RepositoryTree, ignores: Callable[[str], bool], folder: Path, gate: Gate) -> None:
    left = MOST_BYTES
    try:
        with EmptyFolder(folder) as copy:
            for path in tree.files[:MOST_FILES]:
                raw = _harmless(tree, ignores, path, gate)
                if raw is None:
                    continue
                left -= len(raw)
                if left < 0:
                    return
                # Where case is folded, or an index was written by hand, two may have one name.
                with suppress(RefusedPathError):
                    copy.write(path, raw)
    except (OSError, ChangeError) as error:
        raise ReviewerError(
            f"The files that an agent may read could not be copied: {error}",
            "Make room in the folder for temporary files.",
        ) from error


def _harmless(
    tree: RepositoryTree, ignores: Callable[[str], bool], path: str, gate: Gate
) -> bytes | None:
    """What an agent gets to see of a file; None for nothing."""
    parts = path.lower().split("/")
    if not INSTRUCTIONS.isdisjoint(parts) or not is_readable(path, ignores):
        return None
    content = tree.read(path)
    if content is None or b"\0" in content[:_BINARY_PROBE]:
        return None
    text = content.decode("utf-8", "surrogateescape")
    text = without_lines(text, gate.file(text, path).lines)
    return text.encode("utf-8", "surrogateescape")
