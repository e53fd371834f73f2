"""Which two states are compared, and how git is asked for the difference."""

from collections.abc import Iterable
from dataclasses import dataclass

from xreview.domain.change import ChangeKind, ChangeSource
from xreview.repo.change.revisions import EMPTY_TREES, Commit
from xreview.repo.circumstances import (
    branch_name,
    operations,
    shows_untracked,
    worktree_notices,
)
from xreview.repo.repository import Repository

# Each option answers a configuration variable (or attribute) that would change what is printed.
DIFF_OPTIONS = (
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    "--no-color-moved",
    "--full-index",
    "--src-prefix=a/",
    "--dst-prefix=b/",
    "--inter-hunk-context=0",
    "--diff-algorithm=myers",
    "--indent-heuristic",
    "--find-renames",
    "--no-rename-empty",
    "-l1000",
    "-O/dev/null",
    "--submodule=short",
    # "dirty" and not less: to find changes inside, git would run in the submodule, as it is
    # configured there.
    "--ignore-submodules=dirty",
    # Unmerged paths are listed by `ls-files`; here their names would stand unquoted.
    "--diff-filter=u",
)

PATCH = ("--patch", "--unified=3")
"""The second makes git print a patch by itself, so that it does not go with other formats."""


@dataclass(frozen=True)
class Comparison:
    """Two states to compare.

    Args:
        source: what the change will say of itself.
        old: full id of a commit, or of the empty tree.
        new: full id of a commit; None for the worktree, or with `cached` the index.
        shows_untracked: False where `status.showUntrackedFiles` is "no", as it is with a home
            folder that is a worktree.
    """

    source: ChangeSource
    old: str
    new: str | None = None
    cached: bool = False
    shows_untracked: bool = True

    @property
    def is_with_worktree(self) -> bool:
        """Whether the new side are files on disk."""
        return self.new is None and not self.cached

    @property
    def is_with_untracked(self) -> bool:
        """Whether untracked files belong to it, as far as its repository shows any."""
        return self.is_with_worktree and self.shows_untracked

    @property
    def arguments(self) -> tuple[str, ...]:
        """The git command that prints the difference."""
        return self.arguments_for(*PATCH)

    def arguments_for(self, *formats: str, paths: tuple[str, ...] = ()) -> tuple[str, ...]:
        """The git command that prints the difference in these formats, of these paths or of all."""
        states = ("--cached",) if self.cached else ()
        states += (self.old,) if self.new is None else (self.old, self.new)
        return ("diff", *formats, *DIFF_OPTIONS, *states, "--", *paths)


def with_worktree(repository: Repository, head: Commit | None) -> Comparison:
    """Everything not committed, untracked files included."""
    title = "worktree against HEAD" if head else "worktree, before the first commit"
    notices = worktree_notices(repository)
    source = _source(repository, ChangeKind.WORKTREE, title, head, None, notices)
    shown = shows_untracked(repository)
    return Comparison(source, _tree(repository, head), shows_untracked=shown)


def with_index(repository: Repository, head: Commit | None) -> Comparison:
    """What is staged."""
    title = "staged against HEAD" if head else "staged, before the first commit"
    notices = operations(repository.git_dir)
    source = _source(repository, ChangeKind.STAGED, title, head, None, notices)
    return Comparison(source, _tree(repository, head), cached=True)


def of_commit(repository: Repository, commit: Commit, word: str = "commit") -> Comparison:
    """One commit against its first parent."""
    title = f"{word} {commit.short} {commit.subject}".rstrip()
    base = commit.parents[0] if commit.parents else None
    notices: list[str] = []
    if len(commit.parents) > 1:
        notices.append(
            f"A merge of {len(commit.parents)} parents: shown against the first of them."
        )
    if base and is_cut_off(repository, commit):
        base = None
        notices.append(
            "The clone is shallow and ends with this commit, so every file of it is shown as "
            "added. `git fetch --deepen=1` gets what it is to be compared with."
        )
    source = ChangeSource(
        ChangeKind.COMMIT, title, str(repository.folder), base, commit.id, tuple(notices)
    )
    return Comparison(source, base or _tree(repository, None), commit.id)


def of_range(repository: Repository, title: str, old: str, new: Commit) -> Comparison:
    """Two commits; `old` is a full id."""
    source = ChangeSource(ChangeKind.RANGE, title, str(repository.folder), old, new.id)
    return Comparison(source, old, new.id)


def of_branch(repository: Repository, name: str, old: str, head: Commit) -> Comparison:
    """The commits of the branch that is checked out, since it left the branch `name`."""
    branch = branch_name(repository) or f"HEAD ({head.short}, detached)"
    title = f"{branch} since {name}"
    source = ChangeSource(ChangeKind.BRANCH, title, str(repository.folder), old, head.id)
    return Comparison(source, old, head.id)


def of_worktree_since(repository: Repository, name: str, old: str) -> Comparison:
    """The branch's commits and everything not committed, since it left `name`."""
    title = f"worktree since {name} (merge base {old[:7]}, uncommitted changes included)"
    notices = tuple(worktree_notices(repository))
    folder = str(repository.folder)
    source = ChangeSource(ChangeKind.BRANCH, title, folder, old, None, notices)
    return Comparison(source, old, shows_untracked=shows_untracked(repository))


def is_cut_off(repository: Repository, commit: Commit) -> bool:
    """Whether a shallow clone ends with this commit: its parents are named and not here."""
    try:
        ends = (repository.common_dir / "shallow").read_text("ascii").split()
    except (OSError, UnicodeDecodeError):
        return False
    return commit.id in ends


def _source(
    repository: Repository,
    kind: ChangeKind,
    title: str,
    base: Commit | None,
    head: str | None,
    notices: Iterable[str],
) -> ChangeSource:
    base_id = base.id if base else None
    return ChangeSource(kind, title, str(repository.folder), base_id, head, tuple(notices))


def _tree(repository: Repository, commit: Commit | None) -> str:
    """A commit's id, or that of the empty tree in the repository's object format."""
    if commit:
        return commit.id
    is_sha256 = repository.settings.last("extensions.objectformat").lower() == "sha256"
    return EMPTY_TREES[64 if is_sha256 else 40]
