"""Measuring an attempt: the numbers that are compared."""

import asyncio
from collections.abc import Callable, Sequence

from xreview.domain.attempt.dependencies import added_dependencies
from xreview.domain.attempt.facts import AttemptFacts
from xreview.domain.change import FileDiff
from xreview.domain.finding import Disagreement, Finding
from xreview.domain.fixing.check_run import CheckChange, CheckRun, got_worse
from xreview.domain.report import Severity
from xreview.review.attempts.complexity import ReadBytes, complexity_change


async def measured(
    files: Sequence[FileDiff],
    checks: Sequence[CheckChange],
    findings: Sequence[Finding],
    read_old: ReadBytes,
    read_new: ReadBytes,
    *,
    cost: float | None,
    seconds: float,
) -> AttemptFacts:
    """Measure an attempt.

    Args:
        files: its patch.
        checks: before and after.
        findings: of its review that are open. Those whose quote isn't in the code don't count.
        read_old, read_new: give the content of a file of the base, and of the attempt; they are
            called in a thread.
        cost: US dollars of writing and reviewing; None if unknown.
        seconds: of writing it.

    Raises what the readers raise.
    """
    dependencies = await asyncio.to_thread(
        added_dependencies, files, _as_text(read_old), _as_text(read_new)
    )
    complexity = await complexity_change(files, read_old, read_new)
    passed, run = passed_and_run([one.after for one in checks])
    shown = [one for one in findings if one.is_anchored]
    return AttemptFacts(
        checks_passed=passed,
        checks_run=run,
        checks_broken=sum(max(1, len(one.newly_failed)) for one in got_worse(checks)),
        open=tuple(sum(one.severity is level for one in shown) for level in Severity),
        contested=sum(one.disagreement is Disagreement.CONTESTED for one in shown),
        added=sum(file.added for file in files),
        removed=sum(file.removed for file in files),
        files=len(files),
        dependencies=dependencies,
        complexity=complexity,
        cost=cost,
        seconds=seconds,
    )


def passed_and_run(runs: Sequence[CheckRun | None]) -> tuple[int, int]:
    """How many checks passed, of how many: tests where all outputs tell, else commands.

    A command that fails without naming a failed test, or that didn't run to its end, counts as one
    more that didn't pass, so that its tests can't look complete.
    """
    done = [run for run in runs if run is not None]
    if not done or not all(run.passed is not None for run in done):
        return sum(run.is_green for run in done), len(runs) if done else 0
    passed = sum(run.passed or 0 for run in done)
    failed = sum(len(run.failed) or (not run.is_green) for run in done)
    return passed, passed + failed + len(runs) - len(done)


def _as_text(read: ReadBytes) -> Callable[[str], str | None]:
    """What reads text; a byte that isn't UTF-8 stays recognisable as such."""

    def text(path: str) -> str | None:
        content = read(path)
        return None if content is None else content.decode("utf-8", "surrogateescape")

    return text
