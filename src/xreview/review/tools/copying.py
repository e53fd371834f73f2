"""Copying what a model may read, for agents that obey files in their working folder."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from xreview.domain.errors import ChangeError, ReviewerError
from xreview.repo.files.empty_folder import EmptyFolder, RefusedPathError
from xreview.repo.files.tree import RepositoryTree
from xreview.review.egress.gate import Gate
from xreview.review.egress.secret_files import is_readable
from xreview.review.egress.secrets import without_lines

MOST_FILES = 5_000
MOST_BYTES = 50 * 1024 * 1024
_BINARY_PROBE = 8_000


async def copy_readable(
    tree: RepositoryTree, ignores: Callable[[str], bool], folder: Path, gate: Gate | None = None
) -> None:
    """Fill an empty folder with the readable text files, without secrets, up to the limits.

    Files that agents take for instructions or settings are left out, and so are paths that lead
    out of the folder or collide (`RepositoryTree.refused`). Raises ReviewerError if the disk or
    git fails.
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
                # Two paths can collide if case is folded or the index was made by hand.
                with suppress(RefusedPathError):
                    copy.write(path, raw)
    except (OSError, ChangeError) as error:
        raise ReviewerError(
            f"The files for the agent can't be copied: {error}",
            "Free space in the folder for temporary files.",
        ) from error


def _harmless(
    tree: RepositoryTree, ignores: Callable[[str], bool], path: str, gate: Gate
) -> bytes | None:
    """The content that an agent may see; None for none."""
    from xreview.agents.base.agent import instruction_names

    parts = path.lower().split("/")
    if not instruction_names().isdisjoint(parts) or not is_readable(path, ignores):
        return None
    content = tree.read(path)
    if content is None or b"\0" in content[:_BINARY_PROBE]:
        return None
    text = content.decode("utf-8", "surrogateescape")
    text = without_lines(text, gate.file(text, path).lines)
    return text.encode("utf-8", "surrogateescape")
