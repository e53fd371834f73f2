"""The limits of reading without a clone."""

from collections.abc import AsyncGenerator, Sequence
from typing import Any

import pytest

from xreview.domain.change import FileDiff, FileStatus, Side, Unshown
from xreview.domain.errors import ChangeError
from xreview.domain.pull.address import ForgeHost, ForgeKind, PullAddress
from xreview.domain.pull.pull import ForgeAccount, Pull, PullSide, PullState
from xreview.ports.forge_failure import ForgeError, ForgeFailure
from xreview.review.pulls import distant
from xreview.review.pulls.calling import ForgeCalls
from xreview.review.pulls.distant import PullFiles
from xreview.review.pulls.pulling import listed_files

HOST = ForgeHost(ForgeKind.GITHUB, "https://github.com")
PULL = Pull(
    PullAddress(HOST, "acme/shop", 1), "", "", ForgeAccount("bob"), PullState.OPEN,
    is_draft=False, base=PullSide("main", "b" * 40, "acme/shop"),
    head=PullSide("topic", "h" * 40, ""), files=3,
)  # fmt: skip


class Library:
    """A forge that notes what it is asked for."""

    def __init__(self, *batches: Sequence[FileDiff], failure: ForgeError | None = None) -> None:
        self.asked: list[tuple[str, str, str]] = []
        self.batches = batches
        self.failure = failure

    async def content(self, project: str, commit: str, path: str, limit: int) -> bytes | None:
        self.asked.append((project, commit[:1], path))
        if self.failure is not None:
            raise self.failure
        return b"x" * 10 if limit >= 10 else None

    async def files(self, pull: Pull) -> AsyncGenerator[Sequence[FileDiff], None]:
        for batch in self.batches:
            yield batch

    async def close(self) -> None:
        """Nothing to close."""


def files_of(library: Any) -> PullFiles:
    return PullFiles(ForgeCalls(lambda: library), PULL)


def test_both_sides_are_asked_of_the_targets_project():
    library = Library()
    files = files_of(library)
    assert files.read(Side.NEW, "a", 100) == files.read(Side.OLD, "a", 100) == b"x" * 10
    assert library.asked == [("acme/shop", "h", "a"), ("acme/shop", "b", "a")]
    assert files.read(Side.NEW, "a", 5) is None
    assert len(library.asked) == 2
    files.close()


def test_after_so_many_files_nothing_more_is_asked(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(distant, "MOST_READS", 2)
    library = Library()
    files = files_of(library)
    assert [files.read(Side.NEW, path, 99) is None for path in "abca"] == [
        False, False, True, False,
    ]  # fmt: skip
    files.close()


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(distant, "_KEPT_BYTES", 15)
    library = Library()
    files = files_of(library)
    for path in "abab":
        files.read(Side.NEW, path, 99)
    assert [path for *_, path in library.asked] == ["a", "b", "b"]
    files.close()


@pytest.mark.parametrize(
    ("failure", "questions"), [(ForgeFailure.RATE, 1), (ForgeFailure.NOT_FOUND, 2)]
)
def test_a_failure_of_all_files_is_asked_about_once(failure: ForgeFailure, questions: int):
    library = Library(failure=ForgeError(failure, "No more.", "Wait."))
    files = files_of(library)
    for path in "ab":
        with pytest.raises(ChangeError, match="No more"):
            files.read(Side.NEW, path, 99)
    assert len(library.asked) == questions
    files.close()


def diff(path: str) -> FileDiff:
    return FileDiff(path, FileStatus.MODIFIED)


def test_each_file_comes_once_and_what_is_left_out_is_unread():
    library: Any = Library([diff("a"), diff("b")], [diff("b")], [])
    calls = ForgeCalls(lambda: library)
    unread: list[Unshown] = []
    listed = [[one.path for one in batch] for batch in listed_files(calls, PULL, unread)]
    calls.close()
    assert listed == [["a", "b"]]
    assert unread == [Unshown("", "github.com lists only 2 of 3 files")]
