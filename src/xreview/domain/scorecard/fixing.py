"""Counting what fixers made of accepted findings."""

from collections import Counter
from collections.abc import Iterable

from xreview.domain.decision import Verdict
from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.scorecard.figures import FixerRecord, FixSpending
from xreview.domain.scorecard.fix_facts import StartedFix
from xreview.domain.scorecard.gathering import ScorecardFacts
from xreview.domain.scorecard.proportion import Proportion
from xreview.domain.scorecard.scored import ScoredFixer


def count_fixes(
    facts: ScorecardFacts, since: str | None
) -> tuple[tuple[FixerRecord, ...], Proportion]:
    """The record of each fixer, by name, and how many of the findings that were handed over turned
    out not to be any; only of fixes started `since` a time (ISO 8601)."""
    by_fixer: dict[ScoredFixer, list[StartedFix]] = {}
    judged: set[tuple[str, frozenset[str]]] = set()
    refuted: set[tuple[str, frozenset[str]]] = set()
    for (repository, _), fix in facts.fixes.started.items():
        if since is not None and fix.at < since:
            continue
        by_fixer.setdefault(fix.fixer, []).append(fix)
        for finding, (outcome, at) in fix.outcomes.items():
            judged.add((repository, finding))
            if outcome is FixOutcome.BLOCKED and _is_rejected(repository, finding, at, facts):
                refuted.add((repository, finding))
    records = tuple(_record(fixer, by_fixer[fixer]) for fixer in sorted(by_fixer))
    return records, Proportion(len(refuted), len(judged))


def _is_rejected(
    repository: str, finding: Iterable[str], after: str, facts: ScorecardFacts
) -> bool:
    """Whether the user agreed that it isn't a problem: the decision that holds rejects it, and came
    after the fixer said so."""
    made = [
        one
        for name in finding
        for one in facts.made.get((repository, name), ())
        if (repository, one.action) not in facts.undone
    ]
    last = max(made, key=lambda one: one.at, default=None)
    return last is not None and last.decision.verdict is Verdict.REJECT and last.at >= after


def _record(fixer: ScoredFixer, fixes: list[StartedFix]) -> FixerRecord:
    outcomes = Counter(outcome for fix in fixes for outcome, _ in fix.outcomes.values())
    known = [fix for fix in fixes if fix.cost is not None]
    return FixerRecord(
        fixer,
        len(fixes),
        {outcome: outcomes[outcome] for outcome in FixOutcome if outcomes[outcome]},
        _working(fixes),
        FixSpending(_working(known), sum(fix.cost or 0.0 for fix in known), len(known), len(fixes)),
    )


def _working(fixes: Iterable[StartedFix]) -> int:
    return sum(fix.is_working(finding) for fix in fixes for finding in fix.outcomes)
