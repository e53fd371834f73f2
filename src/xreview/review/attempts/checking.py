"""Running the user's checks on an attempt, or on the base that all start from."""

from collections.abc import AsyncGenerator, Sequence

from xreview.domain.fixing.check_run import CheckRun
from xreview.ports.model import Doing
from xreview.repo.disposable.tree import DisposableTree
from xreview.review.fixing.checks import CheckRunner
from xreview.review.writing.unbroken import unbroken


async def run_checks(
    runner: CheckRunner, checks: Sequence[str], tree: DisposableTree, state: str
) -> AsyncGenerator[Doing | CheckRun, None]:
    """Run commands, each with the tree's files as in the git tree `state`; so they are afterwards.

    What a check builds and git ignores stays, as in the user's checkout. Raises ChangeError.
    """
    try:
        for command in checks:
            await unbroken(tree.put, state)
            yield Doing(f"running {command}")
            yield await runner.run(command, tree.top)
    finally:
        if checks:
            await unbroken(tree.put, state)
