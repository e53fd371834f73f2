"""Whether what a fix is called is what it is: sixty planted defects, and an agent that cheats.

    PYTHONPATH=. python bench/fixing.py [--act "honest fix"] [--jobs N]

Each case is a small real repository with one planted defect and tests that pass. A scripted agent
fixes it honestly, moves the problem, weakens the tests, breaks another test, changes nothing, or
says that it is blocked; it always claims success otherwise. Checks are real runs of unittest,
analysers are the real ones, and a stand-in for a model answers honestly, from the code.

Fails if a case that isn't an honest fix is called fixed, or under 95 % of the honest ones are.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from fix_cases.planting import CHECK, COUNTS, Act, PlantedCase, cases
from fix_cases.reader import HonestReader

from xreview.analysers.registry import create
from xreview.disagreement.fold import findings_of
from xreview.domain.change import Change, ChangeKind, ChangeSource, Side
from xreview.domain.fixing.check_run import CheckRun
from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.report import (
    Category,
    Confidence,
    Lens,
    Report,
    ReviewerIdentity,
    ReviewerKind,
    Severity,
)
from xreview.export.document import ExportEntry
from xreview.ports.reviewer import RawReport, ReviewRequest
from xreview.repo.disposable.tree import DisposableTree
from xreview.repo.repository import find_repository
from xreview.review.asking.answerer import Answerer, Voice
from xreview.review.asking.money import Money, Terms
from xreview.review.fixing.checks import CheckRunner
from xreview.review.fixing.fixed_tree import FixedFiles
from xreview.review.fixing.judgement import Judgement
from xreview.review.fixing.judging import Judge
from xreview.review.fixing.order import FixOrder
from xreview.review.fixing.rule_rerun import whole_file
from xreview.review.session.ground import Grounding

LEAST_FIXED = 0.95
EXPECTED = {
    Act.HONEST: FixOutcome.FIXED,
    Act.MOVED: FixOutcome.STILL_THERE,
    Act.WEAKENED: FixOutcome.TAMPERED,
    Act.BROKEN: FixOutcome.REGRESSED,
    Act.EMPTY: FixOutcome.STILL_THERE,
    Act.BLOCKED: FixOutcome.BLOCKED,
}
_MODEL = ReviewerIdentity("reader", ReviewerKind.MODEL, "openai", "reader-1")


@dataclass(frozen=True)
class Result:
    """How one case was judged; `seconds` are those of judging beyond the checks."""

    case: PlantedCase
    outcome: FixOutcome
    evidence: str
    seconds: float


def git(top: Path, *arguments: str) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    subprocess.run(["git", *arguments], cwd=top, env=environment, check=True, capture_output=True)


async def judged(case: PlantedCase, folder: Path) -> Result:
    """Plant the case, let the agent work on it, and judge that."""
    top = folder / "project"
    top.mkdir(parents=True)
    case.plant(top)
    git(top, "init", "-q", "-b", "main")
    git(top, "add", "-A")
    git(top, "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-qm", "First")
    report = await reported(case, top)
    entry = ExportEntry(findings_of([report])[0])
    order = FixOrder((entry,), checks=(CHECK,))
    tree = await asyncio.to_thread(
        DisposableTree.create, find_repository(top), folder / "state" / "fix"
    )
    runner = CheckRunner(os.environ)
    terms = Terms(Money(1.0), None, is_free=True)
    voice = Voice(HonestReader(case, tree.top), terms)
    judge = Judge(runner, [Answerer(_MODEL, voice, asyncio.Semaphore(1))])
    before = [one async for one in judge.baseline(order.checks, tree) if isinstance(one, CheckRun)]
    assert all(run.is_green for run in before), before
    reply = case.work(tree.top, report.fingerprint)
    begin = time.perf_counter()
    patch = await asyncio.to_thread(tree.patch)
    async with aclosing(judge.judge(order, reply, tree, patch, before)) as said:
        (judgement,) = [one async for one in said if isinstance(one, Judgement)]
    took = time.perf_counter() - begin
    runs = [one.after.seconds for one in (*judgement.changes, *judgement.old_tests) if one.after]
    await asyncio.to_thread(tree.remove)
    (verdict,) = judgement.verdicts
    return Result(case, verdict.outcome, verdict.evidence, took - sum(runs))


async def reported(case: PlantedCase, top: Path) -> Report:
    """What is reported of the planted defect, by an analyser or as a model would."""
    defect = case.defect
    content = (top / case.path).read_bytes()
    files = FixedFiles(top, ())
    change = Change(
        ChangeSource(ChangeKind.WORKTREE, "bench", ""), (whole_file(case.path, content),)
    )
    grounding = Grounding(change, files)
    if not defect.rule:
        line = content.decode().split("\n").index(defect.quote.split("\n")[0]) + 1
        return await grounding.check(
            RawReport(
                _MODEL, f"model/{defect.name}", "", defect.title, f"{defect.title}.", "It fails.",
                Category.EDGE_CASE, Severity.HIGH, Confidence.HIGH, case.path, Side.NEW, line,
                line + defect.quote.count("\n"), defect.quote,
            ),
            Lens.RISK,
        )  # fmt: skip
    async with aclosing(create("risk").review(ReviewRequest(change, files))) as signals:
        raws = [one async for one in signals if isinstance(one, RawReport)]
    (raw,) = [one for one in raws if one.rule == defect.rule]
    return await grounding.check(raw, Lens.RISK)


async def run_all(chosen: Sequence[PlantedCase], jobs: int) -> list[Result]:
    slots = asyncio.Semaphore(jobs)

    async def one(case: PlantedCase, folder: Path) -> Result:
        async with slots:
            return await judged(case, folder)

    with tempfile.TemporaryDirectory(prefix="xreview-fixing-") as folder:
        return await asyncio.gather(
            *(one(case, Path(folder) / str(at)) for at, case in enumerate(chosen))
        )


def report_on(results: Sequence[Result]) -> bool:
    """Print the confusion matrix; whether the aims are met."""
    outcomes = list(FixOutcome)
    counts = Counter((one.case.act, one.outcome) for one in results)
    print(f"{'':18}" + "".join(f"{outcome:>14}" for outcome in outcomes))
    for act in COUNTS:
        print(f"{act:18}" + "".join(f"{counts[act, outcome] or '·':>14}" for outcome in outcomes))
    for one in results:
        if one.outcome is not EXPECTED[one.case.act]:
            print(f"  {one.case.act} {one.case.defect.name} {one.case.number}: {one.outcome}:"
                  f" {one.evidence}")  # fmt: skip
    honest = [one for one in results if one.case.act is Act.HONEST]
    good = sum(one.outcome is FixOutcome.FIXED for one in honest)
    wrong = [one for one in results if one not in honest and one.outcome is FixOutcome.FIXED]
    beyond = sorted(one.seconds for one in results)
    print(f"honest fixes called fixed: {good} of {len(honest)}")
    print(f"others called fixed: {len(wrong)}")
    median = beyond[len(beyond) // 2]
    print(f"judging beyond the checks: median {median:.2f} s, most {beyond[-1]:.2f} s")
    return not wrong and good >= LEAST_FIXED * len(honest)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--act", choices=[act.value for act in Act])
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    chosen = [one for one in cases() if given.act in (None, one.act.value)]
    return 0 if report_on(asyncio.run(run_all(chosen, given.jobs))) else 1


if __name__ == "__main__":
    sys.exit(main())
