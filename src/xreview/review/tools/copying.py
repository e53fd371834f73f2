"""A copy of what a model may read, for agents that obey the files of the folder they run in."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from xreview.domain.errors import ChangeError, ReviewerError
from xreview.repo.tree import RepositoryTree
from xreview.review.egress.gate import Gate
from xreview.review.egress.secrets import without_lines
from xreview.review.tools.readable import is_readable
from xreview.reviewers.agents.reading import INSTRUCTIONS

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

    What agents take for instructions or settings is left out. Raises ReviewerError where the disk
    or git refuses.
    """
    await asyncio.to_thread(_copy, tree, ignores, folder, gate or Gate())


def _copy(tree: RepositoryTree, ignores: Callable[[str], bool], folder: Path, gate: Gate) -> None:
    left = MOST_BYTES
    try:
        for path in tree.files[:MOST_FILES]:
            parts = path.lower().split("/")
            if not INSTRUCTIONS.isdisjoint(parts) or not is_readable(path, ignores):
                continue
            content = tree.read(path)
            if content is None or b"\0" in content[:_BINARY_PROBE]:
                continue
            text = content.decode("utf-8", "surrogateescape")
            text = without_lines(text, gate.file(text, path).lines)
            raw = text.encode("utf-8", "surrogateescape")
            left -= len(raw)
            if left < 0:
                return
            target = folder / os.fsdecode(os.fsencode(path))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(raw)
    except (OSError, ChangeError) as error:
        raise ReviewerError(
            f"The files that an agent may read could not be copied: {error}",
            "Make room in the folder for temporary files.",
        ) from error
