"""Putting a patch, or parts of it, into the user's files, and taking it back.

Bytes are copied, not patched: a file that is as the fixer found it gets what the fixer made of it.
One that isn't is merged. Permissions stay; a file with several names (hard links) gets one of its
own, as when an editor saves it.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

from xreview.domain.errors import ChangeError
from xreview.domain.inside import is_inside
from xreview.domain.record import dataclass
from xreview.repo.disposable.below import missing_folders
from xreview.repo.disposable.merging import merge_states
from xreview.repo.disposable.parts import FileParts, FileState, PatchPart, Placement, parts_of
from xreview.repo.disposable.replacing import (
    OTHER,
    refuse_later_changes,
    rights_of,
    state_below,
    take_back,
    write_changes,
)
from xreview.repo.disposable.taking import TreePatch
from xreview.repo.disposable.tree import DisposableTree
from xreview.repo.disposable.undo_record import PathChange, UndoRecords
from xreview.repo.repository import Repository


@dataclass(frozen=True, slots=True)
class Applied:
    """What an apply did.

    Args:
        id: for `revert`; "" if there was nothing to do.
        paths: the files that changed. merged: those of them that weren't as the fixer found them.
        conflicts: files that contradict the fix; unchanged unless markers were asked for.
        parts: of an apply that was finished later, what it is made of.
    """

    id: str
    paths: tuple[str, ...]
    merged: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    parts: tuple[PatchPart, ...] = ()


class PatchApplying:
    """Applies a patch of a disposable tree to the checkout that the tree was copied from.

    Args:
        folder: where what undoes it is recorded; None for the tree's. Each patch needs its own.
        name: what conflict markers call the patch.
    """

    def __init__(
        self,
        tree: DisposableTree,
        repository: Repository,
        patch: TreePatch,
        folder: Path | None = None,
        name: str = "the fix",
    ) -> None:
        if repository.top is None:
            raise ChangeError("A bare repository has no files.", "Start in a worktree of it.")
        self._tree, self._patch, self._top = tree, patch, repository.top
        self._folder, self._name = folder or tree.folder, name
        self._records = UndoRecords(self._folder)

    @property
    def unfinished(self) -> tuple[str, ...]:
        """The applies that a kill interrupted: `finish` or `revert` them."""
        records = self._records.all()
        return tuple(one.id for one in records if not (one.is_done or one.is_reverted))

    @property
    def applied_parts(self) -> Mapping[str, frozenset[int]]:
        """The hunks that this program put into the user's files, by path."""
        found: dict[str, frozenset[int]] = {}
        for record in self._records.all():
            if not record.is_reverted:
                for path, hunks in record.hunks.items():
                    found[path] = found.get(path, frozenset()) | hunks
        return found

    def apply(self, parts: Collection[PatchPart] | None, with_conflicts: bool = False) -> Applied:
        """Apply parts, or everything for None, to the user's files.

        A file with a conflict stays as it is; `with_conflicts` writes it with markers, where its
        text can be merged. Raises ChangeError: before the first write nothing has happened; later,
        `unfinished` names it.
        """
        if self.unfinished:
            raise ChangeError("An earlier apply was interrupted.", "Undo it or finish it first.")
        named = self._named(parts)
        files = parts_of(self._tree.repository, self._tree.base, self._patch, set(named))
        earlier = self.applied_parts
        plan = _Plan(self._tree, self._top, self._name if with_conflicts else "")
        # Deletions first: a file can take the place of a folder, and the other way round.
        for path in sorted(named, key=lambda path: not files[path].leaves_its_path):
            file = files[path]
            chosen = frozenset[int]().union(*(file.named(hunk) for hunk in named[path]))
            plan.add(file, earlier.get(path, frozenset[int]()) & file.all, chosen)
        conflicts = tuple(plan.conflicts)
        if not plan.changes:
            return Applied("", (), (), conflicts)
        record = self._records.add(plan.changes.values(), plan.hunks, str(self._top))
        write_changes(self._top, record, is_new=True)
        self._records.mark(record.id, "done")
        return Applied(record.id, tuple(plan.changes), tuple(plan.merged), conflicts)

    def finish(self, applied_id: str) -> Applied:
        """Complete an interrupted apply. Raises ChangeError if files changed since."""
        record = self._records.get(applied_id)
        refuse_later_changes(self._top, record)
        write_changes(self._top, record, is_new=False)
        self._records.mark(applied_id, "done")
        has_hunks = {file.path: any(True for _ in file.hunks) for file in self._patch.files}
        parts = tuple(
            PatchPart(path, hunk if has_hunks.get(path) else None)
            for path, hunks in record.hunks.items()
            for hunk in sorted(hunks)
        )
        return Applied(applied_id, record.paths, parts=parts)

    def revert(self, applied_id: str) -> None:
        """Give the files back their bytes from before. Raises ChangeError if they changed since."""
        revert_applied(self._folder, self._top, applied_id)

    def _named(self, parts: Collection[PatchPart] | None) -> dict[str, list[int | None]]:
        """The hunks to apply, by path, in the order of the patch."""
        paths = [file.path for file in self._patch.files]
        if parts is None:
            return {path: [None] for path in paths}
        if unknown := [part.path for part in parts if part.path not in set(paths)]:
            raise ChangeError(f"{unknown[0]} isn't in the patch.", "Read the patch again.")
        named: dict[str, list[int | None]] = {path: [] for path in paths}
        for part in parts:
            named[part.path].append(part.hunk)
        return {path: hunks for path, hunks in named.items() if hunks}


