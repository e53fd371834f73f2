"""Grouping the files of a change into requests: a source goes with its tests and its header.

Only paths decide what belongs together, and only a group's own size whether it is sent together. So
editing a file leaves the requests of all files outside its group unchanged to the byte, and their
replies in the cache.
"""

import re
from collections import defaultdict
from collections.abc import Sequence

from xreview.domain.tests import is_test

Group = tuple[str, ...]
"""Paths."""

_TEST_NAME = re.compile(
    r"^(tests?|spec)[_.-](?=.)|[_.-](tests?|spec|stories)$|(?<=[a-z0-9])(Tests?|IT|Spec)$"
)
_TEST_FOLDERS = frozenset({"test", "tests", "__tests__", "spec", "specs", "src", "lib", "main"})


def groups_of(paths: Sequence[str]) -> list[Group]:
    """The paths in groups, each path in exactly one. The order of `paths` doesn't matter."""
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


def _parts(path: str) -> tuple[str, str]:
    """The folder, and the name without endings and marks of a test."""
    folder, _, name = path.rpartition("/")
    stem = name.partition(".")[0] if not name.startswith(".") else name
    inner = name[: -len(name.rpartition(".")[2]) - 1] if "." in name else name
    bare = _TEST_NAME.sub("", inner) if is_test(path) else stem
    return folder, (bare.partition(".")[0] or name).lower()


def _distance(test_folder: str, folder: str) -> tuple[int, int]:
    """The distance of a test's folder from a source's: the fewer shared names, the farther."""
    own = [part for part in test_folder.split("/") if part not in _TEST_FOLDERS]
    other = [part for part in folder.split("/") if part not in _TEST_FOLDERS]
    shared = len(set(own) & set(other))
    return -shared, len(other) + len(own) - 2 * shared
