"""The scorecard out of the journal."""

from pathlib import Path

from xreview.domain.scorecard import Scorecard
from xreview.domain.scoring import score
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
    return score(scorecard_facts(journal, repository), since)
