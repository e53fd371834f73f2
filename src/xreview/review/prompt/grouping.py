"""Which files of a change go into one request.

What belongs together is told by the paths alone, and whether it is sent together only by its own
size. So when one file is edited, the requests of files that never shared one with it stay as they
are, to the byte, and a cache that is keyed on them answers.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum

from xreview.analysers.plan import is_test

Group = tuple[str, ...]
"""Paths, the first one naming the group."""


class Together(StrEnum):
    """What may share a request."""

    NOTHING = "nothing"
    """Each file alone: the most requests, and the fewest to be sent again."""
    RELATED = "related"
    """A source with its tests, and files of one name in one folder: header and implementation."""
    FOLDER = "folder"
    """Also what lies in one folder, as far as it fits: the fewest requests."""


_TEST_NAME = re.compile(
    r"^(tests?|spec)[_.-](?=.)|[_.-](tests?|spec|stories)$|(?<=[a-z0-9])(Tests?|IT|Spec)$"
)
_TEST_FOLDERS = frozenset({"test", "tests", "__tests__", "spec", "specs", "src", "lib", "main"})


def groups_of(paths: Sequence[str], together: Together) -> list[Group]:
    """The paths in groups, each path in exactly one; the order does not depend on that of `paths`.

    `Together.FOLDER` gives the same groups as `RELATED`; `packed` joins them.
    """
    if together is Together.NOTHING:
        return [(path,) for path in sorted(paths)]
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    tests: list[str] = []
    for path in sorted(paths):
        if is_test(path):
            tests.append(path)
        else:
            folder, name = _parts(path)
            found[folder, name].append(path)
    by_name: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for folder, name in found:
        by_name[name].append((folder, name))
    for path in tests:
        folder, name = _parts(path)
        likely = by_name.get(name, ())
        key = min(likely, key=lambda key: (_distance(folder, key[0]), key), default=(folder, path))
        found[key].append(path)
    return sorted(tuple(group) for group in found.values())


def packed(groups: Iterable[Group], size_of: Callable[[Group], int], room: int) -> Iterator[Group]:
    """The groups of each folder joined as far as they fit `room`.

    A folder that does not fit is halved by a hash of the groups' names until each part fits or is
    one group, so that no boundary depends on another file's size.
    """
    folders: defaultdict[str, list[Group]] = defaultdict(list)
    for group in groups:
        folders[group[0].rpartition("/")[0]].append(group)
    for folder in sorted(folders):
        yield from _halved(folders[folder], size_of, room, 0)


def _halved(
    groups: list[Group], size_of: Callable[[Group], int], room: int, bit: int
) -> Iterator[Group]:
    if not groups:
        return
    joined = tuple(path for group in groups for path in group)
    if len(groups) == 1 or size_of(joined) <= room:
        yield joined
        return
    halves: tuple[list[Group], list[Group]] = ([], [])
    for group in groups:
        halves[_bit(group[0], bit)].append(group)
    for half in halves:
        yield from _halved(half, size_of, room, bit + 1)


def _bit(path: str, bit: int) -> int:
    digest = hashlib.sha256(path.encode("utf-8", "surrogatepass")).digest()
    return digest[bit // 8 % len(digest)] >> bit % 8 & 1


def _parts(path: str) -> tuple[str, str]:
    """The folder, and the name without endings and without what makes it a test's."""
    folder, _, name = path.rpartition("/")
    stem = name.partition(".")[0] if not name.startswith(".") else name
    inner = name[: -len(name.rpartition(".")[2]) - 1] if "." in name else name
    bare = _TEST_NAME.sub("", inner) if is_test(path) else stem
    return folder, (bare.partition(".")[0] or name).lower()


def _distance(test_folder: str, folder: str) -> tuple[int, int]:
    """How far a test's folder is from a source's: fewer shared folder names are farther."""
    own = [part for part in test_folder.split("/") if part not in _TEST_FOLDERS]
    other = [part for part in folder.split("/") if part not in _TEST_FOLDERS]
    shared = len(set(own) & set(other))
    return -shared, len(other) + len(own) - 2 * shared
