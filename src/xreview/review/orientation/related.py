"""What is related to a change and isn't in it: usual companions, and calls that no longer fit."""

import asyncio
from collections.abc import Sequence

from xreview.domain.errors import ChangeError
from xreview.domain.orientation import RelatedCode
from xreview.repo.past_commits import PastCommit
from xreview.repo.repository import Repository
from xreview.review.orientation.callers import untouched_callers
from xreview.review.orientation.co_change import co_changes
from xreview.review.session.whole_change import WholeChange


async def related_to(
    change: WholeChange, repository: Repository, commits: Sequence[PastCommit]
) -> RelatedCode:
    """Return what is related to a change, from `commits` before it and from the code after it.

    Raises ChangeError where git fails or no worker can be started.
    """
    tree = change.tree()
    assert tree is not None
    try:
        files = await asyncio.to_thread(lambda: frozenset(tree.files))
        paths = {path for file in change.files for path in (file.path, file.old_path) if path}
        companions = await asyncio.to_thread(co_changes, paths, commits, files)
        callers = await untouched_callers(change, tree)
    except OSError as error:
        raise ChangeError(
            f"The calls of changed functions can't be read: {error.strerror}.",
            "Run `xreview-tui doctor` to check the analysers.",
        ) from error
    finally:
        tree.close()
    return RelatedCode(companions, callers)
