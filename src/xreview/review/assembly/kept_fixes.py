"""The fixes that are kept on disk: listing, applying, and throwing them away."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from xreview.config.paths import Folders
from xreview.domain.errors import ChangeError, UsageError
from xreview.domain.events.event import FixApplied, FixDiscarded
from xreview.domain.fixing.outcome import FixOutcome
from xreview.repo.disposable.applying import Applied, PatchApplying
from xreview.repo.disposable.shelf import FixShelf, ShelvedFix
from xreview.repo.disposable.tree import DisposableTree
from xreview.repo.repository import Repository
from xreview.review.assembly.fix_headless import FixRecorder
from xreview.review.assembly.fixing import FIXES
from xreview.review.fixing.kept import kept


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
            raise UsageError(f"{said} with {beginning!r}.", "`xreview-tui fix --list` lists them.")
        return found[0]

    def apply(self, beginning: str, repository: Repository, *, is_forced: bool = False) -> Applied:
        """Put what findings asked for into the user's files.

        Raises UsageError if the fix belongs to another repository, or weakens tests and isn't
        forced; ChangeError if it can't be applied; JournalError.
        """
        found = self.find(beginning)
        if found.repository != repository.identity:
            raise UsageError("This fix belongs to another repository.", f"See {found.repository}.")
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
        applied = PatchApplying(tree, repository, tree.patch()).apply(fix.wanted)
        subjects = fix.subjects_of(fix.wanted)
        if applied.paths:
            is_whole = not applied.conflicts
            made = FixApplied(applied.id, fix.id, subjects, applied.paths, is_whole)
            self._record(repository, fix.session, made)
        if not applied.conflicts:
            self._shelf.settle(id)
        return applied

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
        self, repository: Repository, session: str, payload: FixApplied | FixDiscarded
    ) -> None:
        async def write() -> None:
            recorder = FixRecorder(self._folders.journal, session, repository)
            try:
                await recorder.record(payload)
            finally:
                await recorder.close()

        asyncio.run(write())
