"""What the user asks to have reviewed, before git was looked at."""

from dataclasses import dataclass
from pathlib import Path

from xreview.domain.errors import UsageError

STANDARD_INPUT = "-"


@dataclass(frozen=True)
class ChangeRequest:
    """Which change to review; with none of the options given, what `repo.source` finds by itself.

    Args:
        cwd: the folder the user stands in; the whole repository around it is meant.
        staged: the index against HEAD.
        commit: a revision: that commit against its first parent.
        range: `A..B` (B against A) or `A...B` (B against the merge base of both).
        base: a revision: the worktree against the merge base of it and HEAD.
        patch: the path of a patch file (relative to `cwd`), or "-" for standard input.

    Raises UsageError where more than one of them is given, or one that names nothing.
    """

    cwd: Path
    staged: bool = False
    commit: str | None = None
    range: str | None = None
    base: str | None = None
    patch: str | None = None

    def __post_init__(self) -> None:
        values = {
            "--commit": self.commit,
            "--range": self.range,
            "--base": self.base,
            "--patch": self.patch,
        }
        given = ["--staged"] if self.staged else []
        given += [option for option, value in values.items() if value is not None]
        if len(given) > 1:
            raise UsageError(
                f"{' and '.join(given)} can't be given together.",
                "Each of them says which change to review: give one.",
            )
        for option, value in values.items():
            _refuse_unusable(option, value)


def _refuse_unusable(option: str, value: str | None) -> None:
    if value is None:
        return
    if not value.strip():
        raise UsageError(f"{option} needs a value.", "Name a revision, or a file for --patch.")
    if "\0" in value or (option != "--patch" and "\n" in value):
        raise UsageError(f"The value of {option} has a character that no revision or path has.")
