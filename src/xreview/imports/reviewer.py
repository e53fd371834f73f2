"""The results of one tool as a reviewer of the change.

Like the embedded analysers, it reports results about added or altered lines. Others are counted in
the coverage of their file or, outside the change, in a notice. Results whose file is unknown are a
gap, since they may be about the change.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from functools import cached_property
from pathlib import Path

from xreview.domain.change import FileDiff, FileStatus, Side
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.errors import ChangeError
from xreview.domain.record import dataclass, field, replace
from xreview.domain.report import Lens, ReviewerIdentity
from xreview.domain.text import count_of
from xreview.imports.lines import overlaps
from xreview.imports.placing.placing import Files, Lost, LostResults, Placing, Root
from xreview.imports.reports import Placed, reports_from, worst_first
from xreview.imports.statement import FileName, ImportedProblem, ToolStatement, Where
from xreview.ports.reviewer import Notice, Progress, RawReport, ReviewRequest, Signal, Usage

MOST_REPORTS = 5_000
"""The results of one tool that are shown: more than a user triages."""


@dataclass
class _File:
    """What a tool says about one file in the change."""

    diff: FileDiff
    problems: list[Placed] = field(default_factory=list[Placed])
    reports: list[RawReport] = field(default_factory=list[RawReport])
    is_read: bool = False
    suppressed: int = 0
    beyond: int = 0
    unchanged: int = 0
    missing: int = 0
    failure: str = ""
    coverage: CoverageEntry | None = None

    @cached_property
    def touched(self) -> tuple[range, ...]:
        """The lines that the change added or altered."""
        return self.diff.touched(Side.NEW)

    def changed(self, where: Where) -> bool:
        """Whether a location has changed lines, by the tool's line numbers."""
        region = where.region
        if region is None or not region.start_line:
            return True
        return overlaps(self.touched, region.start_line, max(region.start_line, region.end_line))


