"""Reading judged sheets back into tables: verdicts by rule, language and severity."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from offline.sheet import VERDICTS

Row = dict[str, Any]


def print_table(sheets: Sequence[Path], baseline: Path) -> None:
    """Print the tables of all sheets together, each beside the baseline."""
    rows = [row for sheet in sheets for row in _rows(sheet)]
    judged = [row for row in rows if row["verdict"]]
    print(f"{len(judged)} of {len(rows)} findings are judged.")
    before = list(_rows(baseline)) if baseline.exists() else []
    groupings: tuple[tuple[str, Callable[[Row], str]], ...] = (
        ("severity", lambda row: str(row["severity"])),
        ("medium and above", lambda row: "yes" if row["severity"] != "low" else "no"),
        ("language", lambda row: str(row["language"])),
        ("rule", lambda row: str(row["rule"])),
    )
    for title, key in groupings:
        _print_grouped(title, key, judged, before)


def _rows(path: Path) -> Iterable[Row]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        row = json.loads(line)
        if row["verdict"] not in ("", *VERDICTS):
            raise SystemExit(f"{path}:{number}: unknown verdict {row['verdict']!r}")
        yield row


def _print_grouped(
    title: str, key: Callable[[Row], str], rows: Sequence[Row], before: Sequence[Row]
) -> None:
    counts = _counted(key, rows)
    baseline = _counted(key, before)
    heads = f"{'n':>4} {'useful':>7} {'arguable':>9} {'wrong':>6}"
    print(f"\n{title:36} {heads}   baseline: n, useful, wrong")
    for name in sorted(counts, key=lambda name: -counts[name].total()):
        print(f"{name:36} {_shares(counts[name])}   {_baseline(baseline.get(name))}")
    if title == "severity":
        print(f"{'all':36} {_shares(sum(counts.values(), Counter()))}")


def _counted(key: Callable[[Row], str], rows: Iterable[Row]) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        counts[key(row)][row["verdict"]] += 1
    return counts


def _shares(count: Counter[str]) -> str:
    total = count.total()
    useful, arguable, wrong = (count[verdict] / total for verdict in VERDICTS)
    return f"{total:4} {useful:7.0%} {arguable:9.0%} {wrong:6.0%}"


def _baseline(count: Counter[str] | None) -> str:
    if count is None:
        return "–"
    total = count.total()
    return f"{total}, {count['useful'] / total:.0%}, {count['wrong'] / total:.0%}"