def revert_applied(folder: Path, top: Path, applied_id: str) -> None:
    """Undo an apply of what is in `folder`, of which only the records need to be left.

    Raises ChangeError if its files changed since, or are those of another checkout.
    """
    records = UndoRecords(folder)
    record = records.get(applied_id)
    if record.is_reverted:
        return
    if record.top not in ("", str(top)):
        raise ChangeError(f"This was applied in {record.top}.", "Undo it there.")
    refuse_later_changes(top, record)
    take_back(top, record)
    records.mark(applied_id, "reverted")


class _Plan:
    """What is to be written, worked out before anything is."""

    def __init__(self, tree: DisposableTree, top: Path, markers: str) -> None:
        """`markers` name the patch in files with conflicts; "" leaves these as they are."""
        self._tree, self._top, self._markers = tree, top, markers
        self.changes: dict[str, PathChange] = {}
        self.hunks: dict[str, frozenset[int]] = {}
        self.merged: list[str] = []
        self.conflicts: list[str] = []

    def add(self, file: FileParts, earlier: frozenset[int], chosen: frozenset[int]) -> None:
        """Plan to add the hunks `chosen` to a file that has the hunks `earlier`."""
        path = file.file.path
        before = earlier
        if not self._is_as(file.with_applied(earlier)) and self._is_as(file.with_applied(())):
            before = frozenset[int]()  # the user took it back by other means
        source, target = file.with_applied(before), file.with_applied(before | chosen)
        found = self._at(source.path)
        there = found if source.path == target.path else self._at(target.path)
        is_moved = source.path == target.path or found is None
        if before | chosen == earlier and before == earlier:
            return
        if there == target.state and is_moved:
            self.hunks[path] = chosen
            return
        is_taken = source.path != target.path and there is not None
        if is_taken or OTHER in (found, there) or not is_inside(path):
            self.conflicts.append(path)
            return
        result = target.state
        if found != source.state:
            merging = merge_states(
                self._tree.repository,
                self._tree.folder,
                found,
                source.state,
                target.state,
                self._markers or "the patch",
            )
            if merging.state is None or (merging.is_conflict and not self._markers):
                self.conflicts.append(path)
                return
            result = merging.state
            (self.conflicts if merging.is_conflict else self.merged).append(path)
        self._change(source.path, found, Placement(target.path, result))
        self.hunks[path] = chosen

    def _is_as(self, placement: Placement) -> bool:
        return self._at(placement.path) == placement.state

    def _at(self, path: str) -> FileState | None:
        gone = {one.path for one in self.changes.values() if one.after is None}
        return state_below(self._top, path, gone)

    def _change(self, source: str, found: FileState | None, target: Placement) -> None:
        rights = rights_of(self._top, source)
        made = missing_folders(self._top, target.path) if target.state else ()
        if source == target.path:
            self.changes[source] = PathChange(source, found, target.state, rights, made)
            return
        self.changes[source] = PathChange(source, found, None, rights)
        self.changes[target.path] = PathChange(target.path, None, target.state, rights, made)