class ImportedReviewer:
    """A tool whose results were read from a file.

    Args:
        file: the file's name, for notices.
        listed: returns the paths of all files in the repository. Raises ChangeError.
        root: the folder in which the tool ran; None for not given.
    """

    def __init__(
        self,
        said: ToolStatement,
        file: str,
        listed: Callable[[], Collection[str]] = tuple,
        root: str | None = None,
    ) -> None:
        self._said = said
        self._file_name = file
        self._listed = listed
        self._root = root
        self._lost = LostResults()
        self._found = len(said.problems) + len(said.reports)
        self._shown = 0

    @property
    def identity(self) -> ReviewerIdentity:
        """The tool, with its version."""
        return self._said.identity

    @property
    def lens(self) -> Lens:
        """Its lens: `risk`, unless the file names another."""
        return self._said.lens

    @property
    def outside(self) -> int:
        """The number of results whose file wasn't in the change that was last reviewed."""
        return self._lost.count

    async def review(self, request: ReviewRequest) -> AsyncGenerator[Signal, None]:
        """Stream the reports on the files in this change, and their coverage."""
        yield Usage(cost=0.0)
        files = await asyncio.to_thread(self._placed, request)
        if sentence := self._lost.sentence(self.identity.name, self._file_name, self._found):
            yield Notice(sentence, self.outside)
        for why in (*self._said.unread, *self._lost.gaps()):
            name = Path(self._file_name).name
            yield CoverageEntry(self.identity.name, name, Reading.FAILED, why)
        for done, file in enumerate(files, start=1):
            for signal in await self._file(file, request):
                yield signal
            if file.problems or done == len(files):
                yield Progress(done, len(files), file.diff.path)
        if (notice := self._left_out(files)) is not None:
            yield notice

    def _left_out(self, files: Sequence[_File]) -> Notice | None:
        """The notice about results in the change that aren't findings."""
        unchanged = sum(file.unchanged for file in files)
        suppressed = sum(file.suppressed for file in files)
        said = _counts(unchanged, suppressed)
        if not said:
            return None
        sentence = f"Left out of {self._file_name} ({self.identity.name}): {said}."
        return Notice(sentence, unchanged + suppressed)

    def _placed(self, request: ReviewRequest) -> list[_File]:
        said, change = self._said, request.change
        files = {file.path: _File(file) for file in change.files}
        placing = self._placing(request)
        self._lost, self._shown = LostResults(), 0
        for problem in said.problems:
            self._place(problem, placing, files)
        for name in said.read:
            if (file := _of(placing.place_of(name), files)) is not None:
                file.is_read = True
        for name in said.suppressed:
            if (file := _of(placing.place_of(name), files)) is not None:
                file.suppressed += 1
        for name, why in said.failures:
            if (file := _of(placing.place_of(name), files)) is not None:
                file.failure = why
        self._place_own(files)
        return list(files.values())

    def _placing(self, request: ReviewRequest) -> Placing:
        said = self._said
        names: list[FileName] = [
            where.file for problem in said.problems for where in problem.places if where.file
        ]
        names += [*said.read, *said.suppressed, *(name for name, _ in said.failures)]
        changed = [file.path for file in request.change.files]
        if not names:
            return Placing(Files(changed), names)
        try:
            listed = self._listed()
        except ChangeError:
            listed = ()  # only the files in the change are known then
        top = request.change.source.repository
        tops = tuple(dict.fromkeys((top, str(Path(top).resolve())))) if top else ()
        return Placing(Files(changed, listed, tops), names, _root(self._root, tops))

    def _place(self, problem: ImportedProblem, placing: Placing, files: dict[str, _File]) -> None:
        """Add a result to a file: of its first changed location, else its first in the change."""
        lost: Lost | None = None
        there: list[tuple[_File, Where]] = []
        for where in problem.places:
            place = placing.place_of(where.file) if where.file is not None else None
            if isinstance(place, Lost):
                lost = lost or place
            elif place is not None:
                there.append((files[place], where))
        if there:
            changed = (one for one in there if len(there) == 1 or one[0].changed(one[1]))
            file, where = next(changed, there[0])
            file.problems.append(Placed(problem, where, len(problem.places) - 1))
        else:
            self._lost.add(problem, lost)

    def _place_own(self, files: dict[str, _File]) -> None:
        for report in self._said.reports:
            if report.path in files:
                named = replace(report.reviewer, name=self.identity.name)
                files[report.path].reports.append(replace(report, reviewer=named))
            else:
                self._lost.add(_as_problem(report), Lost.OUTSIDE)
        for entry in self._said.coverage:
            if entry.path in files:
                files[entry.path].coverage = entry

    async def _file(self, file: _File, request: ReviewRequest) -> Sequence[Signal]:
        if not file.problems:
            return [*file.reports, self._coverage(file)]
        try:
            content = await request.contents.read(file.diff, Side.NEW)
        except ChangeError as error:
            file.failure = error.message
            return [*file.reports, self._coverage(file)]
        if content is None:
            if file.diff.status is not FileStatus.DELETED:
                file.failure = "its content isn't available, so its results could not be placed"
            return [*file.reports, self._coverage(file)]
        found = await asyncio.to_thread(
            reports_from, file.problems, self.identity, file.diff.path, content, file.touched
        )
        reports = worst_first(found.reports, MOST_REPORTS - self._shown)
        self._shown += len(reports)
        file.beyond = len(found.reports) - len(reports)
        file.unchanged, file.missing = found.unchanged, found.missing
        return [*file.reports, *reports, self._coverage(file)]

    def _coverage(self, file: _File) -> CoverageEntry:
        name, path = self.identity.name, file.diff.path
        if file.diff.status is FileStatus.DELETED:
            return CoverageEntry(name, path, Reading.SKIPPED, "deleted", expected=True)
        if failure := self._said.failed or file.failure:
            return CoverageEntry(name, path, Reading.FAILED, failure)
        if file.beyond:
            why = f"{count_of(file.beyond, 'result')} beyond the tool's first {MOST_REPORTS:,}"
            return CoverageEntry(name, path, Reading.TRUNCATED, why)
        if file.missing:
            verb = "names a line" if file.missing == 1 else "name lines"
            why = f"{count_of(file.missing, 'result')} {verb} that this version doesn't have"
            return CoverageEntry(name, path, Reading.FAILED, why)
        if file.coverage is not None:
            return replace(file.coverage, reviewer=name)
        why = _counts(file.unchanged, file.suppressed)
        if file.is_read or file.problems or file.reports or file.suppressed:
            return CoverageEntry(name, path, Reading.READ, f"left out: {why}" if why else "")
        return CoverageEntry(
            name, path, Reading.SKIPPED, f"{name} doesn't list it as analysed", expected=True
        )


def _counts(unchanged: int, suppressed: int) -> str:
    counts = (
        f"{count_of(unchanged, 'result')} on unchanged lines" if unchanged else "",
        f"{count_of(suppressed, 'result')} suppressed" if suppressed else "",
    )
    return " and ".join(filter(None, counts))


def _of(place: str | Lost, files: dict[str, _File]) -> _File | None:
    return None if isinstance(place, Lost) else files[place]


def _as_problem(report: RawReport) -> ImportedProblem:
    """A report as a problem, for the sentences about lost results."""
    return ImportedProblem(
        report.rule,
        report.title,
        report.claim,
        report.category,
        report.severity,
        report.confidence,
        (Where(FileName((report.path,))),),
    )


def _root(said: str | None, tops: Sequence[str]) -> Root | None:
    """The folder of `--import-root`, in the repository or elsewhere."""
    if said is None:
        return None
    for top in tops:
        if said == top or said.startswith(f"{top.rstrip('/')}/"):
            return Root(within=said.removeprefix(top).strip("/"))
    return Root(off=said.replace("\\", "/").rstrip("/"))
