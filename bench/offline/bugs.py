"""Real bug fixes turned around: does a finding point at a line that was wrong?"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from offline.reading import CommitRead, read_commit
from xreview.domain.errors import ChangeError
from xreview.repo.change.request import ChangeRequest

NEAR = 1
"""A finding hits a region from so many lines before it to so many after it."""


def count_hits(bugs: Path, clones: Path) -> None:
    """Print which bugs are hit, and the counts by language."""
    rows = [json.loads(line) for line in bugs.read_text(encoding="utf-8").splitlines()]
    languages: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    before: Counter[str] = Counter()
    reports = 0
    for row in rows:
        clone = _clone(clones, row["repo"])
        if clone is None:
            print(f"no clone of {row['repo']}")
            continue
        try:
            read = read_commit(clone, row["repo"], _turned_around(clone, row["fix"]), row["fix"])
        except ChangeError as error:
            print(f"{row['repo']} {row['fix'][:9]}: {error}")
            continue
        languages[row["language"]] += 1
        reports += len(read.reports)
        before[row["language"]] += row["xreview_hit"]
        if rules := _hitting(read, row):
            hits[row["language"]] += 1
            print(f"hit  {row['repo']} {row['fix'][:9]} {', '.join(rules)}: {row['bug']}")
    print(f"\n{'language':12} {'bugs':>5} {'hit':>4} {'November 2026':>14}")
    for language, count in languages.most_common():
        print(f"{language:12} {count:5} {hits[language]:4} {before[language]:14}")
    print(f"{'all':12} {languages.total():5} {hits.total():4} {before.total():14}")
    print(f"{reports} findings in all")


def _turned_around(clone: Path, fix: str) -> ChangeRequest:
    return ChangeRequest(clone, range=f"{fix}..{fix}^")


def _clone(clones: Path, name: str) -> Path | None:
    for found in (clones / name, *sorted(clones.glob(f"*+{name}"))):
        if (found / "repo").is_dir():
            return found / "repo"
        if found.is_dir():
            return found
    return None


def _hitting(read: CommitRead, row: dict[str, Any]) -> list[str]:
    regions: dict[str, list[tuple[int, int, str]]] = row["regions"]
    return sorted(
        {
            report.rule
            for report in read.reports
            for first, last, _ in regions.get(report.path, ())
            if report.start_line <= last + NEAR and report.end_line >= first - NEAR
        }
    )
