"""The task of a trial, in one line."""

from xreview.domain.text import shorten

_LONGEST_TITLE = 120


def task_title(task: str) -> str:
    """The first line of a task that says something, shortened; it is raw, as the user wrote it."""
    lines = (line.strip() for line in task.splitlines())
    return shorten(next(filter(None, lines), ""), _LONGEST_TITLE)
