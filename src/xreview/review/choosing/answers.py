"""What a person said of who writes on a branch, out of the journal."""

from dataclasses import dataclass
from pathlib import Path

from xreview.domain.authorship.author_answer import AuthorAnswer
from xreview.domain.events.event import AuthorAnswered, AuthorForgotten, Event
from xreview.journal.store import Journal


@dataclass(frozen=True, slots=True)
class RememberedAnswer:
    """An answer that holds, and the day (ISO 8601) on which it was given."""

    answer: AuthorAnswer
    day: str


def remembered_answer(journal: Path, repository: str, branch: str) -> RememberedAnswer | None:
    """The last answer for a branch of a repository; None where there is none, or it was forgotten.

    Makes no journal where there is none. Raises JournalError.
    """
    if not journal.exists():
        return None
    with Journal.open(journal) as opened:
        events = opened.events(repository=repository, types=(AuthorAnswered, AuthorForgotten))
        found: RememberedAnswer | None = None
        for event in events:
            match event.payload:
                case AuthorAnswered(named, vendor, model) if named == branch:
                    found = RememberedAnswer(AuthorAnswer(vendor, model), event.at[:10])
                case AuthorForgotten(named) if named == branch:
                    found = None
                case _:
                    pass
        return found


def remember(journal: Path, event: Event) -> None:
    """Write an answer, or that it was forgotten. Raises JournalError."""
    with Journal.open(journal) as opened:
        opened.append([event])
