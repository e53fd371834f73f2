"""Commits for tests of what they tell."""

from xreview.repo.change.history import CommitDetails, Person, trailers

ID = "0123456789abcdef0123456789abcdef01234567"
ADA = ("Ada Example", "ada@example.org")


def commit(
    message: str = "Subject\n",
    author: tuple[str, str] = ADA,
    committer: tuple[str, str] = ADA,
) -> CommitDetails:
    return CommitDetails(
        ID, Person(*author, None), Person(*committer, None), message, trailers(message)
    )


def told(evidence) -> list[tuple[str, str, str]]:
    """Tool, vendor and model of each trace."""
    return [(one.tool, one.vendor, one.model) for one in evidence]
