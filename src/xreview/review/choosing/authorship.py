"""Who wrote one change and how much attention it deserves, and so who reads it; weighed again
after each answer."""

import asyncio
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from xreview.config.schema import Settings
from xreview.domain.attention.attention import ChangeAttention
from xreview.domain.authorship.author_answer import AuthorAnswer
from xreview.domain.errors import XReviewError
from xreview.domain.events.event import AuthorAnswered
from xreview.review.choosing.attribution import (
    Gathering,
    Traces,
    attempt_traces,
    attribution_of,
    gather_traces,
)
from xreview.review.choosing.choice import Candidate, ReaderChoice
from xreview.review.choosing.opponent import asks_for_author, choose
from xreview.review.choosing.reading_plan import ReadingPlan, reading_plan
from xreview.review.session.background import in_background
from xreview.review.session.contained import contained
from xreview.review.session.whole_change import WholeChange

if TYPE_CHECKING:
    from xreview.review.attention.reading import WeighedChange


class Authorship:
    """The author of a change, and the `candidates` to review it.

    `said` is the author given for this run; `journal` is the file that holds earlier answers.
    `weighed` is what is at stake and the attention it deserves, None until `gather`; `notices` say
    what went wrong.
    """

    def __init__(
        self,
        change: WholeChange,
        settings: Settings,
        journal: Path,
        said: AuthorAnswer | None = None,
    ) -> None:
        self.change = change
        self.candidates: tuple[Candidate, ...] = ()
        self._settings = settings
        self._journal = journal
        self._said = said
        attempt = change.collected.attempt
        self._traces = attempt_traces(attempt, change.files) if attempt else Traces()
        self.notices: tuple[str, ...] = ()
        self.weighed: WeighedChange | None = None
        self.attribution = attribution_of(self._traces, change.files, said)

    @property
    def matters(self) -> bool:
        """Whether the choice of reviewers depends on the author: only if a model is available."""
        return asks_for_author(self.candidates)

    @property
    def must_ask(self) -> bool:
        """Whether the author is unknown, and the user hasn't been asked for this branch.

        Never offline, where at most models on this machine read, so that the author changes
        nothing; and never of an attempt: of its writer, the program knows as much as the user.
        """
        if self.change.collected.attempt is not None:
            return False
        author = self.attribution.author
        is_told = author.is_known or author.is_person or self._said is not None
        has_question = self.matters and bool(self.change.files) and not self._settings.offline
        return has_question and not is_told and not self._traces.was_asked

    async def gather(self) -> None:
        """Look for traces within the time limit of the settings, and read how much attention the
        change deserves. A failure becomes a notice."""
        await asyncio.gather(self.gather_author(), self._read_attention())

    async def gather_author(self) -> None:
        """Look for traces within the time limit of the settings. A failure becomes a notice."""
        await self._gather_traces()
        # In a thread: each file of the change is weighed.
        self.attribution = await in_background(
            attribution_of, self._traces, self.change.files, self._said
        )

    async def _gather_traces(self) -> None:
        if self.change.collected.attempt is not None:
            return  # its writer is known
        how = Gathering(
            self._journal,
            self._settings.attribution_seconds,
            self._settings.read_sessions,
            dict(os.environ),
        )
        change = self.change
        try:
            with contained("Finding out who wrote the change"):
                self._traces = await in_background(
                    partial(
                        gather_traces,
                        change.repository,
                        change.source,
                        change.files,
                        how,
                        change.collected.pull,
                    )
                )
        except XReviewError as error:
            self._traces = Traces(notices=(str(error),))

    async def _read_attention(self) -> None:
        try:
            with contained("Finding out how much attention the change deserves"):
                self.weighed = weighed = await in_background(self._weigh_change)
            self.notices = (*self.notices, *weighed.notices)
        except XReviewError as error:
            # The deep models read what nothing is known about, so nothing is lost.
            self.notices = (*self.notices, str(error))

    def _weigh_change(self) -> "WeighedChange":
        # Imported here, in a thread: it takes 35 ms, and the first findings do without.
        from xreview.review.attention.reading import read_attention

        return read_attention(self.change, self._settings, self._journal)

    def answer(self, answer: AuthorAnswer) -> AuthorAnswered | None:
        """Use the user's answer from now on, and return the event to record.

        None where no branch can remember it: outside a repository, and of an attempt.
        """
        # "Unknown" is remembered, so that the question isn't repeated, but overrides no evidence.
        self._said = answer if answer.vendor else None
        self._weigh()
        if self.change.repository is None or self.change.collected.attempt is not None:
            return None
        return AuthorAnswered(self._traces.branch, answer.vendor, answer.model)

    def choice(self) -> ReaderChoice:
        """Choose who reads.

        Raises UsageError for an unknown name, ReviewerError for a reviewer that can't be used.
        """
        paths = [file.path for file in self.change.files]
        wanted = self._settings.review_with
        return choose(self.attribution, self.candidates, wanted, paths, self.plan)

    @property
    def attention(self) -> ChangeAttention | None:
        """How much attention the change deserves; None if that isn't known."""
        return self.weighed.attention if self.weighed else None

    @property
    def plan(self) -> ReadingPlan:
        """How closely models read the change."""
        paths = [file.path for file in self.change.files]
        return reading_plan(self.attention, self._settings, paths)

    def _weigh(self) -> None:
        self.attribution = attribution_of(self._traces, self.change.files, self._said)
