"""One tool's results as a reviewer of the change.

A result is reported where it is about lines that the change added or altered, as the embedded
analysers do; the others are counted, in the coverage of their file or, for files outside the
change, in `outside`. Its quote is the code that stands at its place now, as long as the tool's
snippet says the same; else the snippet, so that grounding finds it elsewhere or shows that it is
gone.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field, replace

from xreview.domain.change import FileDiff, FileStatus, Side
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.errors import ChangeError
from xreview.domain.report import Lens, ReviewerIdentity, Suggestion
from xreview.domain.text import count_of
from xreview.reviewers.base import Notice, Progress, RawReport, ReviewRequest, Signal, Usage
from xreview.reviewers.imported.lines import QUOTED_LINES, FileLines, overlaps
from xreview.reviewers.imported.names import Placing
from xreview.reviewers.imported.problem import Problem, Said

_NO_LINE = "The tool names no line of the file."


@dataclass
class _File:
    """What a tool says about one file of the change."""

    diff: FileDiff
    problems: list[Problem] = field(default_factory=list[Problem])
    reports: list[RawReport] = field(default_factory=list[RawReport])
    is_read: bool = False
    suppressed: int = 0
    failure: str = ""
    coverage: CoverageEntry | None = None


class ImportedReviewer:
    """A tool whose results were read from a file, all of them valid.

    Args:
        file: the file's name, to tell a person what was left out of it.
    """

    def __init__(self, said: Said, file: str) -> None:
        self._said = said
        self._file_name = file
        self.outside = 0
        """How many results the last review left out, since their file is not in the change."""

    @property
    def identity(self) -> ReviewerIdentity:
        """The tool, with its version."""
        return self._said.identity

    @property
    def lens(self) -> Lens:
        """What it looked for: `risk`, unless the file says otherwise."""
        return self._said.lens

    async def review(self, request: ReviewRequest) -> AsyncGenerator[Signal, None]:
        """Stream what the tool says about the files of this change, and its coverage."""
        yield Usage(cost=0.0)
        files = await asyncio.to_thread(self._placed, request)
        if self.outside:
            yield Notice(self._left_out())
        for done, file in enumerate(files, start=1):
            for signal in await self._file(file, request):
                yield signal
            if file.problems or done == len(files):
                yield Progress(done, len(files), file.diff.path)

    def _left_out(self) -> str:
        verb = "is" if self.outside == 1 else "are"
        return (
            f"{count_of(self.outside, 'result')} of {self.identity.name} in {self._file_name} "
            f"{verb} about files that are not in this change, and left out."
        )

    def _placed(self, request: ReviewRequest) -> list[_File]:
        said, change = self._said, request.change
        files = {file.path: _File(file) for file in change.files}
        names = [problem.file for problem in said.problems if problem.file is not None]
        names += [*said.read, *said.suppressed, *(name for name, _ in said.failures)]
        placing = Placing(files, change.source.repository, names)
        self.outside = 0
        for problem in said.problems:
            if (path := placing.path_of(problem.file)) is None:
                self.outside += 1
            else:
                files[path].problems.append(problem)
        for name in said.read:
            if (path := placing.path_of(name)) is not None:
                files[path].is_read = True
        for name in said.suppressed:
            if (path := placing.path_of(name)) is not None:
                files[path].suppressed += 1
        for name, why in said.failures:
            if (path := placing.path_of(name)) is not None:
                files[path].failure = why
        self._place_own(files)
        return list(files.values())

    def _place_own(self, files: dict[str, _File]) -> None:
        for report in self._said.reports:
            if report.path in files:
                named = replace(report.reviewer, name=self.identity.name)
                files[report.path].reports.append(replace(report, reviewer=named))
            else:
                self.outside += 1
        for entry in self._said.coverage:
            if entry.path in files:
                files[entry.path].coverage = entry

    async def _file(self, file: _File, request: ReviewRequest) -> Sequence[Signal]:
        if not file.problems:
            return [*file.reports, self._coverage(file, 0)]
        try:
            content = await request.contents.read(file.diff, Side.NEW)
        except ChangeError as error:
            file.failure = error.message
            return [*file.reports, self._coverage(file, 0)]
        if content is None:
            file.failure = "its content is not at hand, so that no result could be placed"
            return [*file.reports, self._coverage(file, 0)]
        reports, unchanged = await asyncio.to_thread(self._reports, file, content)
        return [*file.reports, *reports, self._coverage(file, unchanged)]

    def _reports(self, file: _File, content: bytes) -> tuple[list[RawReport], int]:
        lines = FileLines(content)
        touched = file.diff.touched(Side.NEW)
        claims: dict[tuple[str, int], set[str]] = {}
        reports: list[RawReport] = []
        unchanged = 0
        for problem in file.problems:
            start, end = _span(problem, lines, touched)
            if not overlaps(touched, start, end):
                unchanged += 1
                continue
            said = claims.setdefault((problem.rule, start), set())
            if problem.claim not in said:
                is_first = not said
                said.add(problem.claim)
                reports.append(self._report(problem, file.diff.path, lines, start, end, is_first))
        return reports, unchanged

    def _report(
        self,
        problem: Problem,
        path: str,
        lines: FileLines,
        start: int,
        end: int,
        is_first: bool,
    ) -> RawReport:
        claim = problem.claim if problem.region else f"{problem.claim}\n\n{_NO_LINE}".strip()
        last = min(end, start + QUOTED_LINES - 1)
        # Several results of one rule in one place differ by what they say only.
        key = problem.rule if is_first and problem.rule else f"{problem.rule}\n{problem.claim}"
        return RawReport(
            reviewer=self.identity,
            claim_key=key.strip(),
            rule=problem.rule,
            title=problem.title,
            claim=claim,
            scenario="",
            category=problem.category,
            severity=problem.severity,
            confidence=problem.confidence,
            path=path,
            side=Side.NEW,
            start_line=start,
            end_line=last,
            quote=lines.quote(start, last, problem.snippet),
            suggestion=_suggestion(problem, lines, start, end, is_cut=last != end),
        )

    def _coverage(self, file: _File, unchanged: int) -> CoverageEntry:
        name, path = self.identity.name, file.diff.path
        if file.diff.status is FileStatus.DELETED:
            return CoverageEntry(name, path, Reading.SKIPPED, "deleted", expected=True)
        if failure := self._said.failed or file.failure:
            return CoverageEntry(name, path, Reading.FAILED, failure)
        if file.coverage is not None:
            return replace(file.coverage, reviewer=name)
        counts = [
            f"{count_of(file.suppressed, 'result')} suppressed" if file.suppressed else "",
            f"{count_of(unchanged, 'result')} on lines that did not change" if unchanged else "",
        ]
        why = " and ".join(filter(None, counts))
        if file.is_read or file.problems or file.reports or file.suppressed:
            return CoverageEntry(name, path, Reading.READ, f"left out: {why}" if why else "")
        return CoverageEntry(
            name, path, Reading.SKIPPED, f"not said to be read by {name}", expected=True
        )


def _span(problem: Problem, lines: FileLines, touched: Sequence[range]) -> tuple[int, int]:
    """Where a problem stands; one with the whole file stands at the first line that changed."""
    if problem.region is not None:
        return lines.located(*lines.span(problem.region), problem.snippet)
    changed = (number for numbers in touched for number in numbers)
    line = next((number for number in changed if lines.has_text(number)), 0)
    return line, line


def _suggestion(
    problem: Problem, lines: FileLines, start: int, end: int, *, is_cut: bool
) -> Suggestion | None:
    if not problem.suggestion:
        return None
    edits = () if is_cut else problem.edits
    return Suggestion(problem.suggestion, lines.replaced(start, end, edits) if edits else None)
