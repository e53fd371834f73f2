"""A running review: its session and the models that take part, for the app and for `review`."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

from xreview.domain.errors import ChangeError, ReviewerError, XReviewError
from xreview.domain.finding import Finding
from xreview.domain.related import RelatedCode
from xreview.domain.report import ReviewerIdentity
from xreview.domain.stance import Stance
from xreview.ports.reviewer import Reviewer
from xreview.review.asking.money import Asker
from xreview.review.assembly.parts import ReviewParts, new_session, policy_notices, review_parts
from xreview.review.assembly.run_options import RunOptions
from xreview.review.choosing.reading_plan import wants_answer
from xreview.review.choosing.rounds import AnswerRounds
from xreview.review.choosing.selection import ModelSelection, UserQuestions
from xreview.review.session.contained import contained
from xreview.review.session.own_draft import OwnDraft
from xreview.review.session.refusing import refusal_sentence
from xreview.review.session.session import ReviewSession
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.review.session.whole_change import WholeChange

if TYPE_CHECKING:  # for escalations only
    from xreview.review.attempts.listening import AttemptListening
    from xreview.review.escalate.escalating import Escalating
    from xreview.review.pulls.listening import PullListening


class RunningReview:
    """One review from its opening to its end."""

    def __init__(self, parts: ReviewParts, session: ReviewSession, asker: UserQuestions) -> None:
        self.change = parts.change
        self.options = parts.options
        self.session = session
        self.panel = parts.panel
        self.selection = ModelSelection(
            session, parts.authorship, parts.panel, parts.permission, asker, parts.options.brief
        )
        self.rounds = AnswerRounds(session, self.selection)
        self._listening: PullListening | None = None
        self._attempts: AttemptListening | None = None

    async def open(self) -> XReviewError | None:
        """Open the session; return and show the error if earlier decisions can't be read."""
        for sentence in policy_notices(self.change.files):
            self.session.notice(sentence)
        try:
            await self.session.open()
        except XReviewError as error:
            self.session.notice(str(error))
            return error
        return None

    async def select(self) -> Sequence[Reviewer]:
        """Choose and make the models that read. Raises as `ModelSelection.select`."""
        with contained("Choosing the models that read"):
            await self._name_refused()
            return await self.selection.select()

    async def run(
        self, selecting: Awaitable[Sequence[Reviewer]]
    ) -> AsyncGenerator[ReviewSnapshot, None]:
        """Review the change and have the findings answered; yield a snapshot after each update.

        `selecting` gives what `select` returns; the analysers wait neither for it nor for what is
        said on a pull request. Close the iterator to stop.
        """
        joining = [*self._hear_attempts(), selecting, *self._hear_discussion()]
        session = self.session
        with self.change.contents() as reader:
            counting = asyncio.to_thread(self.change.unshown)
            async with aclosing(session.review(reader, joining, counting)) as updates:
                async for snapshot in updates:
                    yield snapshot
            if (attempts := self._attempts) is not None:
                await attempts.answer()
                yield session.snapshot
            if self.options.settings.rebuttals:
                findings = [
                    one
                    for one in session.snapshot.open_findings
                    if attempts is None or not attempts.is_answered(one)
                    if wants_answer(one, session.snapshot.attention)
                ]
                async with aclosing(self.rounds.run(reader, findings)) as answers:
                    async for snapshot in answers:
                        yield snapshot

    def _hear_attempts(self) -> Iterator[Awaitable[Sequence[Reviewer]]]:
        """What compares the change with attempts, if it can have something of them."""
        source = self.change.source
        if self.change.repository is not None and not source.is_attempt:
            from xreview.review.attempts.listening import AttemptListening

            self._attempts = AttemptListening(self.change, self.session, self.options)
            yield self._attempts.join()

    def _hear_discussion(self) -> Iterator[Awaitable[Sequence[Reviewer]]]:
        """What reads what is said on the pull request, if the change is one."""
        pull = self.change.collected.pull
        if pull is not None:
            from xreview.review.pulls.listening import PullListening

            self._listening = PullListening(pull, self.change, self.session, self.options)
            yield self._listening.join()

    async def find_related(self) -> ReviewSnapshot:
        """Find out what is related to the change; return a snapshot that shows it.

        The review is as good without it, so a failure is only a notice.
        """
        from xreview.review.related.related import find_related

        try:
            with contained("Looking for related code"):
                self.session.show(related=await find_related(self.change))
        except XReviewError as error:
            self.session.notice(str(error))
            self.session.show(related=RelatedCode(why_none=str(error)))
        return self.session.snapshot

    async def ask_author(self, finding: Finding, show: Callable[[ReviewSnapshot], None]) -> Stance:
        """Have the author's model answer one finding.

        Raises NobodyToAskError if no such model is set up, ReviewerError if it is too early
        or it can't be asked about this, ConfigError if it can't be made.
        """
        session = self.session
        if session.snapshot.is_running:
            raise ReviewerError("The reviewers are still reading.", "Ask when they are done.")
        if session.snapshot.answering is not None:
            who = session.snapshot.answering.party.name
            raise ReviewerError(f"{who} is already answering.", "Wait until it is done.")
        with contained("Asking the author's model"), self.change.contents() as reader:
            answerer = await self.selection.pick_author_model(finding)
            async with aclosing(self.rounds.answers(answerer, reader, [finding])) as snapshots:
                async for snapshot in snapshots:
                    show(snapshot)
        if (stance := _stance_of(answerer.identity, finding, session.snapshot)) is None:
            raise ReviewerError(
                f"{answerer.identity.name} was not asked: a model of its own family reported this.",
                "Press e to ask another model or a colleague.",
            )
        return stance

    async def write_finding(self, draft: OwnDraft) -> str:
        """Report a problem as the user; return its fingerprint. Raises as
        `WritingSession.write_finding`."""
        with contained("Writing the finding"), self.change.contents() as reader:
            return await self.session.write_finding(draft, reader)

    def escalating(self) -> "Escalating":
        """Return what carries out escalations."""
        from xreview.review.escalate.escalating import Escalating

        return Escalating(self.session, self.selection, self.change, self.options.folders.state)

    async def close(self) -> None:
        """Close connections and the journal."""
        if self._listening is not None:
            await self._listening.close()
        await self.panel.close()
        await self.session.close()

    async def _name_refused(self) -> None:
        """Show which entries of the tree can't be files of a repository; no model reads them."""
        if self.change.source.head is None or (tree := self.change.tree()) is None:
            return
        try:
            refused = await asyncio.to_thread(lambda: tree.refused)
        except ChangeError as error:
            self.session.notice(str(error))
            return
        changed = {file.path for file in self.change.files}
        unsaid = {path: why for path, why in refused.items() if path not in changed}
        if unsaid:
            self.session.notice(refusal_sentence(unsaid))


async def start_review(
    change: WholeChange,
    options: RunOptions,
    asker_for: Callable[[ReviewSession], UserQuestions],
    ask_budget: Asker | None = None,
) -> RunningReview:
    """Put a review together. Call its `open` next.

    Raises as `review_parts` and `new_session`.
    """
    parts = await asyncio.to_thread(review_parts, change, options, ask_budget)
    session = await asyncio.to_thread(new_session, change, parts.options)
    return RunningReview(parts, session, asker_for(session))


def _stance_of(
    party: ReviewerIdentity, finding: Finding, snapshot: ReviewSnapshot
) -> Stance | None:
    """The party's stance now; the finding can have gained reports since it was asked about, and
    places of it that were answered apart are findings of their own."""
    asked = frozenset(finding.fingerprints)
    now = (one for one in snapshot.findings if not asked.isdisjoint(one.fingerprints))
    return next((said for one in now for said in one.stances if said.party == party), None)
