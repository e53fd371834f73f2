"""Taking an attempt, or pieces of several, into the user's files, and giving it back.

    taking = Taking(trials)
    async for graft in taking.check(trial, choice): …
    took = await taking.take_graft(graft, "B's retries, A's tests")
    await taking.give_back(took.taken)

Nothing is committed, and the index stays. What undoes a take is on disk before the first file
changes:

    <trial>/taken/<git tree of the patch>/take.json   what was taken
    <trial>/taken/<git tree of the patch>/applied/…   as in `repo.disposable.undo_record`
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from pathlib import Path

from xreview.domain.attempt.piece import PieceRef
from xreview.domain.errors import ChangeError, UsageError
from xreview.domain.events.attempt_events import AttemptReturned, AttemptTaken
from xreview.domain.fixing.tampering import tampering_is_certain
from xreview.domain.record import replace
from xreview.repo.disposable.applying import Applied, PatchApplying, revert_applied
from xreview.repo.disposable.undo_record import UndoRecords
from xreview.review.attempts.composition import Composition, compose, whole_attempt
from xreview.review.attempts.graft import GraftSnapshot, Took, checks_are_green
from xreview.review.attempts.grafting import GraftCheck
from xreview.review.attempts.opening import OpenTrials
from xreview.review.attempts.place import OpenedTrial
from xreview.review.attempts.take_note import (
    TakeNote,
    read_note,
    take_folder,
    take_folders,
    write_note,
)
from xreview.review.attempts.written_lines import taken_lines
from xreview.review.session.contained import contained
from xreview.review.writing.unbroken import unbroken

FORCE = "Look at it first; then force it if you want it anyway."


class Taking:
    """Takes from the trials of one repository."""

    def __init__(self, trials: OpenTrials) -> None:
        self._trials = trials

    async def check(
        self, trial: str, choice: Mapping[PieceRef, str]
    ) -> AsyncGenerator[GraftSnapshot, None]:
        """Check a graft; yield a snapshot after each step, the last of which `is_over`.

        Args:
            choice: the attempt whose version of a piece is taken; absent or "" for the base's.

        Close the iterator to stop. Nothing of the user's changes. Raises XReviewError.
        """
        with contained("Checking the graft"):
            opened = await self._trials.open(trial)
            async with aclosing(GraftCheck(self._trials, opened, choice).run()) as snapshots:
                async for snapshot in snapshots:
                    yield snapshot

    async def take(
        self,
        trial: str,
        label: str,
        reason: str,
        *,
        with_conflicts: bool = False,
        is_forced: bool = False,
    ) -> Took:
        """Put a whole attempt into the user's files.

        A file that contradicts it stays as it is; `with_conflicts` writes it with markers, where
        its text can be merged. Raises UsageError if there is nothing to take, or if the attempt
        weakens checks, unless `is_forced`; ChangeError; JournalError.
        """
        opened = await self._trials.open(trial)
        made = whole_attempt(opened, label)
        attempt = opened.snapshot.by_label[label]
        if not attempt.is_over:
            raise UsageError(f"Attempt {label} isn't over.", "Wait for it, or stop it first.")
        if tampering_is_certain(attempt.tampering) and not is_forced:
            first = next(one for one in attempt.tampering if tampering_is_certain([one]))
            raise UsageError(f"Attempt {label} weakens checks: {first.words}.", FORCE)
        note = TakeNote({}, label, reason, checks_are_green(attempt.checks))
        return await self._put(opened, made, note, with_conflicts)

    async def take_graft(
        self,
        snapshot: GraftSnapshot,
        reason: str,
        *,
        with_conflicts: bool = False,
        is_forced: bool = False,
    ) -> Took:
        """Put a checked graft into the user's files, as `take` does.

        Raises UsageError if it isn't sound, unless `is_forced`; ChangeError; JournalError.
        """
        if not snapshot.is_sound and not is_forced:
            raise UsageError(f"This graft isn't sound. {_why_unsound(snapshot)}", FORCE)
        opened = await self._trials.open(snapshot.trial)
        made = await asyncio.to_thread(compose, opened, snapshot.choice)
        if made.problems:
            raise ChangeError(f"The pieces don't fit together. {made.problems[0]}", "Choose again.")
        note = TakeNote(snapshot.choice, "", reason, snapshot.is_green)
        return await self._put(opened, made, note, with_conflicts)

    async def give_back(self, taken: AttemptTaken) -> None:
        """Give the user's files back their bytes from before.

        Raises ChangeError if they changed since, naming them; JournalError.
        """
        opened = await self._trials.open(taken.trial)
        top = self._trials.place.repository.top
        folder = await asyncio.to_thread(_folder_of, opened, taken.action)
        if top is None or folder is None:
            raise ChangeError("What was taken isn't recorded any more.", "Undo it with git.")
        await unbroken(revert_applied, folder, top, taken.action)
        if any(one.action == taken.action for one in opened.snapshot.taken):
            returned = AttemptReturned(taken.action, taken.trial)
            await self._trials.note_taken(taken.trial, returned)

    async def unfinished(self, trial: str) -> tuple[AttemptTaken, ...]:
        """What a kill broke off, or kept from being recorded: `finish` it or `give_back` it."""
        opened = await self._trials.open(trial)
        return await asyncio.to_thread(_broken_off, opened)

    async def finish(self, taken: AttemptTaken) -> Took:
        """Complete what a kill broke off. Raises ChangeError if files changed since."""
        opened = await self._trials.open(taken.trial)
        folder = await asyncio.to_thread(_folder_of, opened, taken.action)
        note = await asyncio.to_thread(read_note, folder) if folder else None
        if folder is None or note is None:
            raise ChangeError("What was taken isn't recorded any more.", "Look at `git diff`.")
        made = await asyncio.to_thread(_made_from, opened, note)
        applying = self._applying(opened, made)
        done = await unbroken(applying.finish, taken.action)
        return await self._record(opened, made, note, done)

    async def _put(
        self, opened: OpenedTrial, made: Composition, note: TakeNote, with_conflicts: bool
    ) -> Took:
        if broken := await asyncio.to_thread(_broken_off, opened):
            raise ChangeError(
                f"Taking {' and '.join(broken[0].labels)} was interrupted.",
                "Undo it or finish it first.",
            )
        applying = self._applying(opened, made)
        await unbroken(write_note, take_folder(opened.base.folder, made.patch.tree), note)
        done = await unbroken(applying.apply, None, with_conflicts)
        return await self._record(opened, made, note, done)

    async def _record(
        self, opened: OpenedTrial, made: Composition, note: TakeNote, done: Applied
    ) -> Took:
        """Record what is in the user's files, and then tell it."""
        if not done.id:
            return Took(None, done.merged, done.conflicts)
        if done.conflicts:
            note = replace(note, is_green=None)  # the checks ran with what was left out
        taken = await asyncio.to_thread(_as_taken, opened, made, note, done.id)
        await self._trials.note_taken(taken.trial, taken)
        return Took(taken, done.merged, done.conflicts)

    def _applying(self, opened: OpenedTrial, made: Composition) -> PatchApplying:
        named = " and ".join(made.labels)
        name = f"attempt {named}" if len(made.labels) == 1 else f"attempts {named}"
        repository = self._trials.place.repository
        return PatchApplying(
            made.tree,
            repository,
            made.patch,
            take_folder(opened.base.folder, made.patch.tree),
            name,
        )


