"""How many of a change's lines tests ran, by the coverage files that there are. Nothing is run.

A coverage file says what was true when it was written. It is stale for a file if that or one of
its tests was written later, if its lines contradict the file, or if it's the author's own claim:
part of the change, tracked, or in a submodule. Claims are read last, so that a slow one can't use
up the time for what was really measured.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from xreview.domain.attention.file_facts import TestedLines
from xreview.domain.change import ChangeKind, FileDiff, FileStatus, Side
from xreview.domain.errors import ChangeError
from xreview.domain.record import dataclass
from xreview.imports.coverage_files.matching import match_names
from xreview.imports.coverage_files.measured import (
    CoverageFileError,
    CoverageReport,
    MeasuredFile,
)
from xreview.imports.coverage_files.reading import read_coverage
from xreview.imports.coverage_files.statements import statement_lines
from xreview.repo.diff.file_header import LINK_MODE, SUBMODULE_MODE
from xreview.repo.files.worktree import is_other_repository, modified_at, read_worktree_file
from xreview.repo.repository import Repository
from xreview.review.attention.coverage_places import CoveragePlace, coverage_places
from xreview.review.session.whole_change import WholeChange

COVERAGE_BYTES = 16 * 1024 * 1024
_SOURCE_BYTES = 1024 * 1024
MOST_PLACES = 12
"""Coverage files that are read: the newest, those that aren't claims first."""

_MOST_FILES = 300
_MOST_TESTS = 20
"""Tests of one file whose dates are compared."""

_CODE = re.compile(r"\w")
_NOT_ON_DISK = (ChangeKind.PATCH, ChangeKind.ATTEMPT)


@dataclass(frozen=True)
class _Source:
    """A changed file on disk.

    Args:
        added: the lines that the change added, 1-based.
        rows: the text of all its lines.
        modified: when it was written, or the newest of its tests.
    """

    path: str
    added: frozenset[int]
    rows: tuple[str, ...]
    modified: float

    @property
    def text(self) -> str:
        """Its whole text."""
        return "\n".join(self.rows)

    def is_blank(self, line: int) -> bool:
        """Whether a line has no letter or digit, so that nothing on it can be run."""
        return not _CODE.search(self.rows[line - 1])


def tested_lines(
    change: WholeChange,
    files: Sequence[FileDiff],
    all_files: Collection[str],
    tests: Mapping[str, Collection[str]],
    is_over: Callable[[], bool],
) -> tuple[Mapping[str, TestedLines], tuple[str, ...]]:
    """Return what coverage files say of changed files, by path, and notices for the user.

    Args:
        all_files: the paths after the change.
        tests: by path, the tests of a file.
        is_over: whether the time is up.

    Raises ChangeError if git fails.
    """
    repository = change.repository
    if repository is None or repository.top is None or not _is_checked_out(change, repository):
        return {}, ()
    measurable = [file for file in files[:_MOST_FILES] if _is_measurable(file)]
    places = coverage_places(repository.top, [file.path for file in measurable])
    if not places:
        return {}, ()
    altered = _altered_since(change, repository, measurable)
    sources = {
        file.path: source
        for file in measurable
        if file.path not in altered
        and (source := _source(repository.top, file, tests.get(file.path, ()))) is not None
    }
    claimed = _tracked(repository, places) | frozenset(change.change.by_path)
    claimed |= {place.path for place in places if _is_elsewhere(repository.top, place.path)}
    reading = _PlaceReader(repository.top, sources, all_files, claimed, is_over)
    found: dict[str, TestedLines] = {}
    for place in sorted(places, key=lambda one: one.path in claimed)[:MOST_PLACES]:  # stable
        for path, tested in reading.read(place):
            # The newest one that isn't stale.
            if path not in found or (found[path].is_stale and not tested.is_stale):
                found[path] = tested
    return found, tuple(reading.notices)


def _is_checked_out(change: WholeChange, repository: Repository) -> bool:
    """Whether the change's new side can be what is on disk."""
    if change.source.kind in _NOT_ON_DISK or change.collected.distant is not None:
        return False
    if change.source.head is None:
        return True
    head = repository.start("rev-parse", "--verify", "--quiet", "HEAD").finish().output
    return head.decode("ascii", "replace").strip() == change.source.head


def _is_measurable(file: FileDiff) -> bool:
    modes = (LINK_MODE, SUBMODULE_MODE)
    is_text = not (file.binary or file.new_mode in modes)
    return is_text and file.added > 0 and file.status is not FileStatus.DELETED


