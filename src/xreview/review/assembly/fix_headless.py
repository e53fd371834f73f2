"""Fixing without an interface: the accepted findings of a recorded session."""

import asyncio
import signal
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

from xreview.config.tables import FixSettings
from xreview.domain.errors import ChangeError, UsageError
from xreview.domain.events.event import Event, FixPayload
from xreview.domain.fixing.fixer import MECHANICAL
from xreview.domain.record import dataclass
from xreview.export.document import ExportDocument, ExportEntry, Standing
from xreview.repo.change.request import ChangeRequest
from xreview.repo.disposable.shelf import FixShelf
from xreview.repo.hardened.processes import Processes
from xreview.repo.repository import Repository
from xreview.review.assembly.disposable_crew import is_hidden_from_agents
from xreview.review.assembly.fixing import FIXES, ReviewCrew
from xreview.review.assembly.headless import NoUser
from xreview.review.assembly.run_options import RunOptions
from xreview.review.assembly.running import start_review
from xreview.review.fixing.fixing import Fixing
from xreview.review.fixing.kept import KeptFix
from xreview.review.fixing.place import FixPlace
from xreview.review.fixing.snapshot import FixSnapshot
from xreview.review.pulls.opening import collect_change
from xreview.review.record.document import LATEST, stored_document
from xreview.review.session.ledger import Ledger
from xreview.review.session.surroundings import new_id, now
from xreview.review.session.whole_change import read_to_end

OnFix = Callable[[FixSnapshot], None]
"""Called with each snapshot of a running fix."""


@dataclass(frozen=True, slots=True)
class FirstRound:
    """A kept fix that a second round goes on from, and what the user says about it.

    Args:
        shelved: its name on the shelf, which isn't always the id of the fix.
    """

    shelved: str
    fix: KeptFix
    note: str


@dataclass(frozen=True, slots=True)
class FixWish:
    """What the user wants fixed, and how.

    Args:
        findings: beginnings of fingerprints; () for all accepted ones.
        fixer: its name; "" for the default.
        checks: commands instead of those in the settings; () for those.
        budget: US dollars instead of the setting `fix.budget`; None for that.
        first: what a second round goes on from; its checks are those of the first.
    """

    findings: tuple[str, ...] = ()
    fixer: str = ""
    is_mechanical: bool = False
    checks: tuple[str, ...] = ()
    is_in_place: bool = False
    budget: float | None = None
    first: FirstRound | None = None

    @property
    def name(self) -> str:
        """The fixer's name; "" for the default, which is the one of the first round."""
        if self.is_mechanical:
            return MECHANICAL.name
        return self.fixer or (self.first.fix.fixer if self.first else "")

    @property
    def session(self) -> str:
        """The session with the findings."""
        return self.first.fix.session if self.first else LATEST


class HeadlessFixes:
    """The fixes of the latest recorded session of a repository.

    Attributes:
        accepted: what there is to fix.
    """

    def __init__(
        self,
        fixing: Fixing,
        accepted: Sequence[ExportEntry],
        repository: Repository,
        known: Sequence[ExportEntry] = (),
    ) -> None:
        self.accepted = tuple(accepted)
        self._known = tuple(known) or self.accepted
        self._fixing = fixing
        self._repository = repository

    async def preview(self, wish: FixWish) -> str:
        """What the fixer would get, with the code that is sent along. Raises XReviewError."""
        return await self._fixing.preview([one.finding for one in self.accepted], wish.name)

    async def run(self, wish: FixWish, on_fix: OnFix) -> FixSnapshot:
        """Fix. If cancelled, return what there is so far, once a fixer has begun."""
        if wish.is_in_place:
            await asyncio.to_thread(check_clean, self._repository)
        last: FixSnapshot | None = None
        stream = self._fixing.run(
            [one.finding for one in self.accepted], wish.name, *await self._gone_on(wish)
        )
        try:
            async with aclosing(stream) as snapshots:
                async for last in snapshots:
                    on_fix(last)
        except asyncio.CancelledError:
            if last is None or (task := asyncio.current_task()) is None:
                raise
            task.uncancel()
        if last is None:
            raise ChangeError("The fix didn't begin.", "Try again.")
        snapshot = await self._fixing.reopen(last.id)
        if wish.is_in_place and snapshot.wanted and not snapshot.is_suspicious:
            await self._fixing.apply(snapshot.id, None)
            snapshot = await self._fixing.reopen(last.id)
        return snapshot

    async def _gone_on(self, wish: FixWish) -> tuple[str, str]:
        """The note and the id of the first round, taken up; "" twice for a first round."""
        if (first := wish.first) is None:
            return "", ""
        about = [one.finding for one in self._known]
        await self._fixing.take_up(first.shelved, first.fix, about)
        return first.note, first.fix.id


def check_clean(repository: Repository) -> None:
    """Raise UsageError if the checkout has uncommitted changes. Blocks on git."""
    status = repository.start("status", "--porcelain", "-z", "--untracked-files=normal")
    if status.finish().checked():
        raise UsageError(
            "--in-place needs a checkout without uncommitted changes.",
            "Commit or stash them, or leave --in-place out and apply the patch afterwards.",
        )


