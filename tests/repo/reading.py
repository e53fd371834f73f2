"""Collecting a change whole, for tests."""

from pathlib import Path

from xreview.domain.change import Change, Side
from xreview.repo.change.collecting import collect
from xreview.repo.change.request import ChangeRequest
from xreview.repo.files.contents import contents_of


def change_of(cwd: Path, **options) -> Change:
    collected = collect(ChangeRequest(cwd, **options))
    return Change(collected.source, tuple(file for batch in collected.batches for file in batch))


def paths_of(cwd: Path, **options) -> list[str]:
    return [file.path for file in change_of(cwd, **options).files]


async def contents(cwd: Path, **options) -> dict[str, tuple[bytes | None, bytes | None]]:
    """Both sides of every file, old first."""
    collected = collect(ChangeRequest(cwd, **options))
    reader = contents_of(collected)
    try:
        return {
            file.path: (await reader.read(file, Side.OLD), await reader.read(file, Side.NEW))
            for batch in collected.batches
            for file in batch
        }
    finally:
        reader.close()
