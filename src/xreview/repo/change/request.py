"""The change a user asks to review."""

from pathlib import Path

from xreview.domain.errors import UsageError
from xreview.domain.record import dataclass

STANDARD_INPUT = "-"
_ADVICE = {
    **dict.fromkeys(("commit", "range", "base"), "Name a revision."),
    "patch": "Name a file.",
    "attempt": "Write TRIAL:LABEL.",
}


@dataclass(frozen=True)
class ChangeRequest:
    """The change to review; without any option, the one that `change.collecting` finds.

    Args:
        cwd: the current folder; the change is that of the whole repository around it.
        staged: the index against HEAD.
        commit: a revision: that commit against its first parent.
        range: `A..B` (B against A) or `A...B` (B against the merge base of both).
        base: a revision: the worktree against the merge base of it and HEAD.
        patch: the path of a patch file (relative to `cwd`), or "-" for standard input.
        pull: a pull request: the URL of its page, its number in this repository's project, or ""
            for that of the checked-out branch.
        attempt: `TRIAL:LABEL`: what a writer made of a task, from the start of the trial's id and
            the attempt's label.

    Raises UsageError if more than one option is given, or one has an unusable value.
    """

    cwd: Path
    staged: bool = False
    commit: str | None = None
    range: str | None = None
    base: str | None = None
    patch: str | None = None
    pull: str | None = None
    attempt: str | None = None

    @property
    def is_from_stdin(self) -> bool:
        """Whether the change is a patch on standard input."""
        return self.patch == STANDARD_INPUT

    @property
    def is_local(self) -> bool:
        """Whether git here, and nothing else, knows the change."""
        return self.patch is None and self.pull is None and self.attempt is None

    def __post_init__(self) -> None:
        named = ("commit", "range", "base", "patch", "attempt")
        values = {name: getattr(self, name) for name in named}
        given = ["--staged"] if self.staged else []
        given += [f"--{name}" for name, value in values.items() if value is not None]
        given += ["--pr"] if self.pull is not None else []
        if len(given) > 1:
            raise UsageError(
                f"{' and '.join(given)} can't be combined.",
                "Each of them names the change to review. Give one.",
            )
        for name, value in values.items():
            if value is not None:
                _refuse_unusable(name, value)


def _refuse_unusable(name: str, value: str) -> None:
    if not value.strip():
        raise UsageError(f"--{name} needs a value.", _ADVICE[name])
    if "\0" in value or (name != "patch" and "\n" in value):
        raise UsageError(
            f"The value of --{name} contains a character that isn't valid in a revision or path."
        )
