"""The diff that GitHub lists: what it leaves out is said to be unread."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.forge.played import GITHUB, PlayedForge, said
from xreview.domain.change import FileDiff, FileStatus
from xreview.domain.pull.address import PullAddress
from xreview.domain.pull.pull import ForgeAccount, Pull, PullSide, PullState
from xreview.forge.github.forge import GitHubForge

SIDE = PullSide("main", "a" * 40, "o/r")
PULL = Pull(
    PullAddress(GITHUB, "o/r", 1),
    "",
    "",
    ForgeAccount("ada"),
    PullState.OPEN,
    is_draft=False,
    base=SIDE,
    head=SIDE,
)
EMPTY = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"


def entry(**changed: Any) -> dict[str, Any]:
    return {"filename": "a.py", "status": "modified", "sha": "b" * 40, "changes": 0, **changed}


async def files_of(*entries: Any) -> list[FileDiff]:
    played = PlayedForge()
    played.on("/repos/o/r/pulls/1/files", said(list(entries)))
    forge = GitHubForge(GITHUB, None, transport=played.transport)
    return [file async for batch in forge.files(PULL) for file in batch]


async def test_a_patch_is_the_body_of_the_diff():
    (file,) = await files_of(entry(patch="@@ -1 +1 @@\n-a\n+é", changes=2))
    assert file.body == "@@ -1 +1 @@\n-a\n+é\n".encode()
    assert [line.text for hunk in file.hunks for line in hunk.lines] == ["a", "é"]
    assert (file.unread, file.new_blob) == ("", "b" * 40)


async def test_a_large_file_is_unread():
    (file,) = await files_of(entry(changes=5_000))
    assert file.unread == "GitHub leaves out the diff, of 5,000 changed lines"
    assert file.unread_lines == 5_000
    assert not file.binary


async def test_a_diff_that_is_cut_off_is_unread():
    (file,) = await files_of(entry(patch="@@ -1 +1,9 @@\n-a\n+b", changes=10))
    assert file.unread == "GitHub cuts the diff off, 8 changed lines short"
    assert file.unread_lines == 8


@pytest.mark.parametrize(
    ("changed", "is_binary"),
    [
        ({}, True),
        ({"status": "added"}, True),
        ({"status": "removed"}, True),
        ({"status": "added", "sha": EMPTY}, False),
        ({"status": "renamed", "previous_filename": "b.py"}, False),
        ({"status": "changed"}, False),
    ],
)
async def test_a_file_without_changed_lines_is_binary_empty_or_moved(changed, is_binary):
    (file,) = await files_of(entry(**changed))
    assert (file.binary, file.unread) == (is_binary, "")


async def test_a_removed_file_has_an_old_side_only():
    (file,) = await files_of(entry(status="removed", patch="@@ -1 +0,0 @@\n-a", changes=1))
    assert (file.status, file.old_blob, file.new_blob) == (FileStatus.DELETED, "b" * 40, "")


ODD = st.none() | st.integers() | st.text(max_size=8) | st.lists(st.text(max_size=3), max_size=2)


@given(st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(entry(patch=""), ODD)) | ODD))
async def test_no_list_is_too_odd(entries):
    for file in await files_of(*entries):
        assert file.path
        list(file.hunks)
