"""Finds the files of a repository that a coverage file means by its names.

A coverage file can come from another folder, machine or system, and its names can lack the source
folder. A name is matched as it is where that leads to a file, else by its end, and only if that
leaves one file.
"""

import posixpath
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from xreview.imports.coverage_files.measured import CoverageReport

_MOST_NAMESAKES = 500
"""With more files of the same last name, only an exact name is matched."""

_MOST_GUESSES = 5_000
"""Names that are matched by their ends."""


def match_names(
    report: CoverageReport, base: str, top: str, files: Collection[str]
) -> Mapping[str, str]:
    """Return the recorded name of each file that the report has, by its path in the repository.

    Args:
        base: the folder that the report was written for, in the repository; "" for the top.
        top: the absolute path of the repository.
        files: all files of the repository, from the top.
    """
    there = files if isinstance(files, set | frozenset) else frozenset(files)
    exact: dict[str, list[str]] = defaultdict(list)
    rest: list[str] = []
    for name in report.names:
        found = next((one for one in _as_named(name, report.roots, base, top) if one in there), "")
        if found:
            exact[found].append(name)
        else:
            rest.append(name)
    wanted = sorted(rest, key=lambda name: name not in report.files)
    by_end: dict[str, list[str]] = defaultdict(list)
    for name, path in _by_ends(wanted[:_MOST_GUESSES], base, there):
        if path not in exact:
            by_end[path].append(name)
    return {path: names[0] for path, names in (*exact.items(), *by_end.items()) if len(names) == 1}


def _as_named(name: str, roots: Iterable[str], base: str, top: str) -> Iterator[str]:
    """The places that a name means without guessing, as paths in the repository."""
    own = f"{top}/{base}".rstrip("/")
    for root in (own, *roots):
        place = posixpath.normpath(posixpath.join(own, root, name))
        if place.startswith(f"{top}/"):
            yield place[len(top) + 1 :]


def _by_ends(names: Iterable[str], base: str, files: Collection[str]) -> Iterator[tuple[str, str]]:
    """The names that have one file with the same end. What was cut off from these names tells the
    others which of several files is meant."""
    by_last: dict[str, list[str]] = defaultdict(list)
    for path in sorted(files):
        by_last[path.rpartition("/")[2]].append(path)
    roots: set[tuple[str, str]] = set()
    unsure: list[tuple[str, list[str]]] = []
    for name in names:
        same = by_last.get(name.rpartition("/")[2], [])
        if len(same) > _MOST_NAMESAKES:
            continue
        below = [path for path in same if base and _ends_alike(name, _below(path, base))]
        found = below or [path for path in same if _ends_alike(name, path)]
        if len(found) == 1:
            roots.add(_cut(name, found[0], base))
            yield name, found[0]
        elif found:
            unsure.append((name, found))
    for name, found in unsure:
        likely = [path for path in found if _cut(name, path, base) in roots]
        if len(likely) == 1:
            yield name, likely[0]


def _below(path: str, base: str) -> str:
    """A path from a folder; "" if it isn't in that."""
    return path.removeprefix(f"{base}/") if path.startswith(f"{base}/") else ""


def _ends_alike(name: str, path: str) -> bool:
    """Whether one of them is the end of the other, at whole names."""
    if not path:
        return False
    short, long = sorted((name.lstrip("/"), path), key=len)
    return long == short or long.endswith(f"/{short}")


def _cut(name: str, path: str, base: str) -> tuple[str, str]:
    """What the name has before its common end with the path, and what the path has."""
    below = _below(path, base) if base else path
    if below and name.endswith(below):
        return name[: -len(below)], path[: -len(below)]
    return (name[: -len(path)], "") if len(name) > len(path) else ("", path[: -len(name)])
