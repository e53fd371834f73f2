"""Selects the models that read a change or answer about it, while the analysers already read."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from xreview.domain.authorship.author import Attribution
from xreview.domain.authorship.author_answer import AuthorAnswer
from xreview.domain.errors import ChangeError, JournalError, UsageError
from xreview.domain.events.event import AuthorAnswered
from xreview.domain.finding import Finding
from xreview.domain.record import replace
from xreview.ports.reviewer import Reviewer
from xreview.review.choosing.authorship import Authorship
from xreview.review.choosing.choice import (
    Candidate,
    NobodyToAskError,
    ReaderChoice,
    no_author_model,
    no_third_model,
)
from xreview.review.choosing.panel import ChangeContext, Panel
from xreview.review.egress.consent import Consents, Egress
from xreview.review.escalate.positions import families_in
from xreview.review.prompt.brief import Background, cleared_background
from xreview.review.session.session import ReviewSession
from xreview.review.session.surroundings import now
from xreview.review.session.whole_change import WholeChange

if TYPE_CHECKING:  # for models only, which the first findings do without
    from xreview.review.asking.answerer import Answerer
    from xreview.review.rebut.grounding import ReadElsewhere

CONSENT_FILE = "egress.json"


class EgressPermission:
    """The permissions for one change; `--yes-egress` allows everything for this run
    (`is_given`)."""

    def __init__(self, change: WholeChange, panel: Panel, *, is_given: bool) -> None:
        self._change = change
        self._panel = panel
        self._is_given = is_given
        self._consents = Consents(panel.folders.state / CONSENT_FILE, panel.settings.egress)

    def covers(self, egress: Egress) -> bool:
        """Whether code can go there without a question. Reads the disk."""
        return self._is_given or self._consents.allows(self._change.repository_name, egress)

    def remember(self, egress: Egress) -> None:
        """Save a consent for this repository. Raises UsageError if it can't be written."""
        if self._change.repository is not None:
            self._consents.allow(self._change.repository_name, egress, now())

    def to_ask(self, names: Iterable[str]) -> tuple[Egress, ...]:
        """The places to ask the user about before these reviewers get code."""
        return tuple(one for one in self._panel.egress(names) if not self.covers(one))


_NO_MODEL = ReaderChoice((), "No model reads this change.")


class UserQuestions(Protocol):
    """The questions to the user; without a user, answered at once."""

    async def author_wanted(self, attribution: Attribution) -> AuthorAnswer | None:
        """Ask who wrote the change; None if the user doesn't answer now."""
        ...

    async def egress_wanted(self, egress: Egress) -> bool:
        """Ask whether code can go to a vendor, the first time from this repository."""
        ...


