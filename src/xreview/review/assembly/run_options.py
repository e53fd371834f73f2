"""What a run of the program is given, the same for the app and the headless commands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from xreview.config.paths import Folders
from xreview.config.schema import Settings
from xreview.domain.authorship.author_answer import AuthorAnswer

if TYPE_CHECKING:  # heavy, and not needed for the first frame
    from xreview.config.load import PolicyFile
    from xreview.review.asking.money import Money
    from xreview.review.choosing.panel import Panel

NewPanel = Callable[[Settings, Folders, Mapping[str, str], "Money", Path], "Panel"]
"""Makes the panel of a session; the arguments are those of `Panel`."""


@dataclass(frozen=True)
class RunOptions:
    """Settings, places, and what was said on the command line.

    Args:
        settings: the person's settings, checked.
        folders: where the journal, replies and answers are kept.
        environ: where keys and programs are looked for; not shown, since it holds keys.
        imports: files with findings of other tools; `-` for standard input.
        import_root: the folder in which those tools ran, as the person says it; None for not said.
        said: who the person says wrote the change, for this run.
        brief: what the person says the change is for; "" for nothing.
        allows_egress: whether code may go to vendors without a question, for this run.
        new_panel: makes the panel where it is not the usual one, as in a demonstration.
        settings_under: the settings with a repository's policy in them (None for none); raises
            ConfigError. Without it `settings` hold whatever the repository says.
    """

    settings: Settings
    folders: Folders
    environ: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    imports: tuple[Path, ...] = ()
    said: AuthorAnswer | None = None
    brief: str = ""
    allows_egress: bool = False
    new_panel: NewPanel | None = None
    import_root: str | None = None
    settings_under: "Callable[[PolicyFile | None], Settings] | None" = None

    def under(self, policy: "PolicyFile | None") -> "RunOptions":
        """The options for a repository with this policy. Raises ConfigError."""
        if self.settings_under is None:
            return self
        return replace(self, settings=self.settings_under(policy))

    @property
    def journal(self) -> Path:
        """The journal's file; it is made where it does not exist."""
        return self.folders.journal
