"""The copy that an agent may read: nothing in it that agents obey, and no way out of it."""

import asyncio
from pathlib import Path

import pytest

from xreview.agents.base.agent import ReadableFolder, instruction_names
from xreview.agents.running.scratch import Scratch


@pytest.fixture
def scratch():
    made = Scratch.make()
    yield made
    made.delete()
    assert not made.top.exists()


def copied(scratch: Scratch, fill) -> list[str]:
    async def copy_to(folder: Path) -> None:
        fill(folder)

    asyncio.run(scratch.copy(ReadableFolder(Path("/project"), copy_to)))
    return sorted(str(path.relative_to(scratch.work)) for path in scratch.work.rglob("*"))


def test_what_agents_obey_is_left_out_at_any_depth(scratch):
    def fill(folder: Path) -> None:
        for place in ("", "src", "src/deep"):
            (folder / place).mkdir(exist_ok=True)
            (folder / place / "x.py").write_text("x = 1\n")
            for name in instruction_names():
                (folder / place / name.upper()).write_text("obey")
        (folder / "src" / ".Gemini" / "inner").mkdir(parents=True)
        (folder / "src" / ".Gemini" / "inner" / "settings.json").write_text("obey")

    assert copied(scratch, fill) == ["src", "src/deep", "src/deep/x.py", "src/x.py", "x.py"]


def test_links_are_left_out(scratch, tmp_path):
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key").write_text("a secret")

    def fill(folder: Path) -> None:
        (folder / "x.py").write_text("x = 1\n")
        (folder / "file").symlink_to(secret / "key")
        (folder / "folder").symlink_to(secret)
        (folder / "nowhere").symlink_to("nothing")

    assert copied(scratch, fill) == ["x.py"]
    assert (secret / "key").read_text() == "a secret"


def test_the_copy_is_read_only_and_the_folder_private(scratch):
    def fill(folder: Path) -> None:
        (folder / "run").write_text("#!/bin/sh\n")
        (folder / "run").chmod(0o755)

    copied(scratch, fill)
    assert (scratch.work / "run").stat().st_mode & 0o777 == 0o400
    assert scratch.top.stat().st_mode & 0o077 == 0


def test_nothing_is_copied_where_nothing_may_be_read(scratch):
    asyncio.run(scratch.copy(ReadableFolder(Path("/project"))))
    assert list(scratch.work.iterdir()) == []
