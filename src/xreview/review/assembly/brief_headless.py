"""A description without an interface: for a change or a recorded session, and into its request."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from xreview.domain.briefing.template import DescriptionTemplate
from xreview.domain.errors import ChangeError, ReviewerError
from xreview.domain.events.event import BriefWritten, Event, Payload, PullPayload
from xreview.domain.pull.address import ForgeKind, PullAddress
from xreview.domain.record import dataclass
from xreview.domain.text import visible
from xreview.journal.queries import SessionSummary
from xreview.journal.store import Journal
from xreview.repo.change.request import ChangeRequest
from xreview.repo.hardened.processes import Processes
from xreview.repo.repository import Repository, find_repository
from xreview.review.asking.answerer import Answerer
from xreview.review.assembly.brief_place import (
    describing_at,
    description_address,
    template_kind,
)
from xreview.review.assembly.headless import NoUser
from xreview.review.assembly.parts import under_policy
from xreview.review.assembly.run_options import RunOptions
from xreview.review.assembly.running import start_review
from xreview.review.briefing.basis import BriefBasis
from xreview.review.briefing.draft import BriefDraft, BriefWording
from xreview.review.briefing.finding_template import found_template
from xreview.review.briefing.sources import basis_of_change, basis_of_session
from xreview.review.briefing.wording import word_brief
from xreview.review.choosing.choice import Candidate
from xreview.review.pulls.describing import PullDescribing
from xreview.review.pulls.opening import collect_change
from xreview.review.session.ledger import Ledger
from xreview.review.session.session_events import Hearing
from xreview.review.session.surroundings import new_id, now
from xreview.review.session.whole_change import WholeChange, read_to_end


@dataclass(frozen=True)
class HeadlessBrief:
    """What a description is made of, and where it can go.

    Args:
        repository: None outside of one. base: the full id of the change's old side; None if
            unknown. kind: of the forge, as far as is known.
        head: the full id of the commit that the text is about; "" for files on disk.
        name, user: the repository and the user, as events name them.
    """

    basis: BriefBasis
    options: RunOptions
    request: ChangeRequest
    repository: Repository | None
    base: str | None
    kind: ForgeKind | None
    head: str
    name: str
    user: str

    def template(self) -> DescriptionTemplate | None:
        """The repository's own template from before the change; None for none. Blocks on git."""
        if self.repository is None:
            return None
        return found_template(self.repository, self.base, self.kind)

    def word(self, reviewer: str, template: DescriptionTemplate | None) -> BriefWording:
        """Have the model of that name word it. Raises ReviewerError, ModelError."""
        return asyncio.run(self._word(reviewer, template))

    async def _word(self, reviewer: str, template: DescriptionTemplate | None) -> BriefWording:
        with Processes():
            collected = await asyncio.to_thread(collect_change, self.request, self.options)
            try:
                change = await asyncio.to_thread(read_to_end, collected, self.request)
                review = await start_review(change, self.options, NoUser)
                try:
                    selection = review.selection
                    selection.authorship.candidates = await review.panel.find()
                    answerer = await selection.pick_model(lambda one: one.name == reviewer)
                    if answerer is None:
                        notices = review.session.snapshot.notices
                        raise _no_model(reviewer, selection.candidates, notices)
                    return await self._recorded(answerer, template)
                finally:
                    await review.close()
            finally:
                collected.close()

    async def _recorded(
        self, answerer: Answerer, template: DescriptionTemplate | None
    ) -> BriefWording:
        """The wording; what it cost is recorded in the session, if there is one."""
        hearing = Hearing(answerer.identity, now())
        try:
            return await word_brief(answerer, self.basis, template, hearing.take)
        finally:
            if self.basis.session:
                await self._record(self.basis.session, *hearing.facts(now()))

    async def _record(self, session: str, *payloads: Payload) -> None:
        ledger = Ledger(self.options.journal)
        try:
            await ledger.append([self._event(one, session) for one in payloads])
        finally:
            await ledger.close()

    async def keep(self, basis: BriefBasis, draft: BriefDraft, target: str) -> bool:
        """Record that it was written, with the answers; False if there is no session to record it
        in. Raises JournalError."""
        if not basis.session:
            return False
        written = BriefWritten(target, draft.digest, basis.given, draft.by)
        await self._record(basis.session, written)
        return True

    def pull_address(self, text: str) -> PullAddress:
        """The pull request that is meant; "" for that of the change, or of the checked-out branch.

        Blocks on the network. Raises UsageError, ForgeError.
        """
        own = self.basis.document.latest.source.pull
        return description_address(text, own, self.repository, self.options)

    def describing(self, address: PullAddress) -> tuple[PullDescribing, Ledger]:
        """What writes into the pull request, and the journal that it records in; close both."""
        ledger = Ledger(self.options.journal)
        session = self.basis.session or new_id()

        async def record(*payloads: PullPayload) -> None:
            await ledger.append([self._event(one, session) for one in payloads])

        return describing_at(address, self.head, self.options, record), ledger

    def _event(self, payload: Payload, session: str) -> Event:
        return Event(new_id(), session, self.name, now(), self.user, payload)


def read_brief(request: ChangeRequest, options: RunOptions) -> HeadlessBrief:
    """Read a change and what was recorded about it. Blocks on git, the journal, and for a pull
    request on the network. Raises XReviewError."""
    with Processes():
        collected = collect_change(request, options)
        try:
            change = read_to_end(collected, request)
            options = under_policy(options, collected)
            basis = basis_of_change(change, options.journal, change.actor)
            return _headless(basis, options, request, change)
        finally:
            collected.close()


def read_session_brief(
    session: SessionSummary, cwd: Path, options: RunOptions, user: str
) -> HeadlessBrief:
    """Read what a session recorded, whatever the files on disk are now. Raises XReviewError."""
    with Journal.open(options.journal) as journal:
        try:
            repository = find_repository(cwd)
        except ChangeError:
            repository = None  # the journal can be read anywhere
        if repository is not None and repository.identity != session.repository:
            repository = None
        basis = basis_of_session(journal, session, repository, user)
    source = basis.document.latest.source
    kind = template_kind(repository, options, source.pull)
    return HeadlessBrief(
        basis,
        options,
        ChangeRequest(cwd),
        repository,
        source.base,
        kind,
        source.head or "",
        session.repository,
        user,
    )


def _headless(
    basis: BriefBasis, options: RunOptions, request: ChangeRequest, change: WholeChange
) -> HeadlessBrief:
    source = change.source
    kind = template_kind(change.repository, options, source.pull)
    return HeadlessBrief(
        basis,
        options,
        request,
        change.collected.files_in,
        source.base,
        kind,
        source.head or "",
        change.repository_name,
        change.actor,
    )


def _no_model(name: str, candidates: Sequence[Candidate], notices: Sequence[str]) -> ReviewerError:
    """Why no model of that name was asked: unknown, unusable, or no code may go to it."""
    known = next((one for one in candidates if one.name == name and one.is_model), None)
    if known is None:
        names = ", ".join(one.name for one in candidates if one.is_model and one.is_usable)
        return ReviewerError(
            f"There is no model “{visible(name)}” to ask.",
            f"Use one of: {names}." if names else "`xreview-tui models` shows what can be set up.",
        )
    why = known.why_not or (notices[-1] if notices else "code can't go to its host")
    return ReviewerError(f"{visible(name)} can't be asked: {visible(why)}", "")
