"""The whole app against a Textual hello-world and a bare Line-API diff, interleaved.

    python bench/app.py DIR [--runs 5] [-w w1 -w w2 -w w3 -w w4] [--json FILE]

DIR holds the repositories of `../shared/tools/make_repos.py` (made there where they are missing).
Baselines (`../shared/tools/baselines`): `hello` is the floor for the start, `lazy` for keys.
Prints one table of figures and ratios against the aims, and ends with 1 where one is missed.
Nothing else should run on the machine.

text: until the change can be read (the first frame is painted before Textual is imported).
ready: a key sent as soon as the text is there → its effect, from the launch (the app is up).
finding: until the first finding is in the list.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
TOOLS = HERE.parents[1] / "shared" / "tools"
WORKLOADS = ("w1", "w2", "w3", "w4")


@dataclass(frozen=True)
class Figure:
    """One line of the table; `aim` is the most that the ratio (or the value) may be."""

    workload: str
    what: str
    ours: float
    baseline: float | None = None
    aim: float | None = None

    @property
    def judged(self) -> float:
        return self.ours / self.baseline if self.baseline else self.ours

    @property
    def is_missed(self) -> bool:
        return self.aim is not None and self.judged > self.aim

    def __str__(self) -> str:
        against = f"{self.baseline:10.1f} {self.judged:8.2f}×" if self.baseline else " " * 20
        aim = "" if self.aim is None else f"  aim ≤ {self.aim:g}{' MISSED' * self.is_missed}"
        return f"{self.workload:4} {self.what:28} {self.ours:10.1f} {against}{aim}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("repositories", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("-w", "--workload", action="append", choices=WORKLOADS)
    parser.add_argument("--json", type=Path, help="keep all measurements here")
    arguments = parser.parse_args()
    missing = [name for name in WORKLOADS if not (arguments.repositories / name).is_dir()]
    if missing:
        make = [sys.executable, TOOLS / "make_repos.py", arguments.repositories, *missing]
        subprocess.run(make, check=True)
    kept: dict[str, Any] = {}
    figures: list[Figure] = []
    for workload in arguments.workload or WORKLOADS:
        start = measure(arguments, workload, "hello,ours,finding", keys=False)
        keys = measure(arguments, workload, "lazy,ours", keys=True)
        kept[workload] = {"start": start, "keys": keys}
        figures += start_figures(workload, start) + key_figures(workload, keys)
    print(f"\n{'':4} {'(ms; RSS in MB)':28} {'ours':>10} {'baseline':>10} {'ratio':>9}")
    print(*figures, sep="\n")
    if arguments.json:
        arguments.json.write_text(json.dumps(kept))
    return int(any(figure.is_missed for figure in figures))


def measure(arguments: argparse.Namespace, workload: str, only: str, *, keys: bool) -> Any:
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        command = [
            sys.executable, TOOLS / "tuibench.py", "vs", "--spec", HERE / "app.toml",
            "--repos", arguments.repositories, "-w", workload, "--runs", str(arguments.runs),
            "--only", only, "--var", f"tools={TOOLS}", "--idle-wait", "15", "--json", file.name,
            "--ends", "0", "--hold", "1",
            *([] if keys else ["--lines", "1", "--pages", "0"]),
        ]  # fmt: skip
        subprocess.run(command, check=True)
        return json.loads(Path(file.name).read_text())["workloads"][workload]["results"]


def start_figures(workload: str, results: Any) -> list[Figure]:
    hello, ours, finding = (results[name]["summary"] for name in ("hello", "ours", "finding"))
    aim = {"w1": 1.3, "w3": 1.6}.get(workload)
    figures = [
        Figure(workload, "text / hello", middle(ours, "text_ms"), middle(hello, "text_ms"), aim),
        Figure(workload, "first finding", middle(finding, "text_ms"), aim=limit(workload)),
    ]
    if "ready_ms" in ours:
        ready = middle(ours, "ready_ms")
        figures.insert(1, Figure(workload, "ready / hello", ready, middle(hello, "text_ms")))
    return figures


def limit(workload: str) -> float | None:
    return 3000.0 if workload == "w2" else None


def key_figures(workload: str, results: Any) -> list[Figure]:
    lazy, ours = (results[name]["summary"] for name in ("lazy", "ours"))
    figures = [
        Figure(
            workload,
            f"{label} {part} / lazy",
            ours["keys"][label]["first"][part],
            lazy["keys"][label]["first"][part],
            1.15 if label == "line" else None,
        )
        for label in ("line", "page")
        for part in ("p50", "p99")
    ]
    most = 130 if workload == "w3" else None
    return [*figures, Figure(workload, "peak RSS, MB", middle(ours, "peak_rss_mb"), aim=most)]


def middle(summary: Any, name: str) -> float:
    return float(summary[name]["median"])


if __name__ == "__main__":
    sys.exit(main())
