"""What other attempts do instead of what was taken, as a reviewer that joins the review.

Most changes have nothing of attempts, so what reads and compares these is imported only for one
that has: it takes 50 ms.
"""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from xreview.domain.errors import XReviewError
from xreview.domain.finding import Finding
from xreview.domain.record import replace
from xreview.ports.reviewer import Reviewer
from xreview.repo.repository import Repository
from xreview.review.assembly.run_options import RunOptions
from xreview.review.session.contained import contained
from xreview.review.session.session import ReviewSession
from xreview.review.session.whole_change import WholeChange

if TYPE_CHECKING:
    from pathlib import Path

    from xreview.domain.events.attempt_events import AttemptTaken
    from xreview.review.attempts.snapshot import TrialSnapshot

    Heard = tuple[AttemptTaken, TrialSnapshot]


class AttemptListening:
    """Listens, for a session, to the attempts beside the latest one that was taken into its change.

    Says nothing once their files are thrown away.
    """

    def __init__(self, change: WholeChange, session: ReviewSession, options: RunOptions) -> None:
        self._change = change
        self._session = session
        self._options = options
        self._heard: Heard | None = None

    async def join(self) -> Sequence[Reviewer]:
        """The reviewer that reports where attempts conflict; none if there is nothing to report."""
        try:
            with contained("Reading what was taken from attempts"):
                self._heard = await asyncio.to_thread(self._hear)
        except XReviewError as error:
            self._session.notice(f"Where attempts conflict isn't known. {error}")
        if self._heard is None:
            return ()
        from xreview.review.attempts.trade_offs import trade_off_reviewer

        reviewer = trade_off_reviewer(*self._heard)
        return (reviewer,) if reviewer else ()

    async def answer(self) -> None:
        """Record what the taken attempts' writers did there, as the other side."""
        if self._heard is not None:
            from xreview.review.attempts.trade_offs import trade_off_stances

            reports = [one for found in self._session.snapshot.findings for one in found.reports]
            await self._session.take_stances(trade_off_stances(reports, *self._heard))

    def is_answered(self, finding: Finding) -> bool:
        """Whether both sides of a finding are attempts, so that no model needs to be asked."""
        if self._heard is None:
            return False
        from xreview.review.attempts.trade_offs import is_between_attempts

        return is_between_attempts(finding, self._heard[1])

    def _hear(self) -> "Heard | None":
        """What was taken, and the attempts with their pieces. Blocks."""
        from xreview.review.choosing.taken_attempts import latest_in, takes_of

        repository = self._change.repository
        if repository is None:
            return None
        takes = takes_of(self._options.journal, repository.identity)
        if (take := latest_in(takes, self._change.files)) is None:
            return None
        snapshot = _snapshot_of(take.taken.trial, self._options.folders.state, repository)
        return (take.taken, snapshot) if snapshot else None


def _snapshot_of(trial: str, state: "Path", repository: Repository) -> "TrialSnapshot | None":
    """A trial as it was kept, with its pieces; None if it was thrown away.

    It isn't locked: nothing writes its patches any more. Blocks. Raises ChangeError.
    """
    from xreview.repo.disposable.tree import DisposableTree
    from xreview.review.attempts.kept import kept_trial
    from xreview.review.attempts.listed import entry_of, trial_shelf
    from xreview.review.attempts.trial_run import compared

    shelf = trial_shelf(state)
    folder = shelf.place(trial)
    if not folder.is_dir():
        return None
    kept = kept_trial(folder)
    patches = {
        label: DisposableTree.open(repository, place).patch_to(one.tree)
        for one in kept.attempts
        for label in (one.seat.label,)
        for place in (shelf.place(entry_of(trial, label)),)
        if one.tree and place.is_dir()
    }
    return replace(kept.snapshot(), comparison=compared(patches))
