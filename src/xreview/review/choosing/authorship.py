"""Who wrote one change, as both front ends need it: gathered once, weighed again at each answer."""

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from xreview.config.schema import Settings
from xreview.domain.authorship.author import PERSON
from xreview.domain.authorship.author_answer import AuthorAnswer
from xreview.domain.change import FileDiff
from xreview.domain.errors import XReviewError
from xreview.domain.events.event import AuthorAnswered
from xreview.repo.change.collecting import CollectedChange
from xreview.review.choosing.attribution import Gathering, Traces, attribution_of, gather_traces
from xreview.review.choosing.opponent import Candidate, ReaderChoice, asks_for_author, choose
from xreview.review.session.background import in_background
from xreview.review.session.contained import contained


class Authorship:
    """The author of a collected change, and who reads it for that.

    Args:
        files: all of the change.
        candidates: everyone who could read.
        journal: where answers are kept.
        said: the author that was given for this run.
    """

    def __init__(
        self,
        collected: CollectedChange,
        files: Sequence[FileDiff],
        candidates: Sequence[Candidate],
        settings: Settings,
        journal: Path,
        said: AuthorAnswer | None = None,
    ) -> None:
        self._collected = collected
        self._files = files
        self.candidates = candidates
        self._settings = settings
        self._journal = journal
        self._said = said
        self._traces = Traces()
        self.attribution = attribution_of(self._traces, files, said)

    @property
    def matters(self) -> bool:
        """Whether who reads depends on who wrote it: not where analysers are all there is."""
        return asks_for_author(self.candidates)

    @property
    def must_ask(self) -> bool:
        """Whether nothing tells, and the person has not been asked for this branch."""
        author = self.attribution.author
        is_told = author.is_known or author.tool == PERSON or self._said is not None
        return self.matters and not is_told and not self._traces.was_asked

    async def gather(self) -> None:
        """Look for traces, for as long as the settings allow. What git refuses is a notice."""
        how = Gathering(
            self._journal,
            self._settings.attribution_seconds,
            self._settings.read_sessions,
            dict(os.environ),
        )
        collected = self._collected
        try:
            with contained("Finding out who wrote the change"):
                self._traces = await in_background(
                    partial(gather_traces, collected.repository, collected.source, self._files, how)
                )
        except XReviewError as error:
            self._traces = Traces(notices=(str(error),))
        self._weigh()

    def answer(self, answer: AuthorAnswer) -> AuthorAnswered | None:
        """Let the person's word hold from now on; gives what to write down of it.

        None outside of a repository: there is nothing that it could be remembered for.
        """
        # Not to know is remembered, so that nobody asks again, and leaves the traces their say.
        self._said = answer if answer.vendor else None
        self._weigh()
        if self._collected.repository is None:
            return None
        return AuthorAnswered(self._traces.branch, answer.vendor, answer.model)

    def choice(self) -> ReaderChoice:
        """Who reads. Raises UsageError for a name that nobody has, ReviewerError for who can't."""
        paths = [file.path for file in self._files]
        return choose(self.attribution, self.candidates, self._settings.review_with, paths)

    def _weigh(self) -> None:
        self.attribution = attribution_of(self._traces, self._files, self._said)
