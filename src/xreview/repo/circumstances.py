"""What goes on in a repository that a person must know to read a change right."""

from collections.abc import Iterator
from pathlib import Path

from xreview.repo.repository import Repository

_BRANCH = "refs/heads/"
_OPERATIONS = (
    ("rebase-merge", "A rebase is in progress."),
    ("rebase-apply", "A rebase or `git am` is in progress."),
    ("MERGE_HEAD", "A merge is in progress."),
    ("CHERRY_PICK_HEAD", "A cherry-pick is in progress."),
    ("REVERT_HEAD", "A revert is in progress."),
    ("BISECT_LOG", "A bisect is in progress."),
)
_NEVER = ("no", "false", "off", "0")


def branch_name(repository: Repository) -> str:
    """The branch that is checked out, "" for a detached HEAD."""
    try:
        text = (repository.git_dir / "HEAD").read_bytes()[:4096].decode("utf-8", "surrogateescape")
    except OSError:
        text = ""
    target = text.removeprefix("ref:").strip() if text.startswith("ref:") else ""
    if target == "refs/heads/.invalid":  # the references are in a table (git 2.45)
        done = repository.start("symbolic-ref", "--quiet", "HEAD").finish()
        target = done.output.decode("utf-8", "surrogateescape").strip()
    return target.removeprefix(_BRANCH) if target.startswith(_BRANCH) else ""


def worktree_notices(repository: Repository) -> Iterator[str]:
    """Sentences about an operation in progress, and about what git would see differently."""
    yield from operations(repository.git_dir)
    if repository.settings.is_true("core.sparsecheckout"):
        yield "Sparse checkout: files outside of it are not on disk and not compared."
    if not shows_untracked(repository):
        yield "Untracked files are left out: `status.showUntrackedFiles` is “no”."
    filters = repository.settings.repository_filters
    if filters:
        names = ", ".join(filters)
        yield (
            f"The repository configures programs that filter content ({names}). They were not "
            "run, so files they apply to may differ more than they would."
        )


def shows_untracked(repository: Repository) -> bool:
    """Whether git would show untracked files at all."""
    return repository.settings.last("status.showuntrackedfiles").lower() not in _NEVER


def operations(git_dir: Path) -> Iterator[str]:
    """A sentence for each operation that was begun and not ended."""
    for name, sentence in _OPERATIONS:
        if (git_dir / name).exists():
            yield sentence
