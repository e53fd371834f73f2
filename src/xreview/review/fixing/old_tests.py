"""Running the tests as they were before the fix on the fixed code.

A patch that changes tests can't vouch for itself: whatever passed before must pass with the tests
from before, too.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence

from xreview.domain.change import FileDiff
from xreview.domain.fixing.check_run import CheckChange, CheckRun
from xreview.domain.fixing.guarded import is_check_settings
from xreview.domain.tests import is_test
from xreview.ports.model import Doing
from xreview.review.fixing.checks import CheckRunner
from xreview.review.fixing.fixed_tree import FixedTree, TakenPatch


def changed_tests(files: Iterable[FileDiff], about: Callable[[str], bool]) -> tuple[str, ...]:
    """The paths of tests and their settings that a patch changes, with the names from before.

    Those that an accepted finding is about are left out: they were to change.
    """
    paths = (path for file in files for path in (file.path, file.old_path or file.path))
    wanted = (path for path in paths if is_test(path) or is_check_settings(path))
    return tuple(dict.fromkeys(path for path in wanted if not about(path)))


async def run_old_tests(
    runner: CheckRunner,
    before: Sequence[CheckRun],
    tree: FixedTree,
    patch: TakenPatch,
    about: Callable[[str], bool],
) -> AsyncGenerator[Doing | CheckChange, None]:
    """Run the checks that ran before with the old tests; nothing if the patch changes no test.

    The tree is that of the patch again at the end. Raises ChangeError.
    """
    paths = changed_tests(patch.files, about)
    if not paths or not before:
        return
    await asyncio.to_thread(tree.put, tree.base, paths)
    try:
        for run in before:
            yield Doing(f"running {run.command} with the tests as they were")
            yield CheckChange(run, await runner.run(run.command, tree.top))
    finally:
        await asyncio.to_thread(tree.put, patch.tree, paths)
