"""The whole app against a Textual hello-world and a bare Line-API diff, in one interleaved run.

    python bench/app.py DIR [--runs 5] [-w w1 -w w2 -w w3 -w w4]

DIR holds the repositories of `../shared/tools/make_repos.py` (made there where they are missing).
Baselines (`../shared/tools/baselines`): `hello` is the floor for the first paint, `lazy` for keys.
Prints the tables of `tuibench.py vs`, and ends with 1 where an aim is missed. Nothing else should
run on the machine.
"""

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOOLS = HERE.parents[1] / "shared" / "tools"
AIMS = {
    "w1": ["ours/hello text_ms > 1.3"],
    "w2": [],
    "w3": ["ours/hello text_ms > 1.6"],
    "w4": [],
}
KEYS = [
    "ours/lazy line_first_p50 > 1.15",
    "ours/lazy line_first_p99 > 1.15",
    "ours/lazy page_first_p50 > 1.15",
]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("repositories", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("-w", "--workload", action="append", choices=AIMS)
    arguments = parser.parse_args()
    missing = [name for name in AIMS if not (arguments.repositories / name).is_dir()]
    if missing:
        make = [sys.executable, TOOLS / "make_repos.py", arguments.repositories, *missing]
        subprocess.run(make, check=True)
    results = [
        measure(arguments.repositories, workload, arguments.runs)
        for workload in arguments.workload or AIMS
    ]
    return max(results)


def measure(repositories: Path, workload: str, runs: int) -> int:
    command = [
        sys.executable, TOOLS / "tuibench.py", "vs", "--spec", HERE / "app.toml",
        "--repos", repositories, "-w", workload, "--runs", str(runs),
        "--var", f"tools={TOOLS}", "--idle-wait", "20",
    ]  # fmt: skip
    for aim in AIMS[workload] + KEYS:
        command += ["--fail-if", aim]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
