"""What the user wants attempted, and by whom."""

from xreview.domain.attempt.seat import Preset
from xreview.domain.attempt.task import task_title
from xreview.domain.record import dataclass

LONGEST_TASK = 64 * 1024
"""Characters of a task."""


@dataclass(frozen=True, slots=True)
class TrialWish:
    """A trial as the user asks for it.

    Args:
        task: what is to be done, in their words.
        writers: names as in `models`, with `:fast` or `:deep`; () for the settings, else the
            default.
        checks: shell commands; () for those in the settings.
        revision: what to start from; "" for the files as they are.
        budget: US dollars for all attempts; None for the setting.
    """

    task: str
    writers: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    revision: str = ""
    preset: Preset | None = None
    budget: float | None = None

    @property
    def title(self) -> str:
        """The first line of the task, shortened; it is raw, as the user wrote it."""
        return task_title(self.task)
