"""Choosing the models that read beside the analysers, while those read already.

Who wrote the change is found out, or asked; an opponent is chosen; the person is asked before code
goes to a vendor for the first time. A no makes that model unavailable, and the next one is chosen.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Iterable, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Protocol

from xreview.domain.authorship.author import Attribution
from xreview.domain.authorship.author_answer import AuthorAnswer
from xreview.domain.change import FileDiff
from xreview.domain.errors import ChangeError, JournalError, UsageError, XReviewError
from xreview.domain.events.event import AuthorAnswered
from xreview.domain.finding import Finding
from xreview.ports.reviewer import ContentReader, Reviewer
from xreview.repo.change.collecting import CollectedChange
from xreview.repo.files.tree import RepositoryTree
from xreview.review.asking.answerer import Answerer
from xreview.review.assembly.opening import NO_REPOSITORY, now
from xreview.review.assembly.run_options import RunOptions
from xreview.review.choosing.authorship import Authorship
from xreview.review.choosing.nobody import nobody_of_the_author
from xreview.review.choosing.opponent import Candidate, ReaderChoice
from xreview.review.choosing.panel import ChangeContext, Panel, change_background
from xreview.review.egress.consent import Egress
from xreview.review.prompt.brief import Background, cleared_background
from xreview.review.rebut.grounding import ReadElsewhere
from xreview.review.rebut.selection import between_reviewers
from xreview.review.session.contained import contained
from xreview.review.session.refusing import refusal_sentence
from xreview.review.session.session import ReviewSession
from xreview.review.session.snapshot import ReviewSnapshot


class Asker(Protocol):
    """Asks the person; each answers at once where there is nobody to ask."""

    async def author_wanted(self, attribution: Attribution) -> AuthorAnswer | None:
        """Nothing tells who wrote the change; None where the person does not answer now."""
        ...

    async def egress_wanted(self, egress: Egress) -> bool:
        """Code would go to a vendor for the first time from this repository: may it?"""
        ...


class Joining:
    """Finds, chooses and makes the models of one session.

    Args:
        files: all of the change.
        panel: where they are found, and what makes them.
    """

    def __init__(
        self,
        collected: CollectedChange,
        files: Sequence[FileDiff],
        options: RunOptions,
        panel: Panel,
        asker: Asker,
    ) -> None:
        self._collected = collected
        self._files = files
        self._options = options
        self._panel = panel
        self._asker = asker
        self._candidates: tuple[Candidate, ...] = ()
        self._told = ChangeContext(options.brief)
        self.authorship = Authorship(
            collected, files, (), options.settings, options.journal, options.said
        )

    async def join(self, session: ReviewSession) -> Sequence[Reviewer]:
        """The models that read from now on; the session is told who wrote the change and why they.

        Raises UsageError where one was asked for that is not there, ReviewerError where it can't be
        used or something else fails, ConfigError or ModelError where one can't be made.
        """
        with contained("Choosing the models that read"):
            return await self._joined(session)

    async def _joined(self, session: ReviewSession) -> Sequence[Reviewer]:
        await self._name_refused(session)
        self._candidates = await self._panel.find()
        self.authorship.candidates = self._candidates
        await self.authorship.gather()
        answered = await self._author()
        try:
            choice = await self._allowed_choice(session)
        finally:
            # Who wrote it is worth showing even where nobody can read it.
            if session.snapshot.attribution is None:
                await session.attribute(self.authorship.attribution, self._fallback())
        await session.attribute(self.authorship.attribution, choice)
        if answered is not None:
            try:
                await session.answer_author(answered)
            except JournalError as error:
                session.notice(str(error))
        self._told = told = await self._background(session)
        return self._panel.reviewers(choice.assignments, self._collected, told)

    async def rebut(
        self, session: ReviewSession, contents: ContentReader, findings: Sequence[Finding]
    ) -> AsyncGenerator[ReviewSnapshot, None]:
        """The one round of answers to what was reported, by those that can be asked.

        Models of the authors' families answer for the files that they wrote; models of different
        families that read the change answer what the others raised alone.
        """
        choice = session.snapshot.choice
        readers = frozenset(choice.reviewers if choice else ())
        # All of it before anybody is asked: what is lone now is answered, whatever authors say.
        rounds: list[tuple[str, Sequence[Finding], Collection[str] | None]] = [
            *((vendor, own, None) for vendor, own in self._by_author(findings).items()),
            *(
                (vendor, theirs, readers)
                for vendor, theirs in between_reviewers(findings, self.author_of).items()
            ),
        ]
        for vendor, asked, among in rounds:
            answers = self._round(session, contents, vendor, asked, among)
            async with aclosing(answers) as snapshots:
                async for snapshot in snapshots:
                    yield snapshot

    async def _round(
        self,
        session: ReviewSession,
        contents: ContentReader,
        vendor: str,
        findings: Sequence[Finding],
        among: Collection[str] | None,
    ) -> AsyncGenerator[ReviewSnapshot, None]:
        """One family's answers; none where nobody of it can be asked.

        Args:
            among: the names of those that may answer; None for all of the family.
        """
        try:
            with contained("A round of answers"):
                answerer = await self.first_allowed(
                    session,
                    lambda one: one.vendor == vendor and (among is None or one.name in among),
                )
                if answerer is None:
                    return
                answers = self.answers(session, answerer, contents, findings)
                async with aclosing(answers) as snapshots:
                    async for snapshot in snapshots:
                        yield snapshot
        except XReviewError as error:
            session.notice(str(error))

    def _by_author(self, findings: Sequence[Finding]) -> dict[str, list[Finding]]:
        """The findings by the family that wrote the file they are in, where that is one."""
        found: dict[str, list[Finding]] = {}
        for finding in findings:
            if vendor := self.author_of(finding):
                found.setdefault(vendor, []).append(finding)
        return found

    async def answers(
        self,
        session: ReviewSession,
        answerer: Answerer,
        contents: ContentReader,
        findings: Sequence[Finding],
    ) -> AsyncGenerator[ReviewSnapshot, None]:
        """Have that model answer what others reported."""
        stream = session.rebut(
            findings, answerer, contents, await self.told(session), self.elsewhere
        )
        async with aclosing(stream) as snapshots:
            async for snapshot in snapshots:
                yield snapshot

    async def authors_model(self, session: ReviewSession, vendor: str) -> Answerer:
        """The first usable model of the family that wrote some code, and that code may go to.

        Raises NobodyToAskError where there is none, ConfigError or ModelError where it can't be
        made.
        """
        answerer = await self.first_allowed(
            session, lambda one: bool(vendor) and one.vendor == vendor
        )
        if answerer is None:
            raise nobody_of_the_author(vendor, self._candidates)
        return answerer

    async def first_allowed(
        self, session: ReviewSession, is_wanted: Callable[[Candidate], bool]
    ) -> Answerer | None:
        """The first usable model that is wanted, and that code may go to; None for nobody.

        Raises ConfigError or ModelError where it can't be made.
        """
        for one in self._candidates:
            if not (one.is_model and one.is_usable and is_wanted(one)):
                continue
            there = self._egress([one.name])
            if all([await self._is_allowed(egress, session) for egress in there]):
                return self._panel.answerer(one.name, self._collected)
            for egress in there:
                self._refuse(egress)
        return None

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """Everyone who could be asked, those who can't be among them."""
        return self._candidates

    def author_of(self, finding: Finding) -> str:
        """The family that wrote a finding's file; "" for several, and where nobody knows."""
        return self.authorship.attribution.family_of(finding.anchor.path)

    async def told(self, session: ReviewSession) -> Background:
        """What models are told of the change beside its code, without what looks like a secret."""
        told, conventions = self._told, session.conventions
        gate = self._panel.gate
        return (await cleared_background(gate, told.brief, told.messages, conventions))[0]

    @property
    def elsewhere(self) -> ReadElsewhere | None:
        """Reads files outside of the change, for looking up what an answer quotes."""
        return self._panel.elsewhere(self._collected)

    async def answer(self, session: ReviewSession, said: AuthorAnswer) -> None:
        """Take a person's later word for who wrote the change. Who reads now goes on reading.

        Raises JournalError where it can't be remembered.
        """
        answered = self.authorship.answer(said)
        choice = session.snapshot.choice or self._fallback()
        await session.attribute(self.authorship.attribution, choice)
        if answered is not None:
            await session.answer_author(answered)

    async def _name_refused(self, session: ReviewSession) -> None:
        """Say which entries of the tree that models may read are none of a repository."""
        collected = self._collected
        if collected.repository is None or collected.source.head is None:
            return
        tree = RepositoryTree(collected.source, collected.repository)
        try:
            refused = await asyncio.to_thread(lambda: tree.refused)
        except ChangeError as error:
            session.notice(str(error))
            return
        changed = {file.path for file in self._files}
        unsaid = {path: why for path, why in refused.items() if path not in changed}
        if unsaid:
            session.notice(refusal_sentence(unsaid))

    async def _author(self) -> AuthorAnswered | None:
        if not self.authorship.must_ask:
            return None
        answer = await self._asker.author_wanted(self.authorship.attribution)
        return self.authorship.answer(answer) if answer else None

    async def _allowed_choice(self, session: ReviewSession) -> ReaderChoice:
        """A choice whose egress is allowed; each refusal takes a model from the candidates."""
        while True:
            choice = self.authorship.choice()
            for egress in self._egress(choice.reviewers):
                if not await self._is_allowed(egress, session):
                    self._refuse(egress)
                    break
            else:
                return choice

    def _egress(self, names: Iterable[str]) -> tuple[Egress, ...]:
        """Where the code of this change would go to ask these reviewers."""
        size = sum(len(file.body) for file in self._files)
        return self._panel.egress(names, len(self._files), size)

    async def _is_allowed(self, egress: Egress, session: ReviewSession) -> bool:
        repository = self._collected.repository
        name = repository.identity if repository else NO_REPOSITORY
        consents = self._panel.consents
        if self._options.allows_egress or await asyncio.to_thread(consents.allows, name, egress):
            return True
        if not await self._asker.egress_wanted(egress):
            return False
        if repository is not None:
            try:
                await asyncio.to_thread(consents.allow, name, egress, now())
            except UsageError as error:
                session.notice(str(error))
        return True

    def _refuse(self, egress: Egress) -> None:
        why = f"no code may go to {egress.place}"
        self._candidates = tuple(
            replace(one, is_usable=False, why_not=why) if one.name in egress.reviewers else one
            for one in self._candidates
        )
        self.authorship.candidates = self._candidates

    def _fallback(self) -> ReaderChoice:
        """What is said where no choice could be made: nobody but the analysers."""
        return ReaderChoice((), "No model reads this change.")

    async def _background(self, session: ReviewSession) -> ChangeContext:
        try:
            return await asyncio.to_thread(change_background, self._collected, self._options.brief)
        except ChangeError as error:
            session.notice(str(error))
            return ChangeContext(self._options.brief)
