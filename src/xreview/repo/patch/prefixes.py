"""Removing prefixes from the names in a patch, judged by the whole patch and the repository.

git writes `a/` and `b/` unless configured otherwise, and diff(1) -r writes two folders. If two
names differ, their prefixes are what precedes their common end. Equal names have none, so that
`a/new.py` and `c/new.py` remain two files. If only one side exists and git's own line is missing,
the rest of the patch decides, or the usual prefixes, unless a folder has that name.
"""

from collections import Counter
from collections.abc import Callable, Sequence

from xreview.repo.diff.file_header import HeaderNames
from xreview.repo.diff.file_names import ABSENT

Names = tuple[bytes, bytes]
Exists = Callable[[bytes], bool]
"""Whether the repository has a file or folder with this name."""

_USUAL_OLD, _USUAL_NEW = (b"a/", b"i/", b"c/", b"o/", b"1/"), (b"b/", b"w/", b"i/", b"2/")
_KNOWN = frozenset(_USUAL_OLD + _USUAL_NEW)
_MOST_FOLDERS = 4
_SAMPLE = 64


def nothing_exists(name: bytes) -> bool:
    """The answer outside of a repository."""
    return False


def without_prefixes(named: Sequence[HeaderNames], exists: Exists = nothing_exists) -> list[Names]:
    """The names of a patch's files without prefixes, in the same order.

    ("", "") for a file whose names are ambiguous.
    """
    usual = _prefixes_of_most(named)
    keeps_plain = _is_plain_without_prefix(named, exists)
    one_sided = _prefixes_of_one_side(named, exists)
    found = [_stripped(one, usual, one_sided, keeps_plain=keeps_plain) for one in named]
    folders = _folders_too_many(found, exists)
    return [
        names if one.is_exact else (_below(names[0], folders), _below(names[1], folders))
        for one, names in zip(named, found, strict=True)
    ]


def _stripped(
    one: HeaderNames, usual: Names | None, one_sided: Names, *, keeps_plain: bool
) -> Names:
    old, new = one.old, one.new
    if one.is_exact:
        return old, new
    if not old and not new:
        return _cut(one.git_line, usual)
    if one.by_git is None and keeps_plain:
        return old, new
    prefixes = _prefixes_of(one, usual)
    if prefixes is None and one.by_git is None and old != new:
        prefixes = usual or one_sided
    before, after = prefixes or (b"", b"")
    return (
        old if old == ABSENT else old.removeprefix(before),
        new if new == ABSENT else new.removeprefix(after),
    )


def _prefixes_of(one: HeaderNames, usual: Names | None) -> Names | None:
    """The prefixes that a pair of names shows, or None."""
    old, new = one.by_git or (one.old, one.new)
    if old == new or ABSENT in (old, new):
        return None
    if usual and old.startswith(usual[0]) and new.startswith(usual[1]):
        return usual
    return _differing_starts(old, new)


def _differing_starts(old: bytes, new: bytes) -> Names | None:
    """What precedes the longest common end of both names, in whole folders."""
    if old[:2] != new[:2] and old[:2] in _KNOWN and new[:2] in _KNOWN:
        return old[:2], new[:2]
    olds, news = old.split(b"/"), new.split(b"/")
    shared = 0
    while shared < min(len(olds), len(news)) and olds[-1 - shared] == news[-1 - shared]:
        shared += 1
    if not shared:
        return None
    end = b"/".join(olds[-shared:])
    return old.removesuffix(end), new.removesuffix(end)


def _prefixes_of_most(named: Sequence[HeaderNames]) -> Names | None:
    """The prefixes that most pairs of names show."""
    shown = Counter(
        prefixes
        for one in named
        if not one.is_exact and (prefixes := _prefixes_of(one, None)) is not None
    )
    return shown.most_common(1)[0][0] if shown else None


def _is_plain_without_prefix(named: Sequence[HeaderNames], exists: Exists) -> bool:
    """Whether name pairs without git's line are moved files, judged by the repository."""
    plain = [
        (one, prefixes)
        for one in named[:_SAMPLE]
        if not one.is_exact
        and one.by_git is None
        and (prefixes := _prefixes_of(one, None)) is not None
    ]
    whole = any(exists(one.old) or exists(one.new) for one, _ in plain)
    below = any(exists(one.new.removeprefix(prefixes[1])) for one, prefixes in plain)
    return whole and not below


def _prefixes_of_one_side(named: Sequence[HeaderNames], exists: Exists) -> Names:
    """The usual prefixes of one-sided names, if they all have the same one."""
    alone = [one for one in named if not one.is_exact and one.by_git is None]
    olds = {one.old[:2] for one in alone if one.new == ABSENT}
    news = {one.new[:2] for one in alone if one.old == ABSENT}
    return _only(olds, _USUAL_OLD, exists), _only(news, _USUAL_NEW, exists)


def _only(starts: set[bytes], usual: tuple[bytes, ...], exists: Exists) -> bytes:
    if len(starts) != 1:
        return b""
    (start,) = starts
    return start if start in usual and not exists(start[:1]) else b""


def _cut(line: bytes, usual: Names | None) -> Names:
    """Split an ambiguous line of git's with the prefixes of the other files."""
    if usual is not None:
        before, after = usual
        size, odd = divmod(len(line) - len(before) - len(after) - 1, 2)
        old, new = line[: len(before) + size], line[len(before) + size + 1 :]
        if not odd and old.removeprefix(before) == new.removeprefix(after) and size > 0:
            return old.removeprefix(before), new.removeprefix(after)
    words = line.split(b" ")
    if len(words) == 2 and (prefixes := _differing_starts(*words)) is not None:
        return words[0].removeprefix(prefixes[0]), words[1].removeprefix(prefixes[1])
    return b"", b""


def _folders_too_many(found: Sequence[Names], exists: Exists) -> int:
    """How many leading folders of all names the repository doesn't have."""
    names = [old for old, _ in found[:_SAMPLE] if old and old != ABSENT]
    if not names or any(exists(name) for name in names):
        return 0
    parts = [name.split(b"/") for name in names]
    for folders in range(1, _MOST_FOLDERS + 1):
        if (
            any(len(one) <= folders for one in parts)
            or len({tuple(p[:folders]) for p in parts}) > 1
        ):
            return 0
        if all(exists(b"/".join(one[folders:])) for one in parts):
            return folders
    return 0


def _below(name: bytes, folders: int) -> bytes:
    return name if name == ABSENT else b"/".join(name.split(b"/")[folders:]) or name
