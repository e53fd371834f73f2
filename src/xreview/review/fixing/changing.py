"""A disposable tree while something changes it: hiding before, and putting back afterwards."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager

from xreview.repo.disposable.tree import DisposableTree
from xreview.review.writing.unbroken import unbroken


@asynccontextmanager
async def changing(
    tree: DisposableTree, is_hidden: Callable[[str], bool] | None
) -> AsyncGenerator[None]:
    """Let something change the tree's files meanwhile.

    Args:
        is_hidden: what an agent must not see; None for a writer that only gets what is sent to it.

    Afterwards hidden files are back, and what no patch would show is gone. Raises ChangeError.
    """
    known = await unbroken(tree.ignored)
    try:
        if is_hidden is not None:
            await unbroken(tree.hide, is_hidden)
        yield
    finally:
        await unbroken(_put_back, tree, known)


def _put_back(tree: DisposableTree, known: Mapping[str, tuple[int, ...]]) -> None:
    tree.restore()
    tree.drop_unseen(known)
