"""From a request to the two states that are compared: one function for each source of changes.

Each function starts every git query at once and waits afterwards: a start takes milliseconds.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from xreview.domain.change import ChangeKind, ChangeSource
from xreview.domain.errors import ChangeError, UsageError
from xreview.repo.change.comparison import Comparison
from xreview.repo.change.request import ChangeRequest
from xreview.repo.change.revisions import EMPTY_TREES, Commit, Lookup, MergeBase
from xreview.repo.hardened.stale_variables import stale_advice
from xreview.repo.repository import Repository, Search

Selected = tuple[Repository, Comparison]
_USUAL_BRANCHES = ("main", "master", "trunk")
_HEAD = "HEAD"
_OPERATIONS = (
    ("rebase-merge", "A rebase is in progress."),
    ("rebase-apply", "A rebase or `git am` is in progress."),
    ("MERGE_HEAD", "A merge is in progress."),
    ("CHERRY_PICK_HEAD", "A cherry-pick is in progress."),
    ("REVERT_HEAD", "A revert is in progress."),
    ("BISECT_LOG", "A bisect is in progress."),
)
_HIDES_UNTRACKED = ("no", "false", "off", "0")


def select_states(request: ChangeRequest) -> Selected | None:
    """The states that a request names; None if it names none, or a patch.

    Raises ChangeError or UsageError if the request can't be carried out here.
    """
    if request.staged:
        return _staged(request)
    if request.commit is not None:
        return _one_commit(request, request.commit)
    if request.range is not None:
        return _range(request, request.range)
    if request.base is not None:
        return _since_base(request, request.base)
    return None


def _staged(request: ChangeRequest) -> Selected:
    """The index against HEAD."""
    repository, commits, _ = _ask(request, (_HEAD,))
    if repository.top is None:
        raise ChangeError(
            "A bare repository has no index, so nothing is staged in it.",
            "Give --commit, --range or --base.",
        )
    head = _head_of(repository, commits)
    title = "staged against HEAD" if head else "staged, before the first commit"
    notices = tuple(_operations(repository.git_dir))
    source = _source(repository, ChangeKind.STAGED, title, head and head.id, notices=notices)
    return repository, Comparison(source, _tree(repository, head), cached=True)


def _one_commit(request: ChangeRequest, revision: str) -> Selected:
    """A commit against its first parent."""
    repository, commits, _ = _ask(request, (revision,))
    return repository, _of_commit(repository, _commit(commits, revision, "--commit"))


def _range(request: ChangeRequest, text: str) -> Selected:
    """`A..B` or `A...B`; an omitted side is HEAD."""
    dots = "..." if "..." in text else ".."
    one, found, other = text.partition(dots)
    if not found:
        raise UsageError(
            f"--range {text} isn't a range.", "Write A..B, or A...B to begin at the merge base."
        )
    one, other = one or _HEAD, other or _HEAD
    bases = (one, other) if dots == "..." else None
    repository, commits, base = _ask(request, (one, other), bases)
    old, new = _commit(commits, one, "--range"), _commit(commits, other, "--range")
    if bases and base is None:
        raise _no_merge_base(repository, one, other)
    base = base or old.id
    source = _source(repository, ChangeKind.RANGE, f"{one}{dots}{other}", base, new.id)
    return repository, Comparison(source, base, new.id)


def _since_base(request: ChangeRequest, revision: str) -> Selected:
    """The worktree (HEAD in a bare repository) against the merge base of a revision and HEAD."""
    repository, commits, base = _ask(request, (revision, _HEAD), (revision, _HEAD))
    head = _head_of(repository, commits)
    if head is None:
        raise ChangeError(
            "There is no commit yet, so there is nothing to compare with.",
            "Omit --base to see the worktree.",
        )
    _commit(commits, revision, "--base")
    if base is None:
        raise _no_merge_base(repository, revision, _HEAD)
    if repository.top is None:
        return repository, _of_branch(repository, revision, base, head)
    title = f"worktree since {revision} (merge base {base[:7]}, uncommitted changes included)"
    notices = tuple(_worktree_notices(repository))
    source = _source(repository, ChangeKind.BRANCH, title, base, notices=notices)
    return repository, Comparison(source, base, shows_untracked=_shows_untracked(repository))


def find_head(request: ChangeRequest) -> tuple[Repository, Commit | None, dict[str, Commit]]:
    """The repository, its HEAD (None before the first commit), and existing branches.

    The branches are those that may be the default branch, by their usual names.
    """
    candidates = _candidates(_USUAL_BRANCHES)
    repository, commits, _ = _ask(request, (_HEAD, *candidates.values()))
    head = _head_of(repository, commits)
    configured = repository.settings.last("init.defaultbranch")
    if configured and configured not in _USUAL_BRANCHES and "\n" not in configured:
        candidates = _candidates((configured, *_USUAL_BRANCHES))
        commits = commits | Lookup(repository, tuple(candidates.values())).finish()
    named = {name: commits.get(reference) for name, reference in candidates.items()}
    return repository, head, {name: commit for name, commit in named.items() if commit}


def compare_worktree(repository: Repository, head: Commit | None) -> Comparison:
    """Everything uncommitted, including untracked files."""
    title = "worktree against HEAD" if head else "worktree, before the first commit"
    notices = tuple(_worktree_notices(repository))
    source = _source(repository, ChangeKind.WORKTREE, title, head and head.id, notices=notices)
    shown = _shows_untracked(repository)
    return Comparison(source, _tree(repository, head), shows_untracked=shown)


class LastCommitted:
    """This branch since it left the default branch; without such commits, the last commit.

    Where the branch left is looked for in the background.
    """

    def __init__(self, repository: Repository, head: Commit, branches: dict[str, Commit]) -> None:
        self._repository, self._head = repository, head
        self._branch, tip = next(iter(branches.items()), ("", None))
        self._base = MergeBase(repository, tip.id, head.id) if tip else None

    def compare(self) -> Comparison:
        """Return the two states. Raises ChangeError."""
        base = self._base.finish() if self._base else None
        if base and base != self._head.id:
            return _of_branch(self._repository, self._branch, base, self._head)
        return _of_commit(self._repository, self._head, "last commit")

    def close(self) -> None:
        """End the search."""
        if self._base:
            self._base.close()


def _of_commit(repository: Repository, commit: Commit, word: str = "commit") -> Comparison:
    title = f"{word} {commit.short} {commit.subject}".rstrip()
    base = commit.parents[0] if commit.parents else None
    notices: list[str] = []
    if len(commit.parents) > 1:
        notices.append(f"A merge of {len(commit.parents)} parents, compared with the first.")
    if base and _is_cut_off(repository, commit):
        base = None
        notices.append(
            "The shallow clone ends with this commit, so all its files are shown as added. "
            "Run `git fetch --deepen=1` to get its parent."
        )
    source = _source(repository, ChangeKind.COMMIT, title, base, commit.id, notices=tuple(notices))
    return Comparison(source, base or _tree(repository, None), commit.id)


def _of_branch(repository: Repository, name: str, old: str, head: Commit) -> Comparison:
    """The commits of the checked-out branch since it left the branch `name`."""
    title = f"{repository.branch or f'HEAD ({head.short}, detached)'} since {name}"
    source = _source(repository, ChangeKind.BRANCH, title, old, head.id)
    return Comparison(source, old, head.id)


def _source(
    repository: Repository,
    kind: ChangeKind,
    title: str,
    base: str | None,
    head: str | None = None,
    *,
    notices: tuple[str, ...] = (),
) -> ChangeSource:
    return ChangeSource(kind, title, str(repository.folder), base, head, notices)


def _tree(repository: Repository, commit: Commit | None) -> str:
    """A commit's id, or that of the empty tree in the repository's object format."""
    if commit:
        return commit.id
    is_sha256 = repository.settings.last("extensions.objectformat").lower() == "sha256"
    return EMPTY_TREES[64 if is_sha256 else 40]


def _is_cut_off(repository: Repository, commit: Commit) -> bool:
    """Whether a shallow clone ends with this commit, without its parents."""
    try:
        ends = (repository.common_dir / "shallow").read_text("ascii").split()
    except (OSError, UnicodeDecodeError):
        return False
    return commit.id in ends


def _worktree_notices(repository: Repository) -> Iterator[str]:
    """What a reader must know: operations in progress, and differences from `git diff`."""
    yield from _operations(repository.git_dir)
    if repository.settings.is_true("core.sparsecheckout"):
        yield "Sparse checkout: files outside it aren't on disk and aren't compared."
    if not _shows_untracked(repository):
        yield "Untracked files are left out: `status.showUntrackedFiles` is “no”."
    if filters := repository.settings.repository_filters:
        yield (
            f"The repository configures filter programs ({', '.join(filters)}). They weren't run, "
            "so files they apply to may show more differences."
        )


def _shows_untracked(repository: Repository) -> bool:
    return repository.settings.last("status.showuntrackedfiles").lower() not in _HIDES_UNTRACKED


def _operations(git_dir: Path) -> Iterator[str]:
    for name, sentence in _OPERATIONS:
        if (git_dir / name).exists():
            yield sentence


def _head_of(repository: Repository, commits: dict[str, Commit | None]) -> Commit | None:
    """HEAD's commit; None before the first. Raises ChangeError for a damaged HEAD or branch."""
    head = commits[_HEAD]
    if head is None:
        named = repository.start("rev-parse", "--verify", "--quiet", _HEAD).finish()
        if named.code == 0:
            raise ChangeError(
                "The repository is damaged: HEAD names a commit that it doesn't contain.",
                stale_advice(repository.environment) or "Run `git fsck`, or clone it again.",
            )
        branch = repository.branch
        listed = repository.start("for-each-ref", f"refs/heads/{branch}").finish()
        if branch and "broken ref" in listed.said:
            raise ChangeError(
                f"The branch {branch} is damaged or can't be read: its reference names no commit.",
                "Check the permissions below .git/refs. `git fsck --lost-found` finds its commits.",
            )
    return head


def _candidates(branches: Sequence[str]) -> dict[str, str]:
    """The full references of possible default branches by name, the likeliest first."""
    candidates = {"origin/HEAD": "refs/remotes/origin/HEAD"}
    for branch in branches:
        candidates[f"origin/{branch}"] = f"refs/remotes/origin/{branch}"
        candidates[branch] = f"refs/heads/{branch}"
    return candidates


def _ask(
    request: ChangeRequest, revisions: Sequence[str], ancestors: tuple[str, str] | None = None
) -> tuple[Repository, dict[str, Commit | None], str | None]:
    """Find the repository, look up revisions, and find a merge base, all at the same time."""
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
            f"{option}: no commit in this repository is called {revision}.",
            "Run `git log --all --oneline` or `git branch --all` to see what exists.",
        )
    return commit


def _no_merge_base(repository: Repository, one: str, other: str) -> ChangeError:
    compare = "compare the two directly with --range A..B."
    if repository.is_shallow:
        return ChangeError(
            f"This shallow clone contains no common ancestor of {one} and {other}.",
            f"Run `git fetch --unshallow`, or {compare}",
        )
    return ChangeError(f"{one} and {other} have no common ancestor.", f"C{compare[1:]}")
