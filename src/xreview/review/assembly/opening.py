"""Opening a session on a collected change: what both front ends need before they can review."""

import uuid
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial

from xreview.analysers.registry import EMBEDDED, create
from xreview.config.reviewers import all_reviewers
from xreview.config.schema import Settings
from xreview.domain.errors import ReviewerError
from xreview.repo.change.collecting import CollectedChange
from xreview.repo.files.contents import GitContents, contents_of
from xreview.repo.files.tree import RepositoryTree
from xreview.review.assembly.run_options import RunOptions
from xreview.review.session.ledger import Ledger
from xreview.review.session.session import ReviewSession
from xreview.review.session.surroundings import Surroundings

NO_REPOSITORY = "patch"
"""What events call the repository of a patch that is read outside of any."""


def now() -> str:
    """This moment as events write it: UTC, ISO 8601 with microseconds."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def new_id() -> str:
    """A fresh unique id for a session, an event or an action."""
    return uuid.uuid4().hex


def new_session(collected: CollectedChange, options: RunOptions) -> ReviewSession:
    """A session on the change, not yet opened in the journal, with the analysers and the imports.

    Models join it later (`review.joining`). Each tool in a file of `options.imports` is a reviewer
    more.

    Raises ReviewerError where the settings name a reviewer that there is not, UsageError where an
    import can't be read or is malformed.
    """
    settings = options.settings
    repository = collected.repository
    given = Surroundings(
        repository=repository.identity if repository else NO_REPOSITORY,
        actor=repository.actor if repository else "unknown",
        now=now,
        new_id=new_id,
        ignores=settings.ignores,
        conventions=settings.conventions,
    )
    reviewers = [create(name) for name in analysers_in(settings)]
    if options.imports:
        from xreview.imports.reader import imported_reviewers

        taken = [reviewer.identity.name for reviewer in reviewers]
        listed = partial(_files_of, collected)
        reviewers += imported_reviewers(options.imports, taken, listed, options.import_root)
    return ReviewSession(collected.source, reviewers, Ledger(options.journal), given)


def _files_of(collected: CollectedChange) -> tuple[str, ...]:
    """The paths of the repository's files. Raises ChangeError where git fails."""
    if collected.repository is None:
        return ()
    return RepositoryTree(collected.source, collected.repository).files


def analysers_in(settings: Settings) -> tuple[str, ...]:
    """The analysers that read: those that are named, or all of them.

    Raises ReviewerError where the settings name somebody who is not there.
    """
    from xreview.models.local_servers import server_names

    known, local = (*EMBEDDED, *all_reviewers(settings.reviewers)), server_names()
    for name in settings.review_with:
        if name not in known and not name.startswith(local):
            raise ReviewerError(
                f"There is no reviewer called “{name}”.", f"Use one of: {', '.join(known)}."
            )
    return tuple(name for name in EMBEDDED if name in settings.review_with) or EMBEDDED


@contextmanager
def contents(collected: CollectedChange) -> Generator[GitContents, None, None]:
    """What reads whole files of either side of the change, while it is needed."""
    reader = contents_of(collected)
    try:
        yield reader
    finally:
        reader.close()
