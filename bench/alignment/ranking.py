"""In what order the findings of a pull request are read, and how soon the issues are reached."""

import random

from alignment.fixtures import Fixtures

from xreview.disagreement.fold import findings_of
from xreview.disagreement.rank import ranked

AREA = 0.87
CARDS = 4.8


def ranking_table(fixtures: Fixtures) -> bool:
    print("\nRanking, clusters as cards (area under the curve, cards to 80 %)")
    ours, shuffled, plain = {}, {}, {}
    dice = random.Random(0)
    for pr, reports in fixtures.reports.items():
        panel = sorted({one.reviewer for one in reports}, key=lambda one: one.name)
        findings = findings_of(reports, panel)
        ours[pr] = [list(one.fingerprints) for one in ranked(findings)]
        by_size = sorted(findings, key=lambda one: -len(one.reports))
        plain[pr] = [list(one.fingerprints) for one in by_size]
        shuffled[pr] = dice.sample(ours[pr], len(ours[pr]))
    print("  raw findings, agreement and novelty (evidence)  .78     6.3")
    for name, orders in (("random", shuffled), ("most reports first", plain), ("ours", ours)):
        area, cards = fixtures.triage(orders)
        print(f"  {name:44s}{area:8.4f}{cards:7.2f}")
    return area >= AREA and cards <= CARDS
