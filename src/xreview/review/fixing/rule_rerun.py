"""Running the analysers again on fixed code: whether a rule still reports what it reported.

The old code is analysed too, in the same way. A rule that doesn't report its own finding there
proves nothing by its silence about the new code.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import aclosing

from xreview.analysers.registry import EMBEDDED, create
from xreview.domain.change import Change, ChangeKind, ChangeSource, FileDiff, FileStatus, Side
from xreview.domain.coverage import CoverageEntry
from xreview.domain.errors import XReviewError
from xreview.domain.fixing.deciding import Clearance, VerifierWord
from xreview.domain.identity.anchor import normalised
from xreview.domain.identity.pairing import common_words, is_edited, pairs
from xreview.domain.record import dataclass, field
from xreview.domain.report import Lens, Report
from xreview.ports.reviewer import RawReport, Reviewer, ReviewRequest
from xreview.review.fixing.fixed_tree import MOST_BYTES, FixedFiles
from xreview.review.session.ground import Grounding

_SOURCE = ChangeSource(ChangeKind.WORKTREE, "a fix", "")


@dataclass(frozen=True, slots=True)
class RuleAnswers:
    """What the rules say: by fingerprint of each report, and what only the new code has."""

    words: Mapping[str, VerifierWord]
    raised: tuple[Report, ...] = ()


def is_rerunnable(report: Report) -> bool:
    """Whether one of our analysers made the report, so that its rule can run again."""
    return bool(report.rule) and report.reviewer.name in EMBEDDED


async def rerun_rules(
    reports: Sequence[Report],
    patch: Sequence[FileDiff],
    files: FixedFiles,
    make: Callable[[str], Reviewer] = create,
) -> RuleAnswers:
    """Run the rules of some reports again, and all rules on what the patch changes.

    Raises ReviewerError if the analysers can't run.
    """
    # A larger one isn't a person's or an agent's work, and would take minutes.
    patch = [file for file in patch if len(file.body) <= MOST_BYTES]
    renamed = {file.old_path or file.path: file.path for file in patch}
    places = [one.anchor.path for one in reports]
    before = dict.fromkeys([*places, *renamed])
    after = dict.fromkeys([*(renamed.get(path, path) for path in before), *renamed.values()])
    olds, news = await asyncio.gather(
        _analysed(before, files, Side.OLD, make), _analysed(after, files, Side.NEW, make)
    )
    matched = _Matches(olds.reports, news.reports, renamed)
    touched = {file.path: file.touched(Side.NEW) for file in patch}
    raised = tuple(one for one in matched.fresh if _is_touched(one, touched))
    matched.moved(raised)
    words = {one.fingerprint: _word(one, matched, olds, news, renamed) for one in reports}
    claimed = set(map(id, matched.found.values()))
    return RuleAnswers(words, tuple(one for one in raised if id(one) not in claimed))


@dataclass
class _Analysed:
    """The reports on one side, and why files weren't read whole, by lens and path."""

    reports: list[Report] = field(default_factory=list[Report])
    gaps: dict[tuple[Lens, str], str] = field(default_factory=dict[tuple[Lens, str], str])
    missing: set[str] = field(default_factory=set[str])


async def _analysed(
    paths: Iterable[str], files: FixedFiles, side: Side, make: Callable[[str], Reviewer]
) -> _Analysed:
    """Analyse whole files, as if every line were new."""
    found = _Analysed()
    contents = _Contents(files, side)
    diffs: list[FileDiff] = []
    for path in paths:
        content = await asyncio.to_thread(contents.content, path)
        if content is None:
            found.missing.add(path)
        else:
            diffs.append(whole_file(path, content))
    if not diffs:
        return found
    request = ReviewRequest(Change(_SOURCE, tuple(diffs)), contents)
    # Together, since the analysers share one pass.
    await asyncio.gather(*(_review(make(name), request, found) for name in EMBEDDED))
    return found


class _Contents:
    """A `ContentReader` of one side. The settings of linters stay those from before."""

    def __init__(self, files: FixedFiles, side: Side) -> None:
        self._files = files
        self._side = side
        self._asked: set[str] = set()

    def content(self, path: str) -> bytes | None:
        """The whole file on this side."""
        self._asked.add(path)
        return self._files.old(path) if self._side is Side.OLD else self._files.new(path)

    async def read(self, file: FileDiff, side: Side) -> bytes | None:
        """Return a file's content; None if it doesn't exist. Raises ChangeError."""
        if file.path not in self._asked:
            return await asyncio.to_thread(self._files.old, file.path)
        return None if side is Side.OLD else await asyncio.to_thread(self.content, file.path)


async def _review(reviewer: Reviewer, request: ReviewRequest, found: _Analysed) -> None:
    grounding = Grounding(request.change, request.contents)
    async with aclosing(reviewer.review(request)) as signals:
        async for signal in signals:
            if isinstance(signal, RawReport):
                found.reports.append(await grounding.check(signal, reviewer.lens))
            elif isinstance(signal, CoverageEntry) and (signal.is_gap or signal.expected):
                why = signal.why or "it wasn't read"
                found.gaps[reviewer.lens, signal.path] = why


