"""What is related to a change and isn't in it: usual companions, and calls that no longer fit."""

from xreview.domain.errors import ChangeError
from xreview.domain.related import RelatedCode
from xreview.domain.text import count_of
from xreview.repo.past_commits import past_commits
from xreview.review.related.callers import untouched_callers
from xreview.review.related.co_change import co_changes
from xreview.review.session.background import in_background
from xreview.review.session.whole_change import WholeChange

LEAST_COMMITS = 50
"""With fewer, it says nothing that files changed together."""

NO_HISTORY = "The change isn't in a repository with a history."


async def find_related(change: WholeChange) -> RelatedCode:
    """Return what is related to a change, from the history before it and the code after it.

    Raises ChangeError where git fails or no worker can be started.
    """
    repository, base = change.repository, change.commit_before
    if repository is None or base is None or (tree := change.tree()) is None:
        return RelatedCode(why_none=NO_HISTORY)
    try:
        commits = await in_background(past_commits, repository, base)
        files = await in_background(lambda: frozenset(tree.files))
        callers = await untouched_callers(change, tree)
    except OSError as error:
        raise ChangeError(
            f"The calls of changed functions can't be read: {error.strerror}.",
            "Run `xreview-tui doctor` to check the analysers.",
        ) from error
    finally:
        tree.close()
    if len(commits) < LEAST_COMMITS:
        before = count_of(len(commits), "commit")
        why = f"With {before} before it, nothing says which files usually change together."
        return RelatedCode(callers=callers, why_none=why)
    paths = {path for file in change.files for path in (file.path, file.old_path) if path}
    return RelatedCode(await in_background(co_changes, paths, commits, files), callers)
