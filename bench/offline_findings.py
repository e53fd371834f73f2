"""How true and how frequent the findings of the embedded analysers are, on real commits.

    python bench/offline_findings.py run CLONE… --sheet FILE [--commits N] [--most N] [--seed N]
        [--together N]
    python bench/offline_findings.py table FILE…
    python bench/offline_findings.py bugs FILE --clones DIR

`run` takes local clones (bare ones too) and fetches nothing. It reads a sample of their last
commits, prints how many findings a commit gets and how long that takes, and writes a sheet: one
JSON object a line for each finding to judge, spread evenly over rules. Read each one in its code
and put "useful", "arguable" or "wrong" into `verdict`, and a few words into `why`.
`table` reads judged sheets back: verdicts by rule, language and severity, against the baseline of
../shared/data/offline/judged.jsonl. `bugs` turns real bug fixes around (`fix..fix^`, rows as in
../shared/data/offline/bugs.jsonl) and counts those where a finding is on a line that was wrong;
`DIR` holds the clones, as NAME, OWNER+NAME or OWNER+NAME/repo.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from offline.bugs import count_hits
from offline.commits import sample
from offline.judged import print_table
from offline.sheet import write_sheet

SHARED = Path(__file__).parents[2] / "shared" / "data" / "offline"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run")
    run.add_argument("clones", type=Path, nargs="+")
    run.add_argument("--sheet", type=Path, required=True)
    run.add_argument("--commits", type=int, default=100, help="of each clone (default: 100)")
    run.add_argument("--of", type=int, default=1000, help="the last commits to draw from")
    run.add_argument("--together", type=int, default=1, help="commits read as one change")
    run.add_argument("--most", type=int, default=200, help="findings on the sheet (default: 200)")
    run.add_argument("--seed", type=int, default=1)
    table = commands.add_parser("table")
    table.add_argument("sheets", type=Path, nargs="+")
    table.add_argument("--baseline", type=Path, default=SHARED / "judged.jsonl")
    bugs = commands.add_parser("bugs")
    bugs.add_argument("bugs", type=Path, nargs="?", default=SHARED / "bugs.jsonl")
    bugs.add_argument("--clones", type=Path, required=True)
    given = parser.parse_args()
    match given.command:
        case "run":
            found = sample(given.clones, given.commits, given.of, given.seed, given.together)
            write_sheet(given.sheet, found, given.most, given.seed)
        case "table":
            print_table(given.sheets, given.baseline)
        case _:
            count_hits(given.bugs, given.clones)
    return 0


if __name__ == "__main__":
    sys.exit(main())