def _altered_since(
    change: WholeChange, repository: Repository, files: Iterable[FileDiff]
) -> frozenset[str]:
    """The files that are different on disk from what they are after the change."""
    is_staged = change.source.kind is ChangeKind.STAGED
    if change.source.head is None and not is_staged:
        return frozenset()
    revision = () if is_staged or change.source.head is None else (change.source.head,)
    options = ("--name-only", "-z", "--no-ext-diff", "--no-textconv", "--no-renames")
    paths = [file.path for file in files]
    output = repository.start("diff", *options, *revision, "--", *paths).finish().checked()
    return _paths(output)


def _tracked(repository: Repository, places: Iterable[CoveragePlace]) -> frozenset[str]:
    paths = [place.path for place in places]
    return _paths(repository.start("ls-files", "-z", "--", *paths).finish().checked())


def _is_elsewhere(top: Path, path: str) -> bool:
    """Whether a file belongs to another repository below the top, whose index isn't read."""
    folders = path.split("/")[:-1]
    return any(
        is_other_repository(top, "/".join(folders[:depth])) for depth in range(1, len(folders) + 1)
    )


def _paths(output: bytes) -> frozenset[str]:
    return frozenset(output.decode("utf-8", "surrogateescape").split("\0")) - {""}


def _source(top: Path, file: FileDiff, tests: Collection[str]) -> _Source | None:
    found = read_worktree_file(top, file.path, _SOURCE_BYTES)
    if found is None or found[0] == LINK_MODE or found[2] is None:
        return None
    rows = tuple(found[2].decode("utf-8", "replace").split("\n"))
    added = frozenset(line for part in file.touched(Side.NEW) for line in part)
    written = (modified_at(top, path) for path in (file.path, *sorted(tests)[:_MOST_TESTS]))
    modified = max((at for at in written if at is not None), default=0.0)
    return _Source(file.path, added, rows, modified)


class _PlaceReader:
    """Reads coverage files for the same sources."""

    def __init__(
        self,
        top: Path,
        sources: Mapping[str, _Source],
        all_files: Collection[str],
        claimed: Collection[str],
        is_over: Callable[[], bool],
    ) -> None:
        self.notices: list[str] = []
        self._top = top
        self._sources = sources
        self._all_files = frozenset(all_files) | frozenset(sources)
        self._claimed = claimed
        self._is_over = is_over
        self._wanted = frozenset(path.rpartition("/")[2] for path in sources)

    def read(self, place: CoveragePlace) -> Iterator[tuple[str, TestedLines]]:
        """What a coverage file says, by path; a notice and nothing if it can't be read."""
        if self._is_over():
            self.notices.append(f"The coverage file {place.path} isn't read: there was no time.")
            return
        report = self._report(place)
        if report is None:
            return
        names = match_names(report, place.base, str(self._top), self._all_files)
        for path, source in self._sources.items():
            measured = report.files.get(names.get(path, ""))
            if measured is None or self._is_over():
                continue
            known = measured.known
            if not report.knows_missed and not source.added <= measured.run:
                known = statement_lines(source.text) or known
            counted = _counted(source, known)
            if counted:
                is_stale = (
                    place.path in self._claimed
                    or place.modified < source.modified
                    or _contradicts(measured, source, report.marks_regions)
                )
                run = len(counted & measured.run)
                yield path, TestedLines(run, len(counted), place.path, is_stale)

    def _report(self, place: CoveragePlace) -> CoverageReport | None:
        try:
            found = read_worktree_file(self._top, place.path, COVERAGE_BYTES)
            if found is None or found[0] == LINK_MODE:
                return None
            if found[2] is None:
                raise CoverageFileError(f"it is larger than {COVERAGE_BYTES >> 20} MiB")
            return read_coverage(found[2], self._wanted, self._is_over)
        except (ChangeError, CoverageFileError) as error:
            self.notices.append(
                f"The coverage file {place.path} isn't read: {error.message.rstrip('.')}."
            )
            return None


def _counted(source: _Source, known: Collection[int]) -> frozenset[int]:
    """The added lines that can be run."""
    last = len(source.rows)
    return frozenset(
        line
        for line in source.added.intersection(known)
        if line <= last and not source.is_blank(line)
    )


def _contradicts(measured: MeasuredFile, source: _Source, marks_regions: bool) -> bool:
    """Whether it can't be about this text: it has lines after the end, or lines without code.

    In a region such lines are normal, but no region begins with one.
    """
    known = measured.known
    if max(known, default=0) > len(source.rows):
        return True
    blank = (line for line in known if not source.rows[line - 1].strip())
    return any(not marks_regions or line - 1 not in known for line in blank)
