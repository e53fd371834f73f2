"""A stop in the middle of hiding or putting back never leaves two at work on one tree."""

import asyncio
import threading

import pytest

from xreview.review.fixing.changing import changing


class SlowTree:
    """A tree whose step of that name takes until the test goes on."""

    def __init__(self, slow: str) -> None:
        self.slow = slow
        self.began, self.goes_on = threading.Event(), threading.Event()
        self.done: list[str] = []

    def _step(self, name: str) -> None:
        if name == self.slow:
            self.began.set()
            self.goes_on.wait(10)
        self.done.append(name)

    def ignored(self):
        self._step("ignored")
        return {}

    def hide(self, is_hidden):
        self._step("hide")

    def restore(self):
        self._step("restore")

    def drop_unseen(self, known):
        self._step("drop_unseen")


@pytest.mark.parametrize("slow", ["hide", "restore"])
async def test_a_stop_waits_until_the_tree_is_as_before(slow):
    tree = SlowTree(slow)

    async def change():
        async with changing(tree, lambda path: True):
            pass

    changed = asyncio.create_task(change())
    await asyncio.to_thread(tree.began.wait, 10)
    changed.cancel()
    await asyncio.sleep(0.05)
    assert not changed.done()
    tree.goes_on.set()
    with pytest.raises(asyncio.CancelledError):
        await changed
    assert tree.done == ["ignored", "hide", "restore", "drop_unseen"]
