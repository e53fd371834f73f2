"""Asking a model of the reviewing family, once and afresh, whether fixed code still has a problem.

It isn't told what the fixer says. Its “gone” counts only with a quote that is in the code, in a
file that it says it has read.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing

from xreview.domain.change import Change, ChangeKind, ChangeSource, FileDiff, Side
from xreview.domain.errors import XReviewError
from xreview.domain.fixing.deciding import Clearance, VerifierWord
from xreview.domain.identity.claim import overlap, stems, words_of
from xreview.domain.identity.file_text import FileText
from xreview.domain.record import dataclass, field, replace
from xreview.domain.report import Lens, Report
from xreview.domain.text import count_of
from xreview.ports.model import Doing, Waiting
from xreview.ports.reviewer import Notice, RawReport, Usage
from xreview.review.asking.answerer import Answerer
from xreview.review.asking.conversation import ConversationEnded
from xreview.review.asking.money import TurnUsage, UsageTotal
from xreview.review.fixing.fixed_tree import FixedFiles
from xreview.review.fixing.verdict_schema import (
    BesideVerdicts,
    StatedVerdict,
    read_beside,
)
from xreview.review.fixing.verify_question import VerifiedCode, verify_conversation
from xreview.review.session.contained import contained
from xreview.review.session.ground import Grounding

SAME_TITLE = 0.8
"""The overlap of words from which a “new” problem is the reported one."""

MOST_CLAIMS = 8
"""Reports in one question, as in a rebuttal."""

_NEAR_LINES = 30
_UNANSWERED = "it was asked, and gave no verdict"


@dataclass
class VerifierAnswers:
    """What one model says: by fingerprint of each report, and the problems that the patch brings.

    A report that it wasn't asked about, or didn't answer, `cannot_tell`.
    """

    words: dict[str, VerifierWord] = field(default_factory=dict[str, VerifierWord])
    raised: list[Report] = field(default_factory=list[Report])


class ModelVerifier:
    """One model that looks at fixed code.

    Args:
        answerer: of a family that reported the problems; its tools must read the fixed code.
        files: the code before and after.
        notes: what the user says about reports, by fingerprint.
        ignores: which files the settings keep from models.
    """

    def __init__(
        self,
        answerer: Answerer,
        patch: Sequence[FileDiff],
        files: FixedFiles,
        notes: Mapping[str, str] | None = None,
        ignores: Callable[[str], bool] = lambda _: False,
    ) -> None:
        # A cached answer is no fresh look.
        self._answerer = replace(answerer, cache=None)
        self._patch = patch
        self._files = files
        self._notes = notes or {}
        self._ignores = ignores
        self._by = f"verifier {answerer.identity.name}"
        self._spent = UsageTotal()

    async def verify(
        self, reports: Sequence[Report]
    ) -> AsyncGenerator[Doing | Usage | Notice | VerifierAnswers, None]:
        """Ask about reports; the answers come last. Raises nothing: a failure is a reason."""
        answers = VerifierAnswers()
        queue: asyncio.Queue[Doing | Usage | Notice | None] = asyncio.Queue()
        asking = asyncio.create_task(self._ask_all(reports, answers, queue))
        try:
            while (told := await queue.get()) is not None:
                yield told
            await asking
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
        yield answers

    async def _ask_all(
        self,
        reports: Sequence[Report],
        answers: VerifierAnswers,
        queue: asyncio.Queue[Doing | Usage | Notice | None],
    ) -> None:
        try:
            for start in range(0, len(reports), MOST_CLAIMS):
                some = reports[start : start + MOST_CLAIMS]
                why = await self._asked(some, answers, queue)
                self._fill(answers, some, why or _UNANSWERED)
        finally:
            queue.put_nowait(None)

    async def _asked(
        self,
        reports: Sequence[Report],
        answers: VerifierAnswers,
        queue: asyncio.Queue[Doing | Usage | Notice | None],
    ) -> str:
        """Ask one question within the time limit; returns why it wasn't answered, or ""."""
        why = ""
        try:
            with contained(f"Asking {self._answerer.identity.name}"):
                async with asyncio.timeout(self._answerer.seconds):
                    async with aclosing(self._ask(reports, answers)) as said:
                        async for one in said:
                            if isinstance(one, str):
                                why = one
                            else:
                                queue.put_nowait(one)
        except XReviewError as error:
            is_late = isinstance(error.__cause__, TimeoutError)
            minutes = self._answerer.seconds / 60
            return f"it gave no answer within {minutes:g} minutes" if is_late else str(error)
        return why

    def _fill(self, answers: VerifierAnswers, reports: Sequence[Report], why: str) -> None:
        for one in reports:
            open_word = VerifierWord(Clearance.CANNOT_TELL, self._by, why)
            answers.words.setdefault(one.fingerprint, open_word)

    async def _ask(
        self, reports: Sequence[Report], answers: VerifierAnswers
    ) -> AsyncGenerator[Doing | Usage | Notice | str, None]:
        """Ask one question; a text says why it wasn't answered whole."""
        code = VerifiedCode(self._patch, self._files, self._ignores)
        conversation, checker = await verify_conversation(
            self._answerer, reports, code, self._notes
        )
        stated: dict[str, StatedVerdict] = {}
        ended = None
        async with self._answerer.slots, aclosing(conversation.run()) as saying:
            async for said in saying:
                match said:
                    case StatedVerdict():
                        stated.setdefault(said.subject.fingerprint, said)  # the first counts
                    case Doing(what):
                        yield Doing(f"{self._by}: {what}")
                    case Waiting(seconds, why):
                        yield Doing(f"{self._by}: waiting {seconds:.0f} s: {why}")
                    case TurnUsage():
                        yield self._spent.add(said)
                    case ConversationEnded():
                        ended = said
                    case _:
                        pass
        if ended is None or ended.reply is None:
            yield ended.why if ended and ended.why else "its answer broke off"
            return
        beside = read_beside(ended.reply.texts, self._answerer.identity, checker.shown)
        left_out = beside.malformed
        for fingerprint, verdict in stated.items():
            answers.words[fingerprint] = self._word(verdict, beside)
        for one in beside.new:
            left_out += not await self._take_new(one, reports, answers)
        if left_out:
            what = count_of(left_out, "new problem")
            yield Notice(f"{self._by}: {what} left out, without a quote from the code", left_out)

    def _word(self, verdict: StatedVerdict, beside: BesideVerdicts) -> VerifierWord:
        """What a verdict is worth, once its quote was looked up."""
        said = verdict.report
        if verdict.clearance is Clearance.CANNOT_TELL:
            return VerifierWord(Clearance.CANNOT_TELL, self._by, said.claim)
        line = self._line_of(said)
        if not line:
            what = f"it says {verdict.clearance.value}, but its quote isn't in {said.path}"
            return VerifierWord(Clearance.CANNOT_TELL, self._by, what)
        if verdict.clearance is Clearance.STILL_PRESENT:
            row = said.quote.strip().partition("\n")[0]
            return VerifierWord(verdict.clearance, self._by, f"{said.path}:{line}: {row}")
        path = self._path_now(verdict.subject.anchor.path)
        if path is not None and path not in beside.reviewed:
            return VerifierWord(Clearance.CANNOT_TELL, self._by, f"it didn't read {path}")
        return VerifierWord(verdict.clearance, self._by, said.claim)

    def _path_now(self, path: str) -> str | None:
        """Where the file is after the fix; None if it was deleted."""
        renamed = {file.old_path or file.path: file.path for file in self._patch}
        now = renamed.get(path, path)
        return None if self._files.new(now) is None else now

    def _line_of(self, said: RawReport) -> int:
        """The line of a quote in the new code; 0 if it isn't there."""
        text = self._files.new_text(said.path)
        places = FileText(text).occurrences(said.quote) if text is not None else []
        return min(places, key=lambda line: abs(line - said.start_line), default=0)

    async def _take_new(
        self, raw: RawReport, reports: Sequence[Report], answers: VerifierAnswers
    ) -> bool:
        """Take a new problem, or let it speak against a reported one that it repeats.

        False if its quote isn't in the code.
        """
        line = self._line_of(raw)
        if not line:
            return False
        for one in reports:
            if _is_same(one, raw, line):
                why = f"{raw.path}:{line}: {raw.title}"
                still = VerifierWord(Clearance.STILL_PRESENT, self._by, why)
                answers.words[one.fingerprint] = still
                return True
        change = Change(ChangeSource(ChangeKind.WORKTREE, "a fix", ""), tuple(self._patch))
        checked = await Grounding(change, self._files).check(raw, Lens.RISK)
        if checked.anchored and _is_on_patch(checked, change):
            answers.raised.append(checked)
        return True


def _is_same(report: Report, raw: RawReport, line: int) -> bool:
    """Whether a new problem is the reported one in other words: near it, and said alike."""
    is_near = abs(line - report.anchor.start_line) <= _NEAR_LINES
    title = overlap(stems(report.title), stems(raw.title))
    whole = overlap(
        stems(words_of(report.title, report.claim)), stems(words_of(raw.title, raw.claim))
    )
    return report.anchor.path == raw.path and is_near and max(title, whole) >= SAME_TITLE


def _is_on_patch(report: Report, change: Change) -> bool:
    """Whether the patch adds or changes a line that a report is about."""
    file = change.by_path.get(report.anchor.path)
    return file is not None and any(
        lines.start <= report.anchor.end_line and report.anchor.start_line < lines.stop
        for lines in file.touched(Side.NEW)
    )


def no_verifier(families: Sequence[str]) -> VerifierWord:
    """What is known if no model of these families can be asked."""
    who = " or ".join(dict.fromkeys(filter(None, families))) or "the reviewing model"
    return VerifierWord(Clearance.CANNOT_TELL, "", f"no reviewer of {who} is there to verify it")
