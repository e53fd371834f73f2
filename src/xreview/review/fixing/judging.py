"""Judging a fix, finding by finding, from what its patch does and never from what the fixer says.

async with aclosing(judge.judge(order, reply, tree, patch, before)) as said:
    async for one in said:
        ...                 # Doing, Usage; the Judgement comes last
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing

from xreview.analysers.registry import create
from xreview.domain.errors import XReviewError
from xreview.domain.fixing.check_run import CheckChange, CheckRun
from xreview.domain.fixing.deciding import (
    UNSEEN,
    FixCase,
    FixFacts,
    VerifierWord,
    decide_outcomes,
)
from xreview.domain.fixing.fixer import FixerReply
from xreview.domain.fixing.tampering import Tampering, tampering_in
from xreview.domain.identity.file_text import FileText
from xreview.domain.record import dataclass, field, replace
from xreview.domain.report import Report, ReviewerKind
from xreview.export.document import ExportEntry
from xreview.ports.model import Doing
from xreview.ports.reviewer import Notice, Reviewer, Usage
from xreview.review.asking.answerer import Answerer
from xreview.review.fixing.checks import CheckRunner
from xreview.review.fixing.fixed_tree import FixedFiles, FixedTree, TakenPatch
from xreview.review.fixing.judgement import Judgement, unproven_judgement
from xreview.review.fixing.old_tests import run_old_tests
from xreview.review.fixing.order import FixOrder
from xreview.review.fixing.rule_rerun import RuleAnswers, is_rerunnable, rerun_rules, unable
from xreview.review.fixing.verifier import ModelVerifier, VerifierAnswers, no_verifier
from xreview.review.session.contained import contained


@dataclass
class _Heard:
    """What is known so far."""

    changes: list[CheckChange] = field(default_factory=list[CheckChange])
    old_tests: list[CheckChange] = field(default_factory=list[CheckChange])
    words: dict[str, VerifierWord] = field(default_factory=dict[str, VerifierWord])
    raised: list[Report] = field(default_factory=list[Report])
    notices: list[str] = field(default_factory=list[str])
    usage: dict[str, Usage] = field(default_factory=dict[str, Usage])


class Judge:
    """Judges fixes.

    Args:
        runner: runs the user's checks.
        verifiers: models that can be asked, the preferred one of each family first. Their tools
            and folders must be those of the fixed tree, not of the user's checkout.
        make: makes an analyser by name.
        ignores: which files the settings keep from models.
    """

    def __init__(
        self,
        runner: CheckRunner,
        verifiers: Sequence[Answerer] = (),
        make: Callable[[str], Reviewer] = create,
        ignores: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._runner = runner
        self._verifiers = verifiers
        self._make = make
        self._ignores = ignores

    async def baseline(
        self, checks: Sequence[str], tree: FixedTree
    ) -> AsyncGenerator[Doing | CheckRun, None]:
        """Run the checks before a fix, and put the files back that they changed.

        Raises ChangeError.
        """
        try:
            for command in checks:
                yield Doing(f"running {command} before the fix")
                yield await self._runner.run(command, tree.top)
        finally:
            if checks:
                await asyncio.to_thread(tree.put, tree.base)

    async def skim(
        self, order: FixOrder, tree: FixedTree, patch: TakenPatch, why: str
    ) -> Judgement:
        """Judge the partial patch of a fix that was cut short, without running or asking anything:
        nothing counts as fixed, and what weakens checks still shows."""
        files = FixedFiles(tree.top, patch.files)
        return unproven_judgement(order, await _tampering(order, files, patch), why)

    async def judge(
        self,
        order: FixOrder,
        reply: FixerReply,
        tree: FixedTree,
        patch: TakenPatch,
        before: Sequence[CheckRun],
    ) -> AsyncGenerator[Doing | Usage | Judgement, None]:
        """Judge a patch that is in the tree; the judgement comes last.

        The tree is made that of the patch first, and again after the checks: what isn't part of
        the patch must not decide how they end. Raises ChangeError.
        """
        heard = _Heard()
        files = FixedFiles(tree.top, patch.files)
        about = _files_of(order.accepted)
        tampering = await _tampering(order, files, patch)
        if patch.files:
            await asyncio.to_thread(tree.put, patch.tree)
            # Checks run the fixer's code, which can change files, so the verifiers look first.
            async with aclosing(self._verify(order.accepted, files, patch, heard)) as said:
                async for one in said:
                    yield one
            async with aclosing(
                self._check(order.checks, before, tree, patch, heard, about)
            ) as ran:
                async for one in ran:
                    yield one
        touched = {path for file in patch.files for path in (file.path, file.old_path or file.path)}
        facts = FixFacts(
            reply,
            touched,
            tampering,
            tuple(heard.changes),
            tuple(heard.old_tests),
            order.earlier,
        )
        cases = [await asyncio.to_thread(self._case, one, files, heard) for one in order.accepted]
        yield Judgement(
            decide_outcomes(cases, facts),
            facts.checks,
            facts.old_tests,
            tampering,
            tuple(heard.raised),
            tuple(heard.notices),
            _total(heard.usage),
        )

    async def _check(
        self,
        checks: Sequence[str],
        before: Sequence[CheckRun],
        tree: FixedTree,
        patch: TakenPatch,
        heard: _Heard,
        about: frozenset[str],
    ) -> AsyncGenerator[Doing, None]:
        """Run the checks after a fix, then with the tests from before."""
        known = {run.command: run for run in before}
        try:
            for command in checks:
                yield Doing(f"running {command}")
                run = await self._runner.run(command, tree.top)
                heard.changes.append(CheckChange(known.get(command), run))
            ran = [run for run in before if run.command in checks]
            old = run_old_tests(self._runner, ran, tree, patch, about.__contains__)
            async with aclosing(old) as said:
                async for one in said:
                    if isinstance(one, Doing):
                        yield one
                    else:
                        heard.old_tests.append(one)
        finally:
            if checks:
                await asyncio.to_thread(tree.put, patch.tree)

    async def _verify(
        self,
        entries: Sequence[ExportEntry],
        files: FixedFiles,
        patch: TakenPatch,
        heard: _Heard,
    ) -> AsyncGenerator[Doing | Usage, None]:
        """Have each report looked at again by what made it, or by a model of its family."""
        by_rule = [
            report for entry in entries for report in entry.finding.reports if is_rerunnable(report)
        ]
        yield Doing("running the analysers again")
        answers = await self._rerun(by_rule, files, patch)
        heard.words.update(answers.words)
        heard.raised += answers.raised
        by_verifier: dict[str, tuple[Answerer, list[Report]]] = {}
        for entry in entries:
            asked = self._to_ask(entry)
            if asked is not None:
                answerer, report = asked
                some = by_verifier.setdefault(answerer.identity.name, (answerer, []))[1]
                if report.fingerprint not in {one.fingerprint for one in some}:
                    some.append(report)
        for answerer, reports in by_verifier.values():
            notes = _notes(entries)
            verifier = ModelVerifier(answerer, patch.files, files, notes, self._ignores)
            async with aclosing(verifier.verify(reports)) as said:
                async for one in said:
                    if isinstance(one, VerifierAnswers):
                        heard.words.update(
                            {_asked_key(name): word for name, word in one.words.items()}
                        )
                        heard.raised += one.raised
                    elif isinstance(one, Notice):
                        heard.notices.append(one.sentence)
                    else:
                        if isinstance(one, Usage):
                            heard.usage[answerer.identity.name] = one
                        yield _total(heard.usage) if isinstance(one, Usage) else one

    async def _rerun(
        self, reports: Sequence[Report], files: FixedFiles, patch: TakenPatch
    ) -> RuleAnswers:
        try:
            with contained("Running the analysers again"):
                return await rerun_rules(reports, patch.files, files, self._make)
        except XReviewError as error:
            return unable(reports, error)

    def _to_ask(self, entry: ExportEntry) -> tuple[Answerer, Report] | None:
        """Who is to look at a finding that a model reported, and the report to ask about."""
        for report in entry.finding.reports:
            for one in self._verifiers:
                if report.reviewer.is_model_of(one.identity.family):
                    return one, report
        return None

    def _case(self, entry: ExportEntry, files: FixedFiles, heard: _Heard) -> FixCase:
        """What is known of one finding: the words of everything that was to look at it."""
        words: dict[VerifierWord, None] = {}
        for report in entry.finding.reports:
            if is_rerunnable(report):
                words[heard.words.get(report.fingerprint, UNSEEN)] = None
            elif report.reviewer.kind is ReviewerKind.PERSON:
                words[replace(UNSEEN, why="a person raised it: look at it yourself")] = None
            elif not report.reviewer.is_model:
                why = f"{report.reviewer.name} can't be run again from here"
                words[replace(UNSEEN, why=why)] = None
        models = [one for one in entry.finding.reports if one.reviewer.is_model]
        if models:
            asked = [heard.words.get(_asked_key(one.fingerprint)) for one in models]
            families = [one.reviewer.family for one in models]
            words[next(filter(None, asked), no_verifier(families))] = None
        anchor = entry.finding.anchor
        text = files.new_text(anchor.path)
        is_changed = text is None or not FileText(text).occurrences(anchor.quote)
        return FixCase(
            entry.finding.fingerprints,
            tuple(dict.fromkeys(one.anchor.path for one in entry.finding.reports)),
            tuple(words),
            is_changed,
        )


async def _tampering(
    order: FixOrder, files: FixedFiles, patch: TakenPatch
) -> tuple[Tampering, ...]:
    about = _files_of(order.accepted)
    return await asyncio.to_thread(tampering_in, patch.files, about.__contains__, files.new_text)


def _asked_key(fingerprint: str) -> str:
    """The key of a model's word, beside that of a rule about the same code."""
    return f"asked/{fingerprint}"


def _files_of(entries: Sequence[ExportEntry]) -> frozenset[str]:
    return frozenset(report.anchor.path for one in entries for report in one.finding.reports)


def _notes(entries: Sequence[ExportEntry]) -> Mapping[str, str]:
    return {
        report.fingerprint: one.note
        for one in entries
        if one.note
        for report in one.finding.reports
    }


def _total(usage: Mapping[str, Usage]) -> Usage:
    costs = [one.cost for one in usage.values()]
    return Usage(
        sum(one.input_tokens for one in usage.values()),
        sum(one.output_tokens for one in usage.values()),
        None if None in costs else sum(filter(None, costs)),
    )
