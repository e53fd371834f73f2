"""The two states that are compared, and the git command that prints the difference."""

from xreview.domain.change import ChangeSource
from xreview.domain.record import dataclass

# Each option overrides a configuration variable or attribute that would change the output.
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
    # Not less than "dirty": to find changes inside, git would run in the submodule, with its
    # configuration.
    "--ignore-submodules=dirty",
    # Unmerged paths are listed by `ls-files`; here their names would be unquoted.
    "--diff-filter=u",
)

PATCH = ("--patch", "--unified=3")
"""Not combinable with other formats: `--unified` alone makes git print a patch."""


@dataclass(frozen=True)
class Comparison:
    """Two states to compare.

    Args:
        source: the description of the change.
        old: the full id of a commit, or of the empty tree.
        new: the full id of a commit; None for the worktree, or with `cached` the index.
        shows_untracked: False if `status.showUntrackedFiles` is "no", as for a home folder that
            is a worktree.
    """

    source: ChangeSource
    old: str
    new: str | None = None
    cached: bool = False
    shows_untracked: bool = True

    @property
    def is_with_untracked(self) -> bool:
        """Whether untracked files belong to the change."""
        return self.new is None and not self.cached and self.shows_untracked

    @property
    def arguments(self) -> tuple[str, ...]:
        """The git command that prints the difference as a patch."""
        return self.arguments_for(*PATCH)

    def arguments_for(
        self, *formats: str, paths: tuple[str, ...] = (), renames: bool = True
    ) -> tuple[str, ...]:
        """The git command that prints the difference in these formats, of these paths or all.

        Without `renames`, a renamed file is shown as a deleted and an added one.
        """
        options = DIFF_OPTIONS if renames else (*DIFF_OPTIONS, "--no-renames")
        states = ("--cached",) if self.cached else ()
        states += (self.old,) if self.new is None else (self.old, self.new)
        return ("diff", *formats, *options, *states, "--", *paths)
