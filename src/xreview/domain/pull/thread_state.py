"""The states of a thread on a pull request: the lists show a sign for each."""

from enum import StrEnum


class ThreadState(StrEnum):
    """The state of a thread. A resolved one stays resolved where its lines change later."""

    OPEN = "open"
    REPLIED = "replied"
    OUTDATED = "outdated"
    RESOLVED = "resolved"
