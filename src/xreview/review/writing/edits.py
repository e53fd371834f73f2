"""Checking the edits of a model mechanically: which files they make, and what is wrong with them.

Nothing is written here. An edit can't touch what a model may not read, or what tells an agent what
to do.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import aclosing

from xreview.domain.fixing.search_edit import SearchEdit, apply_in_order
from xreview.domain.record import dataclass
from xreview.review.egress.gate import MASK
from xreview.review.egress.secret_files import is_readable
from xreview.review.egress.secrets import WITHHELD
from xreview.review.writing.syntax import SyntaxCheck
from xreview.review.writing.tree_files import TreeFiles


@dataclass(frozen=True, slots=True)
class CheckedEdits:
    """What edits make of files.

    Args:
        contents: the new content of each changed file, without the files with errors.
        removed: the files to remove, without those with errors.
        errors: one sentence each, by path.
    """

    contents: Mapping[str, bytes]
    errors: Mapping[str, tuple[str, ...]]
    removed: tuple[str, ...] = ()


class EditCheck:
    """Checks edits of the files of a tree; `ignores` says what the settings keep from models."""

    def __init__(self, files: TreeFiles, ignores: Callable[[str], bool]) -> None:
        self._files = files
        self._ignores = ignores

    async def check(self, edits: Sequence[SearchEdit], removed: Sequence[str] = ()) -> CheckedEdits:
        """What the edits make of the files, each file for itself, and which of the files to remove
        can be. Raises ChangeError."""
        by_path: dict[str, list[tuple[int, SearchEdit]]] = {}
        for number, edit in enumerate(edits):
            by_path.setdefault(edit.path, []).append((number, edit))
        contents: dict[str, bytes] = {}
        errors: dict[str, tuple[str, ...]] = {}
        async with aclosing(SyntaxCheck()) as syntax:
            for path, numbered in by_path.items():
                made = await self._file(path, numbered, syntax)
                if isinstance(made, bytes):
                    contents[path] = made
                else:
                    errors[path] = made
        gone: list[str] = []
        for path in dict.fromkeys(removed):
            why = await asyncio.to_thread(self._why_kept, path, by_path)
            if why:
                errors[path] = (*errors.get(path, ()), f"removed: {path} {why}.")
            else:
                gone.append(path)
        return CheckedEdits(contents, errors, tuple(gone))

    async def _file(
        self, path: str, numbered: Sequence[tuple[int, SearchEdit]], syntax: SyntaxCheck
    ) -> bytes | tuple[str, ...]:
        """The new content of a file, or what is wrong."""
        if why := self._why_refused(path):
            return (f"edits[{numbered[0][0]}].path: {path} {why}.",)
        if marked := [at for at, one in numbered if WITHHELD in one.replace or MASK in one.replace]:
            return tuple(f"edits[{at}].replace holds the sign of a withheld line." for at in marked)
        before = await asyncio.to_thread(self._files.read, path)
        if before is None and await asyncio.to_thread(self._is_taken, path):
            return (f"edits[{numbered[0][0]}].path: {path} can't be edited as text.",)
        edits = [edit for _, edit in numbered]
        after, refused = await asyncio.to_thread(apply_in_order, before, edits)
        if refused:
            return tuple(f"edits[{numbered[index][0]}]: {why}." for index, why in refused)
        line = await syntax.broken_at(path, before or b"", after or b"")
        if line:
            return (f"With your edits, {path} no longer parses, from line {line}.",)
        return after or b""

    def _why_kept(self, path: str, edited: Collection[str]) -> str:
        """Why a file can't be removed, to follow its path; "" if it can."""
        if why := self._why_refused(path):
            return why
        if path in edited:
            return "has edits too"
        is_file = self._files.exists(path) and not self._files.is_folder(path)
        return "" if is_file else "isn't a file"

    def _why_refused(self, path: str) -> str:
        from xreview.agents.base.agent import instruction_names

        if not is_readable(path, self._ignores):
            return "may not be read or changed"
        if not instruction_names().isdisjoint(path.lower().split("/")):
            return "tells agents what to do, and may not be changed"
        return ""

    def _is_taken(self, path: str) -> bool:
        """Whether something else than an editable file is at a path or on the way to it."""
        if self._files.exists(path):
            return True
        parts = path.split("/")
        above = ("/".join(parts[:size]) for size in range(1, len(parts)))
        return any(self._files.exists(one) and not self._files.is_folder(one) for one in above)
