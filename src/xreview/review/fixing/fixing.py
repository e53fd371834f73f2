"""Fixes of accepted findings, from the hand-over to the user's files.

    fixing = Fixing(place, crew)
    async for snapshot in fixing.run(findings): …      # closing it keeps the partial patch
    await fixing.apply(snapshot.id, None)

Nothing is applied unless the user asks for it, and nothing is ever committed.
"""

import asyncio
from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import aclosing

from xreview.domain.errors import ChangeError, UsageError
from xreview.domain.events.event import FixApplied, FixDiscarded, FixReverted, FixStarted
from xreview.domain.finding import Finding
from xreview.domain.record import replace
from xreview.repo.disposable.applying import Applied, PatchApplying, PatchPart
from xreview.repo.disposable.checkout import checkout_state
from xreview.repo.disposable.shelf import ShelvedFix
from xreview.repo.disposable.tree import DisposableTree
from xreview.review.fixing.choosing import FixerChoice
from xreview.review.fixing.fix_run import FixRun
from xreview.review.fixing.fixers import Fixer, UsersFiles
from xreview.review.fixing.handover import handover_text
from xreview.review.fixing.kept import KeptFix
from xreview.review.fixing.matching import spread_parts
from xreview.review.fixing.order import FixOrder
from xreview.review.fixing.place import FixCrew, FixPlace
from xreview.review.fixing.resuming import resumed_snapshot
from xreview.review.fixing.snapshot import FixedFinding, FixSnapshot, FixStage
from xreview.review.session.contained import contained
from xreview.review.session.surroundings import now

UNDO_ADVICE = "Undo it with `xreview-tui fix --undo`, or with git."


