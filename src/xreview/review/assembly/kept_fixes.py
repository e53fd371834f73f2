"""The fixes that are kept on disk: listing, applying, and throwing them away."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from xreview.config.paths import Folders
from xreview.domain.errors import ChangeError, UsageError
from xreview.domain.events.event import FixApplied, FixDiscarded, FixReverted
from xreview.domain.fixing.fixer import MECHANICAL
from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.record import replace
from xreview.journal.store import Journal
from xreview.repo.disposable.applying import Applied, PatchApplying, revert_applied
from xreview.repo.disposable.shelf import FixShelf, ShelvedFix
from xreview.repo.disposable.tree import DisposableTree
from xreview.repo.disposable.undo_record import UndoRecord, UndoRecords
from xreview.repo.repository import Repository
from xreview.review.assembly.fix_headless import FirstRound, FixRecorder
from xreview.review.assembly.fixing import FIXES
from xreview.review.fixing.kept import kept

SEE_LIST = "`xreview-tui fix --list` lists what is kept."

NEW_FIX = "Start a new fix of what is still accepted."


class KeptFixes:
    """The fixes of all repositories that the program's state folder holds."""

    def __init__(self, folders: Folders) -> None:
        self._folders = folders
        self._shelf = FixShelf(folders.state / FIXES)

    def list(self) -> Sequence[ShelvedFix]:
        """Return them, the oldest first."""
        return self._shelf.list()

    def find(self, beginning: str) -> ShelvedFix:
        """Return the one whose id begins so. Raises UsageError."""
        found = [one for one in self.list() if beginning and one.id.startswith(beginning)]
        if len(found) != 1:
            said = "Several kept fixes begin" if found else "No kept fix begins"
            raise UsageError(f"{said} with {beginning!r}.", SEE_LIST)
        return found[0]

    def apply(self, beginning: str, repository: Repository, *, is_forced: bool = False) -> Applied:
        """Put what findings asked for into the user's files.

        Raises UsageError if the fix belongs to another repository, or weakens tests and isn't
        forced; ChangeError if it can't be applied; JournalError.
        """
        found = self._own(beginning, repository)
        if self._shelf.is_stripped(found.id):
            raise UsageError("This fix is applied already.", "Undo it with --undo and its id.")
        folder = self._folders.state / FIXES / found.id
        self._shelf.lock(found.id)
        try:
            return self._apply(found.id, folder, repository, is_forced=is_forced)
        finally:
            self._shelf.release(found.id)

    def _apply(self, id: str, folder: Path, repository: Repository, *, is_forced: bool) -> Applied:
        fix = kept(folder)
        bad = sorted({one.outcome for one in fix.findings if one.outcome.is_suspicious})
        if (bad or fix.is_tampered) and not is_forced:
            said = " and ".join(bad or (FixOutcome.TAMPERED,))
            raise UsageError(f"This fix is {said}.", "Read it first; then add --force to apply it.")
        tree = DisposableTree.open(repository, folder)
        applying = PatchApplying(tree, repository, tree.patch())
        # What a kill interrupted comes first: only the rest is left to apply then.
        finished = [applying.finish(one) for one in applying.unfinished]
        applied = applying.apply(fix.wanted)
        is_whole = not applied.conflicts
        for one in (*finished, applied):
            if one.paths:
                subjects = fix.subjects_of(one.parts or fix.wanted)
                made = FixApplied(one.id, fix.id, subjects, one.paths, is_whole)
                self._record(repository, fix.session, made)
        if is_whole:
            self._shelf.settle(id)
        paths = dict.fromkeys(path for one in (*finished, applied) for path in one.paths)
        return replace(applied, paths=tuple(paths))

    def first_round(self, beginning: str, repository: Repository, note: str) -> FirstRound:
        """Return a kept fix for a second round to go on from.

        Raises UsageError if there can't be one, ChangeError if the first didn't come to its end.
        """
        found = self._own(beginning, repository)
        if self._shelf.is_stripped(found.id):
            raise UsageError("This fix is applied, and its files are gone.", NEW_FIX)
        fix = kept(self._folders.state / FIXES / found.id)
        if fix.is_round_two:
            raise UsageError("This fix had its second round already.", NEW_FIX)
        if fix.fixer == MECHANICAL.name:
            raise UsageError("The suggestions would be the same again.", NEW_FIX)
        if not fix.unfixed:
            raise UsageError("Everything in this fix is fixed.", "Apply it with --apply.")
        if not note.strip():
            raise UsageError(
                "A second round needs a note.", "Say with --note what the fixer should know."
            )
        return FirstRound(found.id, fix, note.strip())

    def undo(self, beginning: str, repository: Repository) -> tuple[str, ...]:
        """Undo what was applied last, of the fix whose id begins so ("" for any of the
        repository); return the files that are as before.

        Raises UsageError if there is nothing to undo here, ChangeError if the files changed since
        or another process has the fix, JournalError.
        """
        top = repository.top
        if top is None:
            raise UsageError("A bare repository has no files.", "Start in a worktree of it.")
        last = self._last_applied(beginning, repository, top)
        if last is None:
            raise UsageError("No applied fix is left to undo here.", SEE_LIST)
        id, record = last
        folder = self._folders.state / FIXES / id
        self._shelf.lock(id)
        try:
            revert_applied(folder, top, record.id)
            self._record_undone(repository, folder, record.id)
            if not self._shelf.is_stripped(id):
                self._shelf.unsettle(id)
            elif not UndoRecords(folder).has_applied:
                self._shelf.remove(id)
        finally:
            self._shelf.release(id)
        return record.paths

    def _last_applied(
        self, beginning: str, repository: Repository, top: Path
    ) -> tuple[str, UndoRecord] | None:
        """The last apply in this checkout, with its fix."""
        if beginning:
            found = [self._own(beginning, repository)]
        else:
            found = [one for one in self.list() if one.repository == repository.identity]
        applied = [
            (one.id, record)
            for one in found
            for record in UndoRecords(self._folders.state / FIXES / one.id).all()
            if not record.is_reverted and (beginning or record.top in ("", str(top)))
        ]
        return max(applied, key=lambda pair: (pair[1].written, pair[1].id), default=None)

    def _own(self, beginning: str, repository: Repository) -> ShelvedFix:
        """The fix whose id begins so, if it belongs to the repository. Raises UsageError."""
        found = self.find(beginning)
        if found.repository != repository.identity:
            raise UsageError("This fix belongs to another repository.", f"See {found.repository}.")
        return found

    def _record_undone(self, repository: Repository, folder: Path, action: str) -> None:
        """Write that something was undone, if the journal says that it was applied: after a kill
        in between it doesn't."""
        try:
            session = kept(folder).session
        except ChangeError:
            return
        with Journal.open(self._folders.journal) as journal:
            told = [one.payload for one in journal.events(session=session, types=(FixApplied,))]
        for one in told:
            if isinstance(one, FixApplied) and one.action == action:
                self._record(repository, session, FixReverted(action, one.fix))
                return

    def throw_away(self, beginning: str, repository: Repository | None) -> ShelvedFix:
        """Remove one with its patch. Raises UsageError, ChangeError if it still runs."""
        found = self.find(beginning)
        folder = self._folders.state / FIXES / found.id
        try:
            session = kept(folder).session
        except ChangeError:
            session = ""
        self._shelf.remove(found.id)
        if session and repository is not None and found.repository == repository.identity:
            self._record(repository, session, FixDiscarded(found.id))
        return found

    def clean(self) -> Sequence[ShelvedFix]:
        """Remove those that don't run and have nothing left to apply; return them."""
        removed = [one for one in self.list() if not (one.is_running or one.has_unapplied_patch)]
        for one in removed:
            self._shelf.remove(one.id)
        return removed

    def _record(
        self, repository: Repository, session: str, payload: FixApplied | FixReverted | FixDiscarded
    ) -> None:
        async def write() -> None:
            recorder = FixRecorder(self._folders.journal, session, repository)
            try:
                await recorder.record(payload)
            finally:
                await recorder.close()

        asyncio.run(write())
