"""What taking needs of the trials: their files, who takes part, where what was taken is noted."""

from typing import Protocol

from xreview.domain.events.attempt_events import AttemptReturned, AttemptTaken
from xreview.review.attempts.place import OpenedTrial, TrialCrew, TrialPlace


class OpenTrials(Protocol):
    """The trials of a repository (`review.attempts.trials.Trials`)."""

    @property
    def place(self) -> TrialPlace:
        """The user's checkout, the shelf, the journal."""
        ...

    @property
    def crew(self) -> TrialCrew:
        """Who checks and reviews."""
        ...

    async def open(self, trial: str) -> OpenedTrial:
        """Return a trial with its files. Raises XReviewError if it isn't there."""
        ...

    async def note_taken(self, trial: str, payload: AttemptTaken | AttemptReturned) -> None:
        """Record what was taken or given back, and keep it. Raises JournalError."""
        ...
