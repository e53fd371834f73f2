"""One account on a pull request as a reviewer of the change.

Unlike results of tools, its reports on unchanged lines count: somebody put them there on purpose.
"""

from collections.abc import AsyncGenerator, Sequence

from xreview.domain.change import FileDiff, LineKind, Side
from xreview.domain.coverage import CoverageEntry, Reading
from xreview.domain.errors import ReviewerError
from xreview.domain.identity.claim import claim_key_of
from xreview.domain.pull.sight import Sight
from xreview.domain.report import (
    Confidence,
    Lens,
    ReviewerIdentity,
    ReviewerKind,
    Severity,
    Suggestion,
)
from xreview.domain.text import count_of, shorten
from xreview.imports.mapping import category_of
from xreview.imports.said import SaidByAccount, SaidProblem
from xreview.imports.thread_quotes import ContentAt, QuotedCode
from xreview.imports.thread_texts import ThreadTexts, suggested_place
from xreview.ports.reviewer import Notice, Progress, RawReport, ReviewRequest, Signal, Usage

_SUGGESTED = "Suggested in the comment."
_NO_SEVERITY = "No severity given."
_NO_LINE = "It is about the file as a whole."
_LISTED = "It is listed in the review's text, without a thread."
_MOST_NAMED = 3
_LONGEST_NAME = 80


class ThreadReviewer:
    """An account whose threads and texts were read from a forge.

    Args:
        head: the full id of the head commit; "" for unknown.
        content_at: reads a file at a commented commit; None where that isn't possible.
    """

    def __init__(
        self,
        said: SaidByAccount,
        head: str = "",
        content_at: ContentAt | None = None,
    ) -> None:
        self._said = said
        self._head = head
        self._content_at = content_at

    @property
    def identity(self) -> ReviewerIdentity:
        """The account, with its family and model where they are known."""
        return self._said.identity

    @property
    def lens(self) -> Lens:
        """Its lens: `risk`."""
        return Lens.RISK

    @property
    def said(self) -> SaidByAccount:
        """What the account says."""
        return self._said

    async def review(self, request: ReviewRequest) -> AsyncGenerator[Signal, None]:
        """Stream the reports on the files in this change, and their coverage.

        Raises ReviewerError in the end if the account hasn't read the present head.
        """
        yield Usage(cost=0.0)
        files = request.change.files
        paths = {file.old_path: file.path for file in files if file.old_path}
        paths |= {file.path: file.path for file in files}
        problems: dict[str, list[SaidProblem]] = {}
        outside: list[SaidProblem] = []
        for problem in self._said.problems:
            if (path := paths.get(problem.place.path)) is None:
                outside.append(problem)
            else:
                problems.setdefault(path, []).append(problem)
        for notice in self._notices(outside):
            yield notice
        for done, file in enumerate(files, start=1):
            texts = ThreadTexts(file, request.contents, self._content_at, self._head)
            for problem in problems.get(file.path, ()):
                yield await self._report(problem, file, texts)
            yield self._coverage(file)
            if file.path in problems or done == len(files):
                yield Progress(done, len(files), file.path)
        if self._why_unread:
            raise ReviewerError(f"{self._why_unread[:1].upper()}{self._why_unread[1:]}.")

    def _notices(self, outside: Sequence[SaidProblem]) -> list[Notice]:
        """What it says that isn't a finding."""
        said, name = self._said, self._said.label
        found: list[Notice] = []
        if outside:
            paths = dict.fromkeys(one.place.path for one in outside)
            shown = [shorten(path, _LONGEST_NAME) for path in list(paths)[:_MOST_NAMED]]
            more = ", …" if len(paths) > _MOST_NAMED else ""
            total = count_of(len(said.problems), "comment")
            verb = "is" if len(outside) == 1 else "are"
            sentence = (
                f"{len(outside):,} of {total} by {name} {verb} about files outside this change "
                f"({', '.join(shown)}{more})."
            )
            found.append(Notice(sentence, len(outside)))
        if said.whole:
            count = count_of(len(said.whole), "comment")
            first = f"“{said.whole[0]}”"
            found.append(Notice(f"{name} wrote {count} on the change as a whole: {first}"))
        if said.own:
            verb = "isn't a finding" if said.own == 1 else "aren't findings"
            threads = count_of(said.own, "thread")
            found.append(Notice(f"{threads} begun by the author, {name}, {verb}.", said.own))
        if said.ours:
            verb = "isn't read again" if said.ours == 1 else "aren't read again"
            threads = count_of(said.ours, "thread")
            found.append(Notice(f"{threads} that xreview-tui posted for {name} {verb}.", said.ours))
        return found

    def _coverage(self, file: FileDiff) -> CoverageEntry:
        name, path = self.identity.name, file.path
        if self.identity.kind is ReviewerKind.PERSON:
            why = "a person doesn't say which files they read"
            return CoverageEntry(name, path, Reading.SKIPPED, why, expected=True)
        if self._said.sight is None:
            why = "it doesn't say which version it read"
            return CoverageEntry(name, path, Reading.SKIPPED, why, expected=True)
        if why := self._why_unread:
            return CoverageEntry(name, path, Reading.FAILED, why)
        return CoverageEntry(name, path, Reading.READ)

    @property
    def _why_unread(self) -> str:
        """Why it hasn't read the present head, as far as that is known, as a clause; else ""."""
        sight = self._said.sight
        if sight is None:
            return ""
        match sight.sight:
            case Sight.REVIEWED:
                return ""
            case Sight.STALE if sight.why:
                return f"it read an older commit, {sight.why[:12]}"
            case Sight.STALE:
                return "it doesn't say that it read the present commit"
            case Sight.BLIND:
                return f"it could not review: {sight.why}"
            case Sight.SILENT:
                return "it was asked for a review and hasn't given it"

    async def _report(self, problem: SaidProblem, file: FileDiff, texts: ThreadTexts) -> RawReport:
        said, place = problem.comment, problem.place
        quoted = await texts.quoted(problem)
        side, shift = place.side, 0
        if place.line_now is not None and place.end_line:
            shift = place.line_now - place.end_line
        is_whole = not place.end_line
        if is_whole and (first := _first_change(file)) is not None:
            side, quoted = first
        start = quoted.start_line if quoted else place.start_line or place.end_line
        end = quoted.end_line if quoted else place.end_line or start
        category = category_of("", "", f"{said.labels} {said.title}")
        suggestion, claim = _suggestion(problem, quoted)
        remarks = (
            _NO_SEVERITY if said.severity is None else "",
            _NO_LINE if is_whole else "",
            _LISTED if problem.is_listed else "",
            f"It was posted {problem.times:,} times." if problem.times > 1 else "",
        )
        notes = " ".join(filter(None, remarks))
        return RawReport(
            reviewer=self.identity,
            claim_key=claim_key_of(said.title, said.claim, category),
            rule="",
            title=said.title,
            claim="\n\n".join(filter(None, (claim, notes))),
            scenario="",
            category=category,
            severity=said.severity or Severity.MEDIUM,
            confidence=said.confidence or Confidence.MEDIUM,
            path=file.path,
            side=side,
            start_line=max(0, start + shift),
            end_line=max(0, end + shift),
            quote=quoted.text if quoted else "",
            suggestion=suggestion,
            source=problem.source,
        )