def whole_file(path: str, content: bytes) -> FileDiff:
    """A file as a diff that adds all its lines."""
    rows = content.split(b"\n")
    is_ended = not rows[-1]
    rows = rows[:-1] if is_ended else rows
    if not rows:
        return FileDiff(path, FileStatus.ADDED, new_mode="100644")
    end = b"\n" if is_ended else b"\n\\ No newline at end of file\n"
    body = b"@@ -0,0 +1,%d @@\n+%b%b" % (len(rows), b"\n+".join(rows), end)
    return FileDiff(path, FileStatus.ADDED, new_mode="100644", body=body)


class _Matches:
    """Old reports and the new ones that are about the same problem."""

    def __init__(
        self, olds: Sequence[Report], news: Sequence[Report], renamed: Mapping[str, str]
    ) -> None:
        self._olds = list(olds)
        self._renamed = renamed
        self._left = list(olds)
        self.fresh = list(news)
        self.found: dict[int, Report] = {}
        """New reports by the `id` of the old one."""
        self._pair_equal()
        self._pair_edited()

    def moved(self, candidates: Iterable[Report]) -> None:
        """Take a report that is new for one that moved, if one of its rule is gone."""
        for new in candidates:
            same = [old for old in self._left if _kind(old) == _kind(new)]
            if same:
                quote = new.anchor.quote
                old = max(same, key=lambda one: common_words(one.anchor.quote, quote))
                self._match(old, new)

    def original(self, report: Report) -> Report | None:
        """The old report that is a finding's: the same rule and code, the nearest."""
        wanted = normalised(report.anchor.quote)
        same = [
            one
            for one in self._olds
            if _kind(one) == _kind(report)
            and one.anchor.path == report.anchor.path
            and normalised(one.anchor.quote) == wanted
        ]
        line = report.anchor.start_line
        return min(same, key=lambda one: abs(one.anchor.start_line - line), default=None)

    def _pair_equal(self) -> None:
        by_code: dict[tuple[object, str], tuple[list[Report], list[Report]]] = defaultdict(
            lambda: ([], [])
        )
        for index, reports in enumerate((self._left, self.fresh)):
            for one in reports:
                by_code[_kind(one), normalised(one.anchor.quote)][index].append(one)
        for olds, news in by_code.values():
            places = [one.anchor for one in olds]
            for new, old in pairs(places, [one.anchor for one in news]).items():
                self._match(olds[old], news[new])

    def _pair_edited(self) -> None:
        for old in list(self._left):
            edits = [new for new in self.fresh if _is_same_file(old, new) and is_edited(old, new)]
            if edits:
                quote = old.anchor.quote
                best = max(edits, key=lambda new: common_words(new.anchor.quote, quote))
                self._match(old, best)

    def _match(self, old: Report, new: Report) -> None:
        self.found[id(old)] = new
        self._left = [one for one in self._left if one is not old]
        self.fresh = [one for one in self.fresh if one is not new]


def _is_same_file(old: Report, new: Report) -> bool:
    return old.anchor.path == new.anchor.path


def _kind(report: Report) -> tuple[Lens, str]:
    return report.lens, report.rule


def _is_touched(report: Report, touched: Mapping[str, tuple[range, ...]]) -> bool:
    anchor = report.anchor
    return any(
        lines.start <= anchor.end_line and anchor.start_line < lines.stop
        for lines in touched.get(anchor.path, ())
    )


def _word(
    report: Report, matched: _Matches, olds: _Analysed, news: _Analysed, renamed: Mapping[str, str]
) -> VerifierWord:
    by = f"{report.reviewer.family} {report.rule}"
    old = matched.original(report)
    if old is None:
        why = olds.gaps.get((report.lens, report.anchor.path), "")
        said = f": {why}" if why else ""
        return VerifierWord(
            Clearance.CANNOT_TELL, by, f"it doesn't report the old code of this file alone{said}"
        )
    new = matched.found.get(id(old))
    if new is not None:
        place = f"{new.anchor.path}:{new.anchor.start_line}"
        row = new.anchor.quote.strip().partition("\n")[0]
        return VerifierWord(Clearance.STILL_PRESENT, by, f"{place}: {row}")
    path = renamed.get(report.anchor.path, report.anchor.path)
    if why := news.gaps.get((report.lens, path), ""):
        return VerifierWord(Clearance.CANNOT_TELL, by, f"{path} wasn't read whole: {why}")
    return VerifierWord(Clearance.GONE, by, "the file is deleted" if path in news.missing else "")


def unable(reports: Iterable[Report], error: XReviewError) -> RuleAnswers:
    """What is known if the analysers can't run: nothing."""
    words = {
        one.fingerprint: VerifierWord(
            Clearance.CANNOT_TELL, f"{one.reviewer.family} {one.rule}", str(error)
        )
        for one in reports
    }
    return RuleAnswers(words)
