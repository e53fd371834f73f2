"""What place and category add to words, on comments that have real ones but no truth."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

from alignment.fixtures import made

from xreview.disagreement.align import align
from xreview.domain.report import Category

_CATEGORIES = {
    "Code Defect": Category.EDGE_CASE,
    "Maintainability and Readability": Category.SIMPLIFICATION,
    "Performance": Category.PERFORMANCE,
    "Security Vulnerability": Category.SECURITY,
}
_MEASURES = ("words alone", "words and place", "words, place and category")


def place_table(file: Path) -> None:
    """What place adds. There is no truth in the data: see what is printed."""
    comments = defaultdict(list)
    for line in file.read_text(encoding="utf-8").splitlines():
        read = json.loads(line)
        comments[read["pr"]].append(read)
    joined = {name: Counter[str]() for name in _MEASURES}
    for rows in comments.values():
        for name in _MEASURES:
            has_place, has_category = name != _MEASURES[0], name == _MEASURES[2]
            reports = [
                made(
                    one["id"],
                    one["text"],
                    one["tool"] or "person",
                    one["path"] if has_place else "",
                    one["line"] or 0,
                    one["end_line"] or 0,
                    _CATEGORIES[one["category"]] if has_category else Category.EDGE_CASE,
                )
                for one in rows
            ]
            at = {one["id"]: one for one in rows}
            for group in align(reports):
                for left, right in combinations((at[one.fingerprint] for one in group), 2):
                    joined[name][relation(left, right)] += 1
    print("\nPlace (aacr: pairs of comments that are joined, by where they stand)")
    print(
        "  Proxy for truth: what stands in two files, or far apart in one, has to be mended twice,"
    )
    print(
        "  so joining it is counted as wrong. The comments were freed of repeats by their makers,"
    )
    print("  so what place finds that words miss can't be seen here.")
    for name, counts in joined.items():
        all_pairs = sum(counts.values())
        wrong = counts["other file"] + counts["far"]
        told = ", ".join(
            f"{where} {counts[where]}" for where in ("meet", "near", "far", "other file")
        )
        print(f"  {name:26s}{all_pairs:5d} pairs, {wrong / max(1, all_pairs):.2f} wrong: {told}")


def relation(left: Mapping[str, object], right: Mapping[str, object]) -> str:
    if left["path"] != right["path"] or left["side"] != right["side"]:
        return "other file"
    starts = [int(str(one["line"] or 0)) for one in (left, right)]
    ends = [int(str(one["end_line"] or 0)) for one in (left, right)]
    gap = max(starts) - min(ends)
    return "meet" if gap <= 0 else "near" if gap <= 10 else "far"
