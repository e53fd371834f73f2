"""From a request to the states that are compared.

Every function here starts what git must be asked at once and waits afterwards: a start costs two
to four milliseconds, and the change should be on the screen as soon as the app is.
"""

from collections.abc import Sequence
from contextlib import ExitStack

from xreview.domain.errors import ChangeError, UsageError
from xreview.repo.change import comparison
from xreview.repo.change.comparison import Comparison
from xreview.repo.change.request import ChangeRequest
from xreview.repo.change.revisions import Commit, Lookup, MergeBase
from xreview.repo.circumstances import branch_name
from xreview.repo.hardened.stale_variables import stale_advice
from xreview.repo.repository import Repository, Search

_USUAL_BRANCHES = ("main", "master", "trunk")
_HEAD = "HEAD"


def select_staged(request: ChangeRequest) -> tuple[Repository, Comparison]:
    """The index against HEAD."""
    repository, commits, _ = _ask(request, (_HEAD,))
    if repository.top is None:
        raise ChangeError(
            "A bare repository has no index, so nothing is staged in it.",
            "Give --commit, --range or --base.",
        )
    return repository, comparison.with_index(repository, head_of(repository, commits))


def select_commit(request: ChangeRequest, revision: str) -> tuple[Repository, Comparison]:
    """One commit against its first parent."""
    repository, commits, _ = _ask(request, (revision,))
    return repository, comparison.of_commit(repository, _commit(commits, revision, "--commit"))


def select_range(request: ChangeRequest, text: str) -> tuple[Repository, Comparison]:
    """`A..B` or `A...B`; a side left out is HEAD."""
    dots = "..." if "..." in text else ".."
    one, found, other = text.partition(dots)
    if not found:
        raise UsageError(
            f"--range {text} is no range.", "Write A..B, or A...B to begin at their merge base."
        )
    one, other = one or _HEAD, other or _HEAD
    bases = (one, other) if dots == "..." else None
    repository, commits, base = _ask(request, (one, other), bases)
    old, new = _commit(commits, one, "--range"), _commit(commits, other, "--range")
    if bases and base is None:
        raise _no_merge_base(repository, one, other)
    title = f"{one}{dots}{other}"
    return repository, comparison.of_range(repository, title, base or old.id, new)


def select_base(request: ChangeRequest, revision: str) -> tuple[Repository, Comparison]:
    """The worktree (HEAD in a bare repository) against the merge base of a revision and HEAD."""
    repository, commits, base = _ask(request, (revision, _HEAD), (revision, _HEAD))
    head = head_of(repository, commits)
    if head is None:
        raise ChangeError(
            "There is no commit yet, so there is nothing to compare with.",
            "Leave --base out to see the worktree.",
        )
    _commit(commits, revision, "--base")
    if base is None:
        raise _no_merge_base(repository, revision, _HEAD)
    if repository.top is None:
        return repository, comparison.of_branch(repository, revision, base, head)
    return repository, comparison.of_worktree_since(repository, revision, base)


def find_head(request: ChangeRequest) -> tuple[Repository, Commit | None, dict[str, Commit]]:
    """The repository, its HEAD (None before the first commit), and branches that exist in it.

    The branches are those that may be the default one, by the name people call them.
    """
    candidates = _candidates(_USUAL_BRANCHES)
    repository, commits, _ = _ask(request, (_HEAD, *candidates.values()))
    head = head_of(repository, commits)
    configured = repository.settings.last("init.defaultbranch")
    if configured and configured not in _USUAL_BRANCHES and "\n" not in configured:
        candidates = _candidates((configured, *_USUAL_BRANCHES))
        commits = commits | Lookup(repository, tuple(candidates.values())).finish()
    named = {name: commits.get(reference) for name, reference in candidates.items()}
    return repository, head, {name: commit for name, commit in named.items() if commit}


def select_committed(
    repository: Repository, head: Commit, branches: dict[str, Commit]
) -> Comparison:
    """What was committed last: on this branch since the default one, else in the last commit."""
    for name, tip in branches.items():
        base = MergeBase(repository, tip.id, head.id).finish()
        if base and base != head.id:
            return comparison.of_branch(repository, name, base, head)
        break
    return comparison.of_commit(repository, head, "last commit")


def head_of(repository: Repository, commits: dict[str, Commit | None]) -> Commit | None:
    """The commit of HEAD, None before the first; ChangeError where it is named and not there."""
    head = commits[_HEAD]
    if head is None:
        named = repository.start("rev-parse", "--verify", "--quiet", _HEAD).finish()
        if named.code == 0:
            raise ChangeError(
                "HEAD names a commit that is not in this repository: it is damaged.",
                stale_advice(repository.environment) or "Run `git fsck`, or clone it anew.",
            )
        _refuse_broken(repository)
    return head


def _refuse_broken(repository: Repository) -> None:
    """Refuse a branch that is there and can't be read: it is not one before its first commit."""
    branch = branch_name(repository)
    listed = repository.start("for-each-ref", f"refs/heads/{branch}").finish()
    if branch and "broken ref" in listed.said:
        raise ChangeError(
            f"The branch {branch} is damaged or can't be read: its reference names no commit.",
            "Check the permissions below .git/refs. `git fsck --lost-found` finds its commits.",
        )


def _candidates(branches: Sequence[str]) -> dict[str, str]:
    """The name and full reference of what may be the default branch, the likeliest first."""
    candidates = {"origin/HEAD": "refs/remotes/origin/HEAD"}
    for branch in branches:
        candidates[f"origin/{branch}"] = f"refs/remotes/origin/{branch}"
        candidates[branch] = f"refs/heads/{branch}"
    return candidates


def _ask(
    request: ChangeRequest, revisions: Sequence[str], ancestors: tuple[str, str] | None = None
) -> tuple[Repository, dict[str, Commit | None], str | None]:
    """Find the repository, look revisions up and find a merge base, all at the same time."""
    with ExitStack() as started:
        search = Search(request.cwd)
        started.callback(search.close)
        lookup = Lookup(search, revisions)
        started.callback(lookup.close)
        merge_base = MergeBase(search, *ancestors) if ancestors else None
        if merge_base:
            started.callback(merge_base.close)
        repository = search.finish()
        commits = lookup.finish()
        return repository, commits, merge_base.finish() if merge_base else None


def _commit(commits: dict[str, Commit | None], revision: str, option: str) -> Commit:
    commit = commits[revision]
    if commit is None:
        raise ChangeError(
            f"{option}: no commit here is called {revision}.",
            "See `git log --all --oneline` and `git branch --all` for those that are.",
        )
    return commit


def _no_merge_base(repository: Repository, one: str, other: str) -> ChangeError:
    if repository.is_shallow:
        return ChangeError(
            f"No common ancestor of {one} and {other} is in this shallow clone.",
            "Run `git fetch --unshallow`, or compare the two directly with --range A..B.",
        )
    return ChangeError(
        f"{one} and {other} have no common ancestor.",
        "Compare the two directly with --range A..B.",
    )
