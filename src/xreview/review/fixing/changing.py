"""A disposable tree while something changes it: hiding before, and putting back afterwards."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager

from xreview.repo.disposable.tree import DisposableTree


@asynccontextmanager
async def changing(
    tree: DisposableTree, is_hidden: Callable[[str], bool] | None
) -> AsyncGenerator[None]:
    """Let something change the tree's files meanwhile.

    Args:
        is_hidden: what an agent must not see; None for a writer that only gets what is sent to it.

    Afterwards hidden files are back, and what no patch would show is gone. Raises ChangeError.
    """
    known = await asyncio.to_thread(tree.ignored)
    try:
        if is_hidden is not None:
            await asyncio.to_thread(tree.hide, is_hidden)
        yield
    finally:
        await asyncio.shield(asyncio.to_thread(_put_back, tree, known))


def _put_back(tree: DisposableTree, known: Mapping[str, tuple[int, ...]]) -> None:
    tree.restore()
    tree.drop_unseen(known)