class Fixing:
    """The fixes of one session or command."""

    def __init__(self, place: FixPlace, crew: FixCrew) -> None:
        self._place = place
        self._crew = crew
        self._runs: dict[str, FixRun] = {}
        self._discarded: set[str] = set()
        self._applied: dict[str, tuple[PatchPart, ...]] = {}

    async def candidates(self, findings: Sequence[Finding]) -> Sequence[FixerChoice]:
        """Return who can fix these findings, the default first. Raises UsageError."""
        return await self._crew.choices(self._place.entries(findings))

    def text(self, findings: Sequence[Finding], note: str = "", earlier: str = "") -> str:
        """Return what is said to the fixer, to be read before it is sent."""
        return handover_text(self._order(findings, note, earlier))

    async def preview(self, findings: Sequence[Finding], fixer: str = "") -> str:
        """Return what a fixer ("" for the default) would get, word by word, with the code that is
        sent along to a model. Nothing is sent. Raises XReviewError."""
        repository = self._place.repository
        if repository.top is None:
            raise UsageError("A bare repository has no files.", "Start in a worktree of it.")
        files = UsersFiles(repository.top)
        return await self._crew.preview(fixer, self._order(findings, "", ""), files)

    async def reopen(self, id: str) -> FixSnapshot:
        """Return how a fix stands, also after its `run` was closed."""
        return self._runs[id].snapshot

    async def run(
        self, findings: Sequence[Finding], fixer: str = "", note: str = "", earlier: str = ""
    ) -> AsyncGenerator[FixSnapshot, None]:
        """Have findings fixed; yield a snapshot after each step.

        With `earlier`, the id of a fix of this session, it is a second round, which goes on from
        what that left. Close the iterator to stop: the partial patch is kept (`reopen`). Raises
        XReviewError if it can't begin.
        """
        with contained("Fixing"):
            run, making = await self._begin(findings, fixer, note, earlier)
            id, base = run.snapshot.id, run.tree.base
            subjects = tuple(one.fingerprints for one in findings)
            started = FixStarted(id, making.identity, base, subjects, earlier, note)
            async with aclosing(run.run(making, started)) as snapshots:
                async for snapshot in snapshots:
                    yield snapshot

    async def take_up(self, shelved: str, fix: KeptFix, findings: Sequence[Finding]) -> None:
        """Take up a fix of an earlier run, for `run` to go on from (`earlier` is its id).

        Args:
            shelved: its name on the shelf.
            findings: those that it was about, as they are known now; others are left out.

        Raises ChangeError if another process has it, or its files aren't as they were left.
        """
        place = self._place
        await asyncio.to_thread(place.shelf.lock, shelved)
        try:
            folder = place.shelf.place(shelved)
            tree = await asyncio.to_thread(DisposableTree.open, place.repository, folder)
            patch = await asyncio.to_thread(tree.patch)
            state = await asyncio.to_thread(checkout_state, place.repository)
        except BaseException:
            place.shelf.release(shelved)
            raise
        snapshot = resumed_snapshot(fix, findings, patch, tree.top)
        run = FixRun(place, self._crew, tree, FixOrder(()), snapshot, state)
        run.patch, run.before = patch, fix.before
        self._runs[fix.id] = run

    async def apply(
        self, id: str, parts: Collection[PatchPart] | None, *, with_conflicts: bool = False
    ) -> Applied:
        """Put parts of a patch (None for all that findings asked for) into the user's files.

        An earlier apply that broke off, such as on a full disk, is finished first. Raises
        ChangeError if a file has changed in a way that can't be merged.
        """
        run = self._runs[id]
        snapshot = run.snapshot
        wanted = snapshot.wanted if parts is None else spread_parts(parts, snapshot.files)
        wanted = tuple(part for part in wanted if part not in snapshot.applied)
        if run.patch is None or not wanted:
            raise UsageError("There is nothing to apply.", "Press g to try again with a note.")
        applying = PatchApplying(run.tree, self._place.repository, run.patch)
        for broken_off in await asyncio.to_thread(lambda: applying.unfinished):
            finished = await asyncio.to_thread(applying.finish, broken_off)
            await self._note_applied(run, finished, finished.parts)
        done = await asyncio.to_thread(applying.apply, wanted, with_conflicts=with_conflicts)
        if not done.paths:
            return done
        unwritten = () if with_conflicts else done.conflicts
        written = tuple(part for part in wanted if part.path not in unwritten)
        await self._note_applied(run, done, written)
        return done

    async def _note_applied(
        self, run: FixRun, done: Applied, written: tuple[PatchPart, ...]
    ) -> None:
        snapshot = run.snapshot
        applied = (*snapshot.applied, *written)
        about = [one for one in snapshot.findings if set(one.parts).intersection(applied)]
        subjects = tuple(name for one in about for name in one.finding.fingerprints)
        is_whole = set(snapshot.wanted).issubset(applied)
        self._applied[done.id] = written
        run.snapshot = replace(snapshot, applied=applied)
        made = FixApplied(done.id, snapshot.id, subjects, done.paths, is_whole)
        await self._place.record(made)
        if is_whole:
            await asyncio.to_thread(self._place.shelf.settle, run.tree.folder.name)

    async def revert(self, applied: FixApplied) -> None:
        """Undo what was applied. Raises ChangeError if its files changed since."""
        run = self._runs.get(applied.fix)
        if run is None or run.patch is None:
            raise ChangeError("An earlier run applied this fix.", UNDO_ADVICE)
        applying = PatchApplying(run.tree, self._place.repository, run.patch)
        await asyncio.to_thread(applying.revert, applied.action)
        undone = self._applied.pop(applied.action, ())
        kept = tuple(part for part in run.snapshot.applied if part not in undone)
        run.snapshot = replace(run.snapshot, applied=kept)
        await asyncio.to_thread(self._place.shelf.unsettle, run.tree.folder.name)
        await self._place.record(FixReverted(applied.action, applied.fix))

    async def discard(self, id: str) -> None:
        """Throw a fix away. Raises ChangeError if its tree can't be removed."""
        self._discarded.add(id)
        await self._place.record(FixDiscarded(id))
        await asyncio.to_thread(self._place.shelf.remove, self._runs[id].tree.folder.name)

    async def left(self) -> Sequence[ShelvedFix]:
        """Return the fixes on disk, also those of other runs."""
        return await asyncio.to_thread(self._place.shelf.list)

    async def close(self) -> None:
        """Remove the fixes that have nothing left to apply, but for the records to undo them, and
        let go of the others and of the crew."""
        shelf, later = self._place.shelf, {run.tree.folder: run for run in self._runs.values()}
        for id, run in self._runs.items():
            if id not in self._discarded and later[run.tree.folder] is run:
                await asyncio.to_thread(shelf.end, run.tree.folder.name, run.snapshot.is_settled)
        await self._crew.close()

    def _order(self, findings: Sequence[Finding], note: str, earlier: str) -> FixOrder:
        before = self._runs.get(earlier)
        verdicts = [one.verdict for one in before.snapshot.findings] if before else []
        place = self._place
        known = tuple(filter(None, verdicts))
        return FixOrder(place.entries(findings), place.rejected(), place.checks, note, known)

    async def _begin(
        self, findings: Sequence[Finding], fixer: str, note: str, earlier: str
    ) -> tuple[FixRun, Fixer]:
        if not findings:
            raise UsageError("There is nothing to fix.", "Accept a finding first.")
        place, order, id = self._place, self._order(findings, note, earlier), self._place.new_id()
        state = await asyncio.to_thread(checkout_state, place.repository)
        if place.commit and not state.is_at(place.commit):
            raise UsageError(
                "The pull request isn't checked out, and a fix changes the files that are.",
                f"Check out its commit {place.commit[:12]}, or copy the findings as a prompt.",
            )
        before = self._runs.get(earlier)
        tree = before.tree if before else await asyncio.to_thread(self._new_tree, id)
        try:
            making = await self._crew.fixer(fixer, order.accepted, tree)
        except BaseException:
            if before is None:
                await asyncio.shield(asyncio.to_thread(place.shelf.remove, id))
            raise
        if before is None:
            await asyncio.to_thread(
                place.shelf.describe,
                id,
                repository=place.repository.identity,
                started=now(),
                fixer=making.identity.name,
                title=_title(findings),
            )
        snapshot = FixSnapshot(
            id,
            making.identity,
            FixStage.PREPARING,
            _handed(findings, before),
            most=place.most,
            folder=tree.top,
            notices=tree.notices,
            is_round_two=before is not None,
        )
        run = self._runs[id] = FixRun(place, self._crew, tree, order, snapshot, state)
        if before is not None:
            await asyncio.to_thread(place.shelf.unsettle, tree.folder.name)
            run.go_on_from(before)
        return run, making

    def _new_tree(self, id: str) -> DisposableTree:
        place = self._place
        folder = place.shelf.new(id)
        try:
            return DisposableTree.create(place.repository, folder, place.links)
        except BaseException:
            place.shelf.remove(id)
            raise


def _handed(findings: Sequence[Finding], before: FixRun | None) -> tuple[FixedFinding, ...]:
    """The findings as they enter a fix; a second round also has those that the first fixed."""
    if before is None:
        return tuple(map(FixedFinding, findings))
    known = {one.finding.fingerprint: one for one in before.snapshot.findings}
    names = {one.fingerprint for one in findings}
    again = (known.get(one.fingerprint, FixedFinding(one)).again() for one in findings)
    rest = (one.carried() for name, one in known.items() if name not in names)
    return (*again, *rest)


def _title(findings: Sequence[Finding]) -> str:
    more = f" and {len(findings) - 1} more" if len(findings) > 1 else ""
    return f"{findings[0].lead.title}{more}"
