"""The scorecard out of the journal."""

import gc
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from xreview.domain.scorecard.figures import Scorecard
from xreview.domain.scorecard.scoring import score
from xreview.journal.facts import scorecard_facts


def read_scorecard(
    journal: Path, repository: str | None = None, since: str | None = None
) -> Scorecard:
    """What became of the reports in the journal.

    Args:
        journal: the journal's file.
        repository: what events call it; None for all repositories.
        since: only reports first seen from this moment on (ISO 8601, UTC).

    Takes about a second for 100,000 events: call it in a thread where something else must go on.
    Raises JournalError.
    """
    with _collector_paused():
        return score(scorecard_facts(journal, repository), since)


@contextmanager
def _collector_paused() -> Generator[None]:
    """No cycles come of this, but much that lives until the end: looking through it again and
    again is a third of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
