"""Where tools leave their coverage files, and the ones that there are in a checkout."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from xreview.domain.record import dataclass
from xreview.repo.files.worktree import modified_at, names_in_folder

USUAL_PLACES = (
    ".coverage",
    "coverage.json",
    "coverage.xml",
    "coverage/coverage.xml",
    "reports/coverage.xml",
    "lcov.info",
    "coverage.lcov",
    "coverage/lcov.info",
    "target/lcov.info",
    "target/llvm-cov/lcov.info",
    "target/tarpaulin/lcov.info",
    "build/coverage.info",
    "cobertura.xml",
    "coverage/cobertura-coverage.xml",
    "target/site/cobertura/coverage.xml",
    "coverage.out",
    "cover.out",
    "c.out",
    "profile.cov",
    "coverage.txt",
    "target/site/jacoco/jacoco.xml",
    "target/site/jacoco-aggregate/jacoco.xml",
    "build/reports/kover/report.xml",
)
"""Below the top of the checkout, and below each folder above a changed file."""

_GRADLE = "build/reports/jacoco"
"""Gradle's plugin writes a folder for each task of tests here."""

MOST_FOLDERS = 24
_MOST_LISTED = 500
_MOST_TASKS = 8


@dataclass(frozen=True, slots=True)
class CoveragePlace:
    """A coverage file in the checkout.

    Args:
        path: from the top of the checkout.
        base: the folder that it was written for; "" for the top.
        modified: when it was written, in seconds since 1970.
    """

    path: str
    base: str
    modified: float


def coverage_places(top: Path, changed: Iterable[str]) -> tuple[CoveragePlace, ...]:
    """Return the coverage files of a checkout that can be about these paths, the newest first."""
    found = {
        path: CoveragePlace(path, folder, modified)
        for folder in _folders(changed)
        for path in _candidates(top, folder)
        if (modified := modified_at(top, path)) is not None
    }
    return tuple(sorted(found.values(), key=lambda place: (-place.modified, place.path)))


def _folders(changed: Iterable[str]) -> tuple[str, ...]:
    """The folders above the paths, the top first, then those nearest to it."""
    found = {""}
    for path in changed:
        parts = path.split("/")[:-1]
        found.update("/".join(parts[:depth]) for depth in range(1, len(parts) + 1))
    ordered = sorted(found, key=lambda folder: (bool(folder), folder.count("/"), folder))
    return tuple(ordered[:MOST_FOLDERS])


def _candidates(top: Path, folder: str) -> Iterator[str]:
    there = frozenset(names_in_folder(top, folder, _MOST_LISTED))
    for place in USUAL_PLACES:
        if place.partition("/")[0] in there or len(there) == _MOST_LISTED:
            yield _below(folder, place)
    listed = [(folder, ".coverprofile")]
    if "build" in there:
        gradle = _below(folder, _GRADLE)
        tasks = names_in_folder(top, gradle, _MOST_TASKS)
        listed += [(one, ".xml") for one in (gradle, *(f"{gradle}/{task}" for task in tasks))]
    for place, ending in listed:
        names = names_in_folder(top, place, _MOST_LISTED)
        yield from (_below(place, name) for name in names if name.endswith(ending))


def _below(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
