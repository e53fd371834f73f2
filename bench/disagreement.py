"""How well reports are aligned and ranked, against what triage-evidence.md measured, and how fast.

    python bench/disagreement.py [--data DIR] [--aacr FILE] [--skip-timings]

`DIR` has `fixtures/*.json` or `heldout/*.json` in the form of ../shared/data/crb (the default), and
may have its own `evaluate.py`. The measure and its threshold are chosen by nested cross-validation
over repositories, as `alignment/aligned.py` says; the shipped ones' figures are printed as well.
The fixtures know no places, severities or categories: words and agreement are all there is.
What was tried is in `docs/alignment.md`. Exit code 1 if an aim is missed.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from alignment.aligned import alignment_table
from alignment.errors import error_table
from alignment.fixtures import SHARED, Fixtures
from alignment.places import place_table
from alignment.ranking import ranking_table
from alignment.timing import timings


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=SHARED / "crb")
    parser.add_argument("--aacr", type=Path, default=SHARED / "aacr" / "findings.jsonl")
    parser.add_argument("--skip-timings", action="store_true")
    given = parser.parse_args()
    if not given.data.is_dir():
        print(f"There is no data in {given.data}.", file=sys.stderr)
        return 2
    fixtures = Fixtures(given.data)
    print(
        f"{len(fixtures.reports)} pull requests, {sum(map(len, fixtures.reports.values()))} reports"
    )
    is_aligned, chosen = alignment_table(fixtures)
    met = [is_aligned, ranking_table(fixtures, chosen)]
    error_table(fixtures, chosen)
    if given.aacr.exists():
        place_table(given.aacr)
    if not given.skip_timings:
        met.append(timings(fixtures))
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
