"""The whole app against its aims: start, keys, memory, quitting, reading everything.

    python bench/app.py DIR [--runs 5 | --quick] [-w w1 -w w3] [--before CHECKOUT] [--hunk PATH]
                        [--json FILE] [--markdown]

DIR holds the repositories of `../shared/tools/make_repos.py` (made there where they are missing).
All subjects take turns, round after round, on the same repository; what is judged are ratios of
medians, so that the speed of the machine hardly matters. Nothing else should run on it.

--before runs another checkout of this project in the same rounds, with its own .venv. `hunk` (a
diff viewer, for its page-down) is looked for on PATH. Ends with 1 where an aim is missed.
docs/performance.md says what each figure means.
"""

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from app_parts.aims import Figure, figures_of
from app_parts.rounds import Plan, measure
from app_parts.table import markdown, plain, rows_of

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ROOT.parent / "shared" / "tools"
WORKLOADS = ("w1", "w2", "w3", "w4")
JUDGED = ("w1", "w3")
"""The workloads that have aims: a small and a large repository."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("repositories", type=Path, metavar="DIR")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="one round")
    parser.add_argument("-w", "--workload", action="append", choices=WORKLOADS)
    parser.add_argument("--before", type=Path, metavar="CHECKOUT")
    parser.add_argument(
        "--hunk", default=shutil.which("hunk"), metavar="PATH", help="'': without it"
    )
    parser.add_argument("--tools", type=Path, default=TOOLS, help="where tuibench.py is")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep all measurements here")
    parser.add_argument("--markdown", action="store_true")
    arguments = parser.parse_args()
    workloads = arguments.workload or JUDGED
    plan = Plan(
        arguments.repositories.resolve(),
        arguments.tools.resolve(),
        ROOT / "src",
        1 if arguments.quick else arguments.runs,
        arguments.before and arguments.before.resolve() / "src",
        arguments.hunk or None,
    )
    make_missing(plan, workloads)
    kept: dict[str, Any] = {}
    figures: list[Figure] = []
    for workload in workloads:
        kept[workload] = measure(plan, workload)
        figures += figures_of(workload, kept[workload])
        if arguments.json:
            arguments.json.write_text(json.dumps(kept))
    rows = rows_of(figures, has_before=plan.before is not None)
    print(markdown(rows) if arguments.markdown else plain(rows))
    if plan.hunk is None:
        print("\npage-down / hunk: not measured, as hunk is not on PATH")
    return int(any(figure.is_missed for figure in figures))


def make_missing(plan: Plan, workloads: Any) -> None:
    missing = [name for name in workloads if not (plan.repositories / name).is_dir()]
    if missing:
        make = [sys.executable, plan.tools / "make_repos.py", plan.repositories, *missing]
        subprocess.run(make, check=True)


if __name__ == "__main__":
    sys.exit(main())
