"""Merging the diffs of a path that a patch changes more than once into one.

A series (`git format-patch -3`, `git log -p`) is reviewed as one change, so that line numbers are
those of the final file. Diffs of one path that aren't consecutive are shown one after the other,
and the file is reported as unreadable as a whole.
"""

from collections import Counter
from collections.abc import Sequence

from xreview.domain.change import FileDiff, FileStatus
from xreview.domain.record import replace
from xreview.repo.diff.file_header import type_changed
from xreview.repo.patch.compose import compose_hunks
from xreview.repo.patch.section import Shortfall, with_shortfalls

MOST_STEPS = 2_000_000
"""The most steps that merging may take for all files together: about one for each line."""

_KIND_OF_MODE = 3
_UNDONE = "A later patch of the series reverts what an earlier one does here."


def merge_diffs(files: Sequence[FileDiff]) -> list[FileDiff]:
    """The files of a patch in the order of their first diff, each path once."""
    counts = Counter(file.path for file in files)
    if len(counts) == len(files) and not any(file.old_path in counts for file in files):
        return list(files)
    groups: list[list[FileDiff]] = []
    current: dict[str, int] = {}
    for file in files:
        before = file.old_path if file.status is FileStatus.RENAMED else file.path
        index = current.pop(before or file.path, None)
        if index is not None and file.path in current:  # moved onto another file
            current[before or file.path] = index
            index = current.pop(file.path)
        if index is None and before != file.path:
            index = current.pop(file.path, None)
        if index is None:
            index = len(groups)
            groups.append([])
        groups[index].append(file)
        current[file.path] = index
    left = MOST_STEPS
    merged: list[FileDiff] = []
    for group in groups:
        merged.append(_one(group, left))
        if len(group) > 1:
            left -= sum(len(file.body) for file in group) // 40 + len(group)
    return merged


def _one(group: Sequence[FileDiff], most_steps: int) -> FileDiff:
    if len(group) == 1:
        return group[0]
    first, last = group[0], group[-1]
    if len(group) == 2 and _changes_type(first, last):
        file = type_changed(first, last)
        return replace(file, unread=_unread(group), unread_lines=_unread_lines(group))
    ordered = _in_order(group)
    body = None
    if ordered is not None and not any(map(_changes_type, ordered, ordered[1:])):
        is_new = ordered[0].status is FileStatus.ADDED
        bodies = [file.body for file in ordered]
        body = compose_hunks(bodies, is_new=is_new, most_steps=most_steps)
    if body is None or ordered is None:
        return _apart(group)
    return _composed(ordered, body)


def _composed(group: Sequence[FileDiff], body: bytes) -> FileDiff:
    first, last = group[0], group[-1]
    status = _status(group)
    old_path = first.old_path or first.path
    has_old, has_new = status is not FileStatus.ADDED, status is not FileStatus.DELETED
    notices = dict.fromkeys(file.notice for file in group if file.notice)
    if not body and not any(file.binary for file in group):
        notices[_UNDONE] = None
    return FileDiff(
        path=last.path,
        status=status,
        old_path=old_path if old_path != last.path and has_old else None,
        old_mode=first.old_mode if has_old else "",
        new_mode=last.new_mode if has_new else "",
        old_blob=first.old_blob if has_old else "",
        new_blob=last.new_blob if has_new else "",
        binary=any(file.binary for file in group) and not body,
        body=body,
        notice=" ".join(notices),
        unread=_unread(group),
        unread_lines=_unread_lines(group),
    )


def _unread(group: Sequence[FileDiff]) -> str:
    return "; ".join(dict.fromkeys(file.unread for file in group if file.unread))


def _unread_lines(group: Sequence[FileDiff]) -> int:
    return sum(file.unread_lines for file in group)


def _status(group: Sequence[FileDiff]) -> FileStatus:
    first, last = group[0], group[-1]
    if last.status is FileStatus.DELETED:
        return FileStatus.MODIFIED if first.status is FileStatus.ADDED else FileStatus.DELETED
    if first.status in (FileStatus.ADDED, FileStatus.COPIED):
        return first.status
    if (first.old_path or first.path) != last.path:
        return FileStatus.RENAMED
    return FileStatus.MODIFIED


def _in_order(group: Sequence[FileDiff]) -> Sequence[FileDiff] | None:
    """The diffs in order by git's ids, which `git log -p` reverses; None if they contradict."""
    for ordered in (group, group[::-1]):
        if all(map(_may_follow, ordered, ordered[1:])):
            return ordered
    return None


def _may_follow(before: FileDiff, after: FileDiff) -> bool:
    if not (before.new_blob and after.old_blob):
        gone, new = before.status is FileStatus.DELETED, after.status is FileStatus.ADDED
        return gone == new
    size = min(len(before.new_blob), len(after.old_blob))
    return before.new_blob[:size] == after.old_blob[:size]


def _changes_type(before: FileDiff, after: FileDiff) -> bool:
    return (
        before.status is FileStatus.DELETED
        and after.status is FileStatus.ADDED
        and before.old_mode[:_KIND_OF_MODE] != after.new_mode[:_KIND_OF_MODE]
    )


def _apart(group: Sequence[FileDiff]) -> FileDiff:
    """All diffs of a file, one after the other."""
    first, last = group[0], group[-1]
    file = replace(
        first,
        path=last.path,
        status=FileStatus.MODIFIED,
        old_path=None,
        old_blob="",
        new_blob="",
        new_mode=last.new_mode,
        binary=False,
        body=b"".join(file.body for file in group),
        notice=" ".join(dict.fromkeys(file.notice for file in group if file.notice)),
        unread=_unread(group),
        unread_lines=_unread_lines(group),
    )
    why = f"the patch changes it in {len(group)} diffs that aren't consecutive"
    return with_shortfalls(file, [Shortfall(why)])
