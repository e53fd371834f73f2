"""The description of the change in a running review, and the way into its pull request."""

import asyncio

from xreview.domain.briefing.template import DescriptionTemplate
from xreview.domain.changed_file import changed_file
from xreview.domain.events.upkeep_events import BriefAnswer
from xreview.domain.pull.address import PullAddress
from xreview.domain.record import dataclass, replace
from xreview.journal.store import Journal
from xreview.review.assembly.brief_place import (
    describing_at,
    description_address,
    template_kind,
)
from xreview.review.assembly.running import RunningReview
from xreview.review.briefing.basis import BriefBasis, brief_record, heavy_files
from xreview.review.briefing.draft import BriefDraft
from xreview.review.briefing.finding_template import found_template
from xreview.review.briefing.sources import messages_of, sessions_of
from xreview.review.pulls.describing import PullDescribing
from xreview.review.pulls.original import original_of
from xreview.review.record.document import exportable


@dataclass(frozen=True)
class RunningBrief:
    """Reads what a running review knows for a description, and keeps what was written."""

    review: RunningReview

    async def basis(self) -> BriefBasis:
        """What there is to say now. Raises ChangeError, JournalError."""
        found = await exportable(self.review.session, self.review.options.journal)
        return await asyncio.to_thread(self._basis, BriefBasis(found.document))

    def _basis(self, basis: BriefBasis) -> BriefBasis:
        change, snapshot = self.review.change, self.review.session.snapshot
        journal, source = self.review.options.journal, change.source
        files = tuple(map(changed_file, snapshot.files))
        messages = messages_of(change.repository, source) if change.repository else ()
        pull = snapshot.pull
        basis = replace(
            basis,
            files=files,
            messages=messages,
            title=pull.title if pull else "",
            original=original_of(pull, journal) if pull else "",
        )
        record = brief_record(())
        if journal.exists():
            with Journal.open(journal) as opened:
                ids = sessions_of(opened, change.repository_name, source, files)
                ids = tuple(dict.fromkeys((*reversed(ids), snapshot.session)))
                record = brief_record(one for id in ids for one in opened.events(session=id))
        topics = {one.path: one.topics for one in record.weighed.files} if record.weighed else {}
        weighed = snapshot.attention or record.weighed
        heavy = heavy_files(weighed, basis.document.entries, topics)
        return replace(basis, heavy=heavy, answers=record.answers, checks=record.checks)

    def template(self) -> DescriptionTemplate | None:
        """The repository's own template from before the change. Blocks. Raises ChangeError."""
        change = self.review.change
        repository = change.collected.files_in
        if repository is None:
            return None
        kind = template_kind(change.repository, self.review.options, change.source.pull)
        return found_template(repository, change.source.base, kind)

    async def keep(self, draft: BriefDraft, answers: tuple[BriefAnswer, ...], target: str) -> None:
        """Record that it was written. A refusal is a notice."""
        await self.review.session.write_brief(target, draft.digest, answers, draft.by)

    def address(self) -> PullAddress:
        """The change's pull request, else that of the branch. Blocks on the network.

        Raises UsageError if there is none, ForgeError.
        """
        change = self.review.change
        return description_address("", change.source.pull, change.repository, self.review.options)

    def describing(self, address: PullAddress) -> PullDescribing:
        """What writes into the pull request; close it."""
        head = self.review.change.source.head or ""
        return describing_at(address, head, self.review.options, self.review.session.write_local)