class ModelSelection:
    """Selects the models of one session; `brief` is the user's purpose of the change, "" for
    none."""

    def __init__(
        self,
        session: ReviewSession,
        authorship: Authorship,
        panel: Panel,
        permission: EgressPermission,
        asker: UserQuestions,
        brief: str = "",
    ) -> None:
        self._session = session
        self._panel = panel
        self._permission = permission
        self._asker = asker
        self._context = ChangeContext(brief)
        self.authorship = authorship

    async def select(self) -> Sequence[Reviewer]:
        """Choose and make the models that read, and attribute and weigh the change in the session.

        If you refuse to send code to a vendor, the next best model is chosen. Raises UsageError if
        a named reviewer doesn't exist, ReviewerError if one can't be used, ConfigError or
        ModelError if one can't be made.
        """
        finding = asyncio.create_task(self._panel.find())  # both can take a while
        try:
            await self._gather()
        except BaseException:
            finding.cancel()
            raise
        self.authorship.candidates = await finding
        for sentence in self._panel.prompts.notices:
            self._session.notice(sentence)
        answered, choice = None, _NO_MODEL
        try:
            answered = await self._ask_author()
            choice = await self._allowed_choice()
            if any(one.candidate.is_model for one in choice.assignments):
                self._panel.gate.get_ready()
        finally:
            # The author is worth showing even if no model can read, or nobody answers.
            await self._session.attribute(self.authorship.attribution, choice)
        if answered is not None:
            try:
                await self._session.answer_author(answered)
            except JournalError as error:
                self._session.notice(str(error))
        await self._add_messages()
        return self._panel.reviewers(choice.assignments, self._context)

    async def answer(self, said: AuthorAnswer) -> None:
        """Use the author that the user names later. The reviewers stay the same.

        Raises JournalError if it can't be remembered.
        """
        answered = self.authorship.answer(said)
        choice = self._session.snapshot.choice or _NO_MODEL
        await self._session.attribute(self.authorship.attribution, choice)
        if answered is not None:
            await self._session.answer_author(answered)

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """Every reviewer found, usable or not."""
        return self.authorship.candidates

    def author_of(self, finding: Finding) -> str:
        """The family that wrote a finding's file; "" where unknown or several did."""
        return self.authorship.attribution.family_of(finding.anchor.path)

    async def pick_author_model(self, finding: Finding) -> "Answerer":
        """Pick the first usable model of the family that wrote the finding's file.

        Raises NobodyToAskError if none can be asked, ConfigError or ModelError if it can't be
        made.
        """
        vendor = self.author_of(finding)
        answerer = await self.pick_model(lambda one: bool(vendor) and one.vendor == vendor)
        if answerer is None:
            is_by_person = self.authorship.attribution.author.is_person
            raise no_author_model(vendor, self.candidates, is_by_person=is_by_person)
        return answerer

    def third_model_test(self, finding: Finding) -> Callable[[Candidate], bool]:
        """What tells a third vendor's model: of a family not involved in the finding."""
        taken = self._involved(finding)
        return lambda one: bool(one.vendor) and one.vendor not in taken

    def why_no_third_model(self, finding: Finding) -> str:
        """Why no third vendor's model can be asked; "" if one can, as far as is known."""
        is_third = self.third_model_test(finding)
        if any(one.is_model and one.is_usable and is_third(one) for one in self.candidates):
            return ""
        return self.no_third_model(finding).message

    def no_third_model(self, finding: Finding) -> NobodyToAskError:
        """The error where no third vendor's model can be asked."""
        return no_third_model(self._involved(finding), self.candidates)

    def _involved(self, finding: Finding) -> frozenset[str]:
        return families_in(finding) | {self.author_of(finding)}

    async def pick_model(self, is_wanted: Callable[[Candidate], bool]) -> "Answerer | None":
        """Pick the first usable model that is wanted and allowed; None if there isn't one.

        Asks the user about egress; a refused model stays unusable. Raises ConfigError or
        ModelError if it can't be made.
        """
        for one in self.candidates:
            if not (one.is_model and one.is_usable and is_wanted(one)):
                continue
            places = self._panel.egress([one.name])
            if all([await self._is_allowed(egress) for egress in places]):
                return self._panel.answerer(one.name)
            for egress in places:
                self._refuse(egress)
        return None

    async def allows(self, name: str) -> bool:
        """Whether code may go to the model of that name; asks the user about egress."""
        places = self._panel.egress([name])
        return all([await self._is_allowed(egress) for egress in places])

    async def background(self) -> Background:
        """What models learn about the change besides its code, with likely secrets withheld."""
        context, conventions = self._context, self._session.conventions
        gate = self._panel.gate
        return (await cleared_background(gate, context.brief, context.messages, conventions))[0]

    def elsewhere(self) -> "ReadElsewhere | None":
        """Return what reads files outside of the change, to look up what an answer quotes."""
        return self._panel.elsewhere()

    async def permitted(self) -> frozenset[str]:
        """The usable models that code may go to without a question to the user."""
        names = [one.name for one in self.candidates if one.is_model and one.is_usable]
        to_ask = await asyncio.to_thread(self._permission.to_ask, names)
        return frozenset(names) - {name for place in to_ask for name in place.reviewers}

    async def _gather(self) -> None:
        """Find out who wrote the change and how much attention it deserves, and show the latter:
        it is of use without a model too."""
        await self.authorship.gather()
        for notice in self.authorship.notices:
            self._session.notice(notice)
        if self.authorship.weighed is not None:
            await self._session.weigh(
                self.authorship.weighed.stakes, self.authorship.weighed.attention
            )
            self._context = replace(self._context, attention=self.authorship.attention)

    async def _ask_author(self) -> AuthorAnswered | None:
        if not self.authorship.must_ask:
            return None
        answer = await self._asker.author_wanted(self.authorship.attribution)
        return self.authorship.answer(answer) if answer else None

    async def _allowed_choice(self) -> ReaderChoice:
        """A choice that the user allows code to go to; each refusal makes a model unusable."""
        while True:
            choice = self.authorship.choice()
            for egress in self._panel.egress(choice.reviewers):
                if not await self._is_allowed(egress):
                    self._refuse(egress)
                    break
            else:
                return choice

    async def ask_egress(self, egress: Egress) -> bool:
        """Ask the user whether code can go to a place, and remember nothing."""
        return await self._asker.egress_wanted(egress)

    async def _is_allowed(self, egress: Egress) -> bool:
        if await asyncio.to_thread(self._permission.covers, egress):
            return True
        if not await self._asker.egress_wanted(egress):
            return False
        try:
            await asyncio.to_thread(self._permission.remember, egress)
        except UsageError as error:
            self._session.notice(str(error))
        return True

    def _refuse(self, egress: Egress) -> None:
        why = f"code can't go to {egress.place}"
        self.authorship.candidates = tuple(
            replace(one, is_usable=False, why_not=why) if one.name in egress.reviewers else one
            for one in self.candidates
        )

    async def _add_messages(self) -> None:
        try:
            messages = await asyncio.to_thread(self.authorship.change.messages)
        except ChangeError as error:
            self._session.notice(str(error))
        else:
            self._context = replace(self._context, messages=messages)
