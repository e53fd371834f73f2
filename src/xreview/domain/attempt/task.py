"""The task of a trial, and an attempt at it, in one line."""

from xreview.domain.text import shorten

_LONGEST_TITLE = 120


def task_title(task: str) -> str:
    """The first line of a task that says something, shortened; it is raw, as the user wrote it."""
    lines = (line.strip() for line in task.splitlines())
    return shorten(next(filter(None, lines), ""), _LONGEST_TITLE)


def attempt_title(label: str, task: str) -> str:
    """What the review of an attempt is called, raw: `attempt B of: Limit the retries`."""
    return f"attempt {label} of: {task_title(task)}"
