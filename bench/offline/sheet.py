"""The sheet of findings to judge: one JSON object a line."""

import json
import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from offline.reading import CommitRead, language_of
from xreview.ports.reviewer import RawReport

VERDICTS = ("useful", "arguable", "wrong")


def write_sheet(path: Path, reads: Sequence[CommitRead], most: int, seed: int) -> None:
    """Write at most `most` findings, taken from the rules in turn, in a random order."""
    by_rule: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for read in reads:
        for report in read.reports:
            by_rule[report.rule].append(_row(read, report))
    chance = random.Random(seed)
    for rows in by_rule.values():
        chance.shuffle(rows)
    drawn: list[dict[str, Any]] = []
    while len(drawn) < most and any(by_rule.values()):
        drawn += [rows.pop() for rows in by_rule.values() if rows][: most - len(drawn)]
    chance.shuffle(drawn)
    text = "".join(json.dumps({"n": n, **row}) + "\n" for n, row in enumerate(drawn))
    path.write_text(text, encoding="utf-8")
    print(f"{len(drawn)} findings to judge in {path}")


def _row(read: CommitRead, report: RawReport) -> dict[str, Any]:
    return {
        "repo": read.repo,
        "sha": read.id,
        "path": report.path,
        "start_line": report.start_line,
        "end_line": report.end_line,
        "rule": report.rule,
        "severity": report.severity.name.lower(),
        "language": language_of(report.path),
        "title": report.title,
        "claim": report.claim,
        "scenario": report.scenario,
        "quote": report.quote,
        "verdict": "",
        "why": "",
    }