@asynccontextmanager
async def headless_fixes(
    request: ChangeRequest, options: RunOptions, wish: FixWish
) -> AsyncGenerator[HeadlessFixes, None]:
    """The fixes of the latest session of the repository around a folder.

    Raises UsageError if there is no session or nothing is accepted, ChangeError, JournalError.
    """
    with Processes():
        collected = await asyncio.to_thread(collect_change, request, options)
        try:
            change = await asyncio.to_thread(read_to_end, collected, request)
            review = await start_review(change, options, NoUser)
            try:
                repository = change.repository
                if repository is None or repository.top is None:
                    raise UsageError("A fix needs a checkout.", "Start in a git repository.")
                document = await asyncio.to_thread(
                    stored_document,
                    options.journal,
                    repository.identity,
                    (wish.session,),
                    user=repository.actor,
                )
                accepted = _chosen(document, wish)
                review.selection.authorship.candidates = await review.panel.find()
                await review.selection.authorship.gather_author()
                recorder = FixRecorder(options.journal, document.latest.id, repository)
                settings = review.options.settings.fix
                most = settings.budget if wish.budget is None else wish.budget
                by_finding = {one.finding.fingerprint: one for one in document.to_fix}
                place = FixPlace(
                    repository,
                    document.latest.id,
                    FixShelf(options.folders.state / FIXES),
                    lambda findings: tuple(by_finding[one.fingerprint] for one in findings),
                    lambda: document.by_standing[Standing.REJECTED],
                    recorder.record,
                    new_id,
                    is_hidden_from_agents,
                    _checks(wish, settings),
                    settings.link,
                    most,
                )
                fixing = Fixing(place, ReviewCrew(review, place.checks, most))
                try:
                    yield HeadlessFixes(fixing, accepted, repository, document.to_fix)
                finally:
                    await fixing.close()
                    await recorder.close()
            finally:
                await review.close()
        finally:
            collected.close()


def fix_to_the_end(
    request: ChangeRequest, options: RunOptions, wish: FixWish, on_fix: OnFix
) -> FixSnapshot:
    """Run a fix in a loop of its own. Ctrl+C and SIGTERM stop it: the partial patch is kept."""

    async def fix() -> FixSnapshot:
        async with headless_fixes(request, options, wish) as fixes:
            task = asyncio.ensure_future(fixes.run(wish, on_fix))
            for number in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(number, task.cancel)
            return await task

    return asyncio.run(fix())


def handover_to_read(request: ChangeRequest, options: RunOptions, wish: FixWish) -> str:
    """What a fix would send to the fixer; nothing is sent."""

    async def text() -> str:
        async with headless_fixes(request, options, wish) as fixes:
            return await fixes.preview(wish)

    return asyncio.run(text())


class FixRecorder:
    """Writes what happens in a fix under an earlier session."""

    def __init__(self, journal: Path, session: str, repository: Repository) -> None:
        self._ledger = Ledger(journal)
        self._session = session
        self._repository = repository

    async def record(self, *payloads: FixPayload) -> None:
        """Write events. Raises JournalError."""
        repository = self._repository
        await self._ledger.append(
            [
                Event(new_id(), self._session, repository.identity, now(), repository.actor, one)
                for one in payloads
            ]
        )

    async def close(self) -> None:
        """Close the journal."""
        await self._ledger.close()


def _checks(wish: FixWish, settings: FixSettings) -> tuple[str, ...]:
    if wish.first is not None:
        # Others have no run before the fix to compare with.
        return tuple(run.command for run in wish.first.fix.before)
    return wish.checks or settings.check


def _chosen(document: ExportDocument, wish: FixWish) -> tuple[ExportEntry, ...]:
    """The accepted findings that are meant. Raises UsageError."""
    accepted, beginnings = document.to_fix, wish.findings
    if wish.first is not None:
        left = {name for one in wish.first.fix.unfixed for name in one.subjects}
        accepted = tuple(one for one in accepted if left.intersection(one.finding.fingerprints))
        if not accepted:
            raise UsageError(
                "None of the findings that this fix left is still accepted.",
                "Accept them again in the app, or apply what it fixed.",
            )
    if not accepted:
        raise UsageError(
            "The latest review has no accepted finding to fix.",
            "Accept findings in the app with a, then try again.",
        )
    if not beginnings:
        return accepted
    for wanted in beginnings:
        if not any(_begins(one, wanted) for one in accepted):
            raise UsageError(
                f"No accepted finding begins with {wanted!r}.",
                "`xreview-tui export --format json` prints the fingerprints.",
            )
    return tuple(one for one in accepted if any(_begins(one, wanted) for wanted in beginnings))


def _begins(entry: ExportEntry, wanted: str) -> bool:
    return any(name.startswith(wanted) for name in entry.finding.fingerprints)