def _suggestion(problem: SaidProblem, quoted: QuotedCode | None) -> tuple[Suggestion | None, str]:
    """The suggested edit and the claim; the edit is a part of the claim where it doesn't replace
    exactly the quoted lines."""
    edit, claim = problem.comment.suggestion, problem.comment.claim
    if edit is None:
        return None, claim
    place = suggested_place(problem)
    start, end = place.start_line or place.end_line, place.end_line
    fits = quoted is not None and (quoted.start_line, quoted.end_line) == (start, end)
    if fits and end and place.side is Side.NEW and not problem.quote:
        return Suggestion(_SUGGESTED, edit.text), claim
    return Suggestion(_SUGGESTED), f"{claim}\n\n```suggestion\n{edit.text}\n```".strip()


def _first_change(file: FileDiff) -> tuple[Side, QuotedCode] | None:
    """The line that stands for a whole file: the first one added that isn't blank, else removed."""
    removed: tuple[Side, QuotedCode] | None = None
    for hunk in file.hunks:
        for line in hunk.lines:
            if line.kind is LineKind.CONTEXT or not line.text.strip():
                continue
            if line.new_number is not None:
                return Side.NEW, QuotedCode(line.text, line.new_number, line.new_number)
            if removed is None and line.old_number is not None:
                removed = Side.OLD, QuotedCode(line.text, line.old_number, line.old_number)
    return removed
