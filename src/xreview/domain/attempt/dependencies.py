"""What an attempt adds to the manifests of package managers."""

import re
from collections.abc import Callable, Sequence

from xreview.domain.attempt.manifests import ReadNames, likely_names, manifest_reader
from xreview.domain.change import FileDiff, FileStatus, Side

ReadText = Callable[[str], str | None]
"""Returns the text of the file at a path; None if there is none, or it isn't text."""

_LONGEST_NAME = 200
_MOST_CHARACTERS = 1_000_000


def added_dependencies(
    files: Sequence[FileDiff], read_old: ReadText, read_new: ReadText
) -> tuple[str, ...]:
    """Return what the patch adds to manifests, as `name (manifest)`, in the order of the files.

    Another version of what was there isn't added. Never fails, whatever is in the manifests.

    Args:
        read_old, read_new: give the text of a manifest before and after.
    """
    found: dict[str, None] = {}
    for file in files:
        read = manifest_reader(file.path)
        if read is None or file.status is FileStatus.DELETED:
            continue
        old_path = file.old_path or file.path
        old = None if file.status is FileStatus.ADDED else read_old(old_path)
        for name in _added(read, old or "", read_new(file.path) or "", file):
            found[f"{name} ({file.path})"] = None
    return tuple(found)


def _added(read: ReadNames, old: str, new: str, file: FileDiff) -> list[str]:
    if max(len(old), len(new)) > _MOST_CHARACTERS:
        old, new = _changed(file, Side.OLD), _changed(file, Side.NEW)
    before, after = _names(read, old), _names(read, new)
    if after is None:  # by lines, other things look like names too
        before = [*(before or ()), *likely_names(old)]
        after = list(likely_names(new))
    known = {_canonical(name) for name in (list(likely_names(old)) if before is None else before)}
    return [
        name
        for name in dict.fromkeys(after)
        if 0 < len(name) <= _LONGEST_NAME and _canonical(name) not in known
    ]


def _names(read: ReadNames, text: str) -> list[str] | None:
    """The names in a manifest; None if it can't be parsed."""
    try:
        return list(read(text))
    except (ValueError, RecursionError):
        return None


def _changed(file: FileDiff, side: Side) -> str:
    """The changed lines of a manifest that is too large to be read."""
    wanted = "-" if side is Side.OLD else "+"
    rows = file.body.decode("utf-8", "surrogateescape").split("\n")
    return "\n".join(row[1:] for row in rows if row[:1] == wanted)


def _canonical(name: str) -> str:
    """The name as package managers compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()
