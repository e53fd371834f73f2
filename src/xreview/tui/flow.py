"""The app's side of one session: collect, open, review; each step is told to a listener."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from xreview.domain.authorship.author import Attribution
from xreview.domain.authorship.author_answer import AuthorAnswer
from xreview.domain.change import FileDiff
from xreview.domain.errors import ReviewerError, XReviewError
from xreview.domain.report import ReviewerIdentity
from xreview.repo.change.collecting import CollectedChange
from xreview.review.assembly.run_options import RunOptions
from xreview.review.session.contained import contained
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.tui.collector import Collector

if TYPE_CHECKING:  # brings the journal with it, which the first frame does without
    from xreview.domain.finding import Finding
    from xreview.domain.stance import Stance
    from xreview.ports.reviewer import Reviewer
    from xreview.review.choosing.joining import Joining
    from xreview.review.choosing.panel import Panel
    from xreview.review.egress.consent import Egress
    from xreview.review.escalate.escalating import Escalating
    from xreview.review.past.precedents import Precedents
    from xreview.review.session.session import ReviewSession


class FlowListener(Protocol):
    """Who is told, and asked."""

    def files_arrived(self, files: tuple[FileDiff, ...]) -> None:
        """Git gave more of the change."""
        ...

    def session_opened(self, session: "ReviewSession") -> None:
        """From now on decisions can be made."""
        ...

    def snapshot_taken(self, snapshot: ReviewSnapshot) -> None:
        """There is a newer state to show."""
        ...

    def precedents_read(self, precedents: "Precedents") -> None:
        """What the journal has beside the findings."""
        ...

    async def author_wanted(self, attribution: Attribution) -> AuthorAnswer | None:
        """Nothing tells who wrote the change: ask the person; None where they do not answer now."""
        ...

    async def egress_wanted(self, egress: "Egress") -> bool:
        """Code would go to a vendor for the first time: ask the person."""
        ...

    async def budget_wanted(self, wanted: float, cap: float) -> bool:
        """The models would cost more than the cap, in US dollars: ask the person."""
        ...

    def trouble(self, error: XReviewError) -> None:
        """Something failed, the session goes on."""
        ...


class Flow:
    """Runs one session for the app."""

    def __init__(self, collector: Collector, options: RunOptions, listener: FlowListener) -> None:
        self._collector = collector
        self._options = options
        self._listener = listener
        self._session: ReviewSession | None = None
        self._collected: CollectedChange | None = None
        self._panel: Panel | None = None
        self._joining: Joining | None = None
        self._reviewing: asyncio.Task[None] | None = None
        self._choosing: asyncio.Task[Sequence[Reviewer]] | None = None
        self._looking_back: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Everything from the first line of git to the last report.

        Raises XReviewError where there is no change to show.
        """
        collected = self._collected = await self._collector.opened()
        self._listener.snapshot_taken(ReviewSnapshot("", collected.source))
        files = await self._collect()
        session = await self._new_session(collected, files)
        try:
            await session.open()
        except XReviewError as error:
            session.notice(str(error))
            self._listener.trouble(error)
        self._listener.session_opened(session)
        self._listener.snapshot_taken(session.snapshot)
        self._choosing = asyncio.create_task(self._choose(session, collected, files))
        self._looking_back = asyncio.create_task(self._read_precedents(session))
        if session.snapshot.files:
            self._reviewing = asyncio.create_task(self._review(session, collected, self._choosing))
            await asyncio.wait([self._reviewing])
            await session.retry_unsaved()
            self._listener.snapshot_taken(session.snapshot)
            if not self._reviewing.cancelled():
                self._reviewing.result()
        else:
            await self._choosing

    async def _collect(self) -> list[FileDiff]:
        files: list[FileDiff] = []
        async with aclosing(self._collector.batches()) as arriving:
            async for batch in arriving:
                self._listener.files_arrived(batch)
                files += batch
        return files

    async def _new_session(
        self, collected: CollectedChange, files: Sequence[FileDiff]
    ) -> "ReviewSession":
        # Imported here: SQLite and the reviewers are not needed for the first frame.
        from xreview.review.assembly.opening import new_session
        from xreview.review.assembly.policy import governed, policy_notices

        self._options = await asyncio.to_thread(governed, self._options, collected)
        session = await asyncio.to_thread(new_session, collected, self._options)
        session.add_files(files)
        session.finish_collecting()
        for sentence in policy_notices(files):
            session.notice(sentence)
        self._session = session
        return session

    async def _choose(
        self, session: "ReviewSession", collected: CollectedChange, files: Sequence[FileDiff]
    ) -> "Sequence[Reviewer]":
        """Who reads beside the analysers; meanwhile those read already."""
        from xreview.review.asking.money import Money
        from xreview.review.choosing.joining import Joining
        from xreview.review.choosing.panel import Panel

        options = self._options
        money = Money(options.settings.budget, self._listener.budget_wanted)
        repository = collected.repository
        folder = repository.folder if repository else Path.cwd()
        new_panel = options.new_panel or Panel
        self._panel = new_panel(options.settings, options.folders, options.environ, money, folder)
        self._joining = Joining(collected, files, options, self._panel, self._listener)
        try:
            with contained("Choosing the models that read"):
                return await self._joining.join(session)
        except XReviewError as error:
            self._listener.trouble(error)
            raise
        finally:
            self._listener.snapshot_taken(session.snapshot)

    @property
    def author_matters(self) -> bool:
        """Whether who reads depends on who wrote the change."""
        return self._joining is not None and self._joining.authorship.matters

    async def answer_author(self, answer: AuthorAnswer) -> bool:
        """Take a person's word for who wrote the change; False where it is too early for that."""
        session, joining, choosing = self._session, self._joining, self._choosing
        if session is None or joining is None or choosing is None:
            return False
        await asyncio.wait([choosing])
        try:
            with contained("Taking in who wrote the change"):
                await joining.answer(session, answer)
        except XReviewError as error:
            self._listener.trouble(error)
        self._listener.snapshot_taken(session.snapshot)
        return True

    async def _review(
        self,
        session: "ReviewSession",
        collected: CollectedChange,
        choosing: "asyncio.Task[Sequence[Reviewer]]",
    ) -> None:
        try:
            with contained("The review"):
                await self._review_and_rebut(session, collected, choosing)
        except XReviewError as error:
            session.notice(str(error))
            self._listener.trouble(error)

    async def _review_and_rebut(
        self,
        session: "ReviewSession",
        collected: CollectedChange,
        choosing: "asyncio.Task[Sequence[Reviewer]]",
    ) -> None:
        from xreview.review.assembly.opening import contents

        with contents(collected) as reader:
            # Stopping the reviewers must not stop the search for the author, which is shown too.
            joining = asyncio.shield(choosing)
            counting = asyncio.to_thread(collected.count, session.snapshot.files)
            async with aclosing(session.review(reader, joining, counting)) as updates:
                async for snapshot in updates:
                    self._listener.snapshot_taken(snapshot)
            if self._options.settings.rebuttals and self._joining is not None:
                findings = session.snapshot.open_findings
                async with aclosing(self._joining.rebut(session, reader, findings)) as answers:
                    async for snapshot in answers:
                        self._listener.snapshot_taken(snapshot)

    async def rebut(self, finding: "Finding") -> "Stance":
        """Have the author's model answer one finding; gives back what it answered.

        Raises NobodyToAskError where there is no such model, ReviewerError where it is too early
        or there is nothing that it can be asked, ConfigError where it can't be made.
        """
        session, joining, collected = self._ready()
        if session.snapshot.is_running:
            raise ReviewerError("The reviewers are still reading.", "Ask once they are through.")
        if session.snapshot.answering is not None:
            who = session.snapshot.answering.party.name
            raise ReviewerError(f"{who} is answering already.", "Wait until it is through.")
        from xreview.review.assembly.opening import contents

        with contained("Asking the author's model"), contents(collected) as reader:
            answerer = await joining.authors_model(session, joining.author_of(finding))
            answers = joining.answers(session, answerer, reader, [finding])
            async with aclosing(answers) as snapshots:
                async for snapshot in snapshots:
                    self._listener.snapshot_taken(snapshot)
        if (stance := _stance_of(answerer.identity, finding, session.snapshot)) is None:
            raise ReviewerError(
                f"{answerer.identity.name} was not asked: its own family raised this.",
                "e asks somebody else.",
            )
        return stance

    def escalating(self) -> "Escalating":
        """What carries out escalations. Raises ReviewerError where it is too early for that."""
        session, joining, collected = self._ready()
        from xreview.review.escalate.escalating import Escalating

        return Escalating(session, joining, collected, self._options)

    def _ready(self) -> "tuple[ReviewSession, Joining, CollectedChange]":
        session, joining, collected = self._session, self._joining, self._collected
        choosing = self._choosing
        if session is None or joining is None or collected is None:
            raise ReviewerError("The change is still being read.", "Try again in a moment.")
        if choosing is not None and not choosing.done():
            raise ReviewerError(
                "It is still being found out who can be asked.", "Try again in a moment."
            )
        return session, joining, collected

    async def _read_precedents(self, session: "ReviewSession") -> None:
        from xreview.review.past.precedents import read_precedents

        # Only now: the first findings matter more than what the journal adds to them.
        if self._choosing is not None:
            await asyncio.wait([self._choosing])
        try:
            with contained("Reading the journal"):
                read = await asyncio.to_thread(
                    read_precedents, self._options.journal, session.repository
                )
        except XReviewError as error:
            session.notice(str(error))
            return
        session.learn(read.record)
        self._listener.snapshot_taken(session.snapshot)
        self._listener.precedents_read(read)

    def stop_review(self) -> bool:
        """Stop the reviewers; False where none is reading."""
        return self._reviewing is not None and self._reviewing.cancel()

    @property
    def is_patch_from_stdin(self) -> bool:
        """Whether the change came from a pipe that is empty now."""
        return self._collector.reads_stdin

    async def close(self) -> None:
        """Stop everything and let the journal go."""
        self._collector.stop()
        tasks = (self._reviewing, self._choosing, self._looking_back)
        stopping = [task for task in tasks if task and task.cancel()]
        if stopping:
            await asyncio.wait(stopping)
        if self._panel is not None:
            await self._panel.close()
        if self._session is not None:
            await self._session.close()


def _stance_of(
    party: ReviewerIdentity, finding: "Finding", snapshot: ReviewSnapshot
) -> "Stance | None":
    """What the party says now of the finding, which may have more reports since it was asked."""
    for one in snapshot.findings:
        if not set(one.fingerprints).isdisjoint(finding.fingerprints):
            return next((stance for stance in one.stances if stance.party == party), None)
    return None
