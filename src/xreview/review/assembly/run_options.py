"""The settings and options of one run, the same for the app and the headless commands."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from xreview.config.paths import Folders
from xreview.config.schema import Settings
from xreview.domain.record import dataclass, field, replace

if TYPE_CHECKING:  # heavy, and not needed for the first frame
    from xreview.config.load import PolicyFile
    from xreview.domain.authorship.author_answer import AuthorAnswer
    from xreview.review.asking.money import Money
    from xreview.review.choosing.panel import Panel
    from xreview.review.session.whole_change import WholeChange

NewPanel = Callable[[Settings, Folders, Mapping[str, str], "Money", Path, "WholeChange"], "Panel"]
"""Makes the panel of a session; the arguments are those of `Panel`."""


@dataclass(frozen=True)
class RunOptions:
    """Settings, folders, and options of the command line.

    Args:
        settings: the user's, checked.
        folders: where the journal, replies and answers are kept.
        environ: where keys and programs are looked for; not in the repr, since it holds keys.
        imports: files with findings of other tools; `-` for standard input.
        said: the author that the user gives for this run.
        brief: what the user says the change is for; "" for nothing.
        allows_egress: whether code can go to vendors without a question, for this run.
        task: what the dialog for attempts begins with; "" for nothing.
        new_panel: makes the panel where it isn't the usual one, as in a demonstration.
        is_passing: whether the folders are removed at the end, as those of a demonstration.
        import_root: the folder in which the imported tools ran, where the user gives it.
        settings_under: the settings with a repository's policy applied (None for none); raises
            ConfigError. Without it no policy is applied.
    """

    settings: Settings
    folders: Folders
    environ: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    imports: tuple[Path, ...] = ()
    said: "AuthorAnswer | None" = None
    brief: str = ""
    allows_egress: bool = False
    task: str = ""
    new_panel: NewPanel | None = None
    is_passing: bool = False
    import_root: str | None = None
    settings_under: "Callable[[PolicyFile | None], Settings] | None" = None

    def under(self, policy: "PolicyFile | None") -> "RunOptions":
        """The options for a repository with this policy. Raises ConfigError."""
        if self.settings_under is None:
            return self
        return replace(self, settings=self.settings_under(policy))

    @property
    def journal(self) -> Path:
        """The journal's file, which may not exist yet."""
        return self.folders.journal
