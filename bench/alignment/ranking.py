"""In what order the findings of a pull request are read, and how soon the issues are reached."""

import random
from collections.abc import Callable, Mapping, Sequence

from alignment.aligned import Candidate, groups_at, samples
from alignment.fixtures import Fixtures

from xreview.disagreement.align import led
from xreview.disagreement.fold import finding_of
from xreview.disagreement.groups import Group, group_of
from xreview.disagreement.rank import ranked
from xreview.domain.finding import Finding

AREA = 0.89
CARDS = 3.8

Order = Callable[[Sequence[Finding]], Sequence[Finding]]


def ranking_table(fixtures: Fixtures, chosen: Mapping[str, Candidate]) -> bool:
    """Print the figures of the groups chosen on other repositories; whether ours meet the aims.

    A finding that all its readers agree on comes after those some are silent about: the user adds
    more there. What that costs the reader who only wants the issues is the last line.
    """
    dice = random.Random(0)
    orders: dict[str, Order] = {
        "random": lambda some: dice.sample(some, len(some)),
        "most reports first": lambda some: sorted(some, key=lambda one: -len(one.reports)),
        "most families first": lambda some: sorted(some, key=_families),
        "ours": ranked,
        "ours, agreed by all before split": agreed_first,
    }
    findings: list[tuple[str, bool, list[Finding]]] = []
    for sample in samples(fixtures):
        one = chosen[fixtures.repositories[sample.pr]]
        ((_, groups),) = groups_at(sample, one.measure, [one.enough])
        panel = sorted({report.reviewer for report in sample.reports}, key=lambda who: who.name)
        found = [finding_of(led(sample.reports[at] for at in group), panel) for group in groups]
        findings.append((sample.pr, sample.is_whole, found))
    print("\nRanking, clusters as cards (area under the curve, cards to 80 %; whole, panels)")
    met = False
    for name, order in orders.items():
        figures: list[float] = []
        for whole in (True, False):
            cards = {
                f"{pr} {at}": [list(one.fingerprints) for one in order(some)]
                for at, (pr, is_whole, some) in enumerate(findings)
                if is_whole is whole
            }
            figures += fixtures.triage(cards)
        print("  {:44s}{:8.4f}{:7.2f}{:8.4f}{:7.2f}".format(name, *figures))
        met = figures[0] >= AREA and figures[1] <= CARDS if name == "ours" else met
    return met


def agreed_first(findings: Sequence[Finding]) -> Sequence[Finding]:
    order = ranked(findings)
    agreed = [one for one in order if group_of(one) is Group.QUICK_CONFIRM]
    at = next((i for i, one in enumerate(order) if group_of(one) is Group.SPLIT), len(order))
    rest = [one for one in order[at:] if one not in agreed]
    return [*order[:at], *agreed, *rest] if at < len(order) else order


def _families(finding: Finding) -> tuple[int, int]:
    return -len({one.reviewer.family for one in finding.reports}), -len(finding.reports)
