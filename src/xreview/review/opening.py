"""Opening a session on a collected change: what both front ends need before they can review."""

import uuid
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from xreview.config.schema import Settings
from xreview.domain.author import Attribution
from xreview.domain.report import ReviewerKind
from xreview.repo.contents import GitContents, contents_of
from xreview.repo.source import CollectedChange
from xreview.review.ledger import Ledger
from xreview.review.opponent import Assignment, Candidate, Choice, choose
from xreview.review.part import PartReviewer
from xreview.review.session import ReviewSession
from xreview.review.surroundings import Surroundings
from xreview.reviewers.base import Reviewer
from xreview.reviewers.registry import EMBEDDED, create

NO_REPOSITORY = "patch"
"""What events call the repository of a patch that is read outside of any."""


def now() -> str:
    """This moment as events write it: UTC, ISO 8601 with microseconds."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def new_id() -> str:
    """A fresh unique id for a session, an event or an action."""
    return uuid.uuid4().hex


def candidates(settings: Settings) -> tuple[Candidate, ...]:
    """Everyone who could read a change, in the order of preference within a kind."""
    return tuple(Candidate(name, "", ReviewerKind.ANALYSER) for name in EMBEDDED)


def new_session(
    collected: CollectedChange,
    settings: Settings,
    journal: Path,
    imports: Sequence[Path] = (),
    choice: Choice | None = None,
) -> ReviewSession:
    """A session on the change, not yet opened in the journal.

    `imports` are files with findings of other tools; each tool in them is a reviewer more.
    `choice` says who reads; without one it is made as for an author nobody knows.

    Raises ReviewerError where the settings name a reviewer that there is not, UsageError where an
    import can't be read or is malformed.
    """
    repository = collected.repository
    given = Surroundings(
        repository=repository.identity if repository else NO_REPOSITORY,
        actor=repository.actor if repository else "unknown",
        now=now,
        new_id=new_id,
        ignores=settings.ignores,
        conventions=settings.conventions,
    )
    choice = choice or choose(Attribution(), candidates(settings), settings.review_with)
    reviewers = [_reviewer(assignment) for assignment in choice.assignments]
    if imports:
        from xreview.reviewers.imported.reader import imported_reviewers

        taken = [reviewer.identity.name for reviewer in reviewers]
        reviewers += imported_reviewers(imports, taken)
    return ReviewSession(collected.source, reviewers, Ledger(journal), given)


def _reviewer(assignment: Assignment) -> Reviewer:
    reviewer = create(assignment.candidate.name)
    return reviewer if assignment.paths is None else PartReviewer(reviewer, assignment.paths)


@contextmanager
def contents(collected: CollectedChange) -> Generator[GitContents, None, None]:
    """What reads whole files of either side of the change, while it is needed."""
    reader = contents_of(collected)
    try:
        yield reader
    finally:
        reader.close()