def _made_from(opened: OpenedTrial, note: TakeNote) -> Composition:
    return whole_attempt(opened, note.label) if note.label else compose(opened, note.choice)


def _as_taken(opened: OpenedTrial, made: Composition, note: TakeNote, action: str) -> AttemptTaken:
    """A take as the journal has it."""
    folder = take_folder(opened.base.folder, made.patch.tree)
    record = UndoRecords(folder).get(action)
    return AttemptTaken(
        action,
        opened.snapshot.id,
        made.labels,
        note.reason,
        record.paths,
        taken_lines(made, record.changes),
        note.is_green,
    )


def _folder_of(opened: OpenedTrial, action: str) -> Path | None:
    """Where a take is recorded; None if it isn't any more."""
    for folder in take_folders(opened.base.folder):
        if any(record.id == action for record in UndoRecords(folder).all()):
            return folder
    return None


def _broken_off(opened: OpenedTrial) -> tuple[AttemptTaken, ...]:
    """What was begun and isn't recorded, as far as it can be told, without its lines."""
    known = {one.action for one in opened.snapshot.taken}
    found: list[AttemptTaken] = []
    for folder in take_folders(opened.base.folder):
        for record in UndoRecords(folder).all():
            if record.is_reverted or (record.is_done and record.id in known):
                continue
            if (note := read_note(folder)) is not None:
                labels = (note.label,) if note.label else tuple(sorted(set(note.choice.values())))
                taken = (record.id, opened.snapshot.id, tuple(filter(None, labels)), note.reason)
                found.append(AttemptTaken(*taken, record.paths, (), note.is_green))
    return tuple(found)


def _why_unsound(snapshot: GraftSnapshot) -> str:
    """What speaks against a graft, in a sentence."""
    if not snapshot.is_over:
        return "Its check didn't come to an end."
    if snapshot.problems:
        return snapshot.problems[0]
    for one in snapshot.broken:
        if one.after is not None:
            return f"A check {'got worse' if one.before else 'fails'}: {one.after.command}."
    if tampering_is_certain(snapshot.tampering):
        return f"It weakens checks: {snapshot.tampering[0].words}."
    return "It changes nothing."
