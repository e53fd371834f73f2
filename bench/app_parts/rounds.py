"""The rounds: all subjects on one repository by turns, then the reviews without the app."""

import json
import os
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app_parts.slow_model import slow_model

BENCH = Path(__file__).resolve().parents[1]
HARNESS, ENGINES = BENCH / "app_parts" / "harness.py", BENCH / "app_parts" / "engines.py"
SPEC = BENCH / "app.toml"
APP = ("start", "finding", "running", "read")
"""The subjects that are the app itself."""

BEFORE = "before "
"""Before the names of the other checkout's subjects."""

MOST_REVIEWS = 3
"""Rounds of what takes long and hardly varies."""

REVIEWED = (0, 1, 3)
"""Exit codes of `review`: no findings, some, or something was not read."""

Results = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """What is measured; `before` is another checkout's `src`, `hunk` its program."""

    repositories: Path
    tools: Path
    source: Path
    runs: int
    before: Path | None = None
    hunk: str | None = None
    lines: int = 60
    pages: int = 20

    @property
    def sources(self) -> Mapping[str, Path]:
        """By the prefix of their subjects."""
        return {"": self.source, **({BEFORE: self.before} if self.before else {})}


def measure(plan: Plan, workload: str) -> Results:
    """The harness's results by subject, and lists of seconds by `review` and `engines`."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-app-")))
        if workload == "w1":
            stack.enter_context(slow_model(plan.repositories / workload, folder))
        results = press(plan, workload, folder)
    results |= review(plan, plan.repositories / workload)
    return results


def press(plan: Plan, workload: str, folder: Path) -> Results:
    """The rounds in the terminal."""
    spec = folder / "spec.json"
    spec.write_text(json.dumps(spec_of(plan)))
    names = [prefix + name for prefix in plan.sources for name in APP]
    only = ["hello", "lazy", *names, *(["hunk"] if plan.hunk else [])]
    kept = folder / "results.json"
    command = [
        sys.executable, HARNESS, plan.tools, "vs", "--spec", spec, "--repos", plan.repositories,
        "-w", workload, "--only", ",".join(only), "--runs", plan.runs, "--json", kept,
        "--var", f"tools={plan.tools}", "--var", f"config={folder}", "--var", f"hunk={plan.hunk}",
        "--lines", plan.lines, "--pages", plan.pages, "--ends", 0, "--idle-wait", 3,
    ]  # fmt: skip
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL)
    return json.loads(kept.read_text())["workloads"][workload]["results"]


def spec_of(plan: Plan) -> dict[str, Any]:
    """The subjects of `app.toml`, and those of the app once more for each other source."""
    spec = tomllib.loads(SPEC.read_text())
    app = [one for one in spec["subject"] if one["name"] in APP]
    others = [one for one in spec["subject"] if one["name"] not in APP]
    ours = [
        json.loads(
            json.dumps(one | {"name": prefix + one["name"]})
            .replace("{src}", str(source))
            .replace("{python}", python_of(source))
        )
        for prefix, source in plan.sources.items()
        for one in app
    ]
    return {"defaults": spec["defaults"], "subject": [*others, *ours]}


def python_of(source: Path) -> str:
    """The checkout's own interpreter, if it has one: its worker processes find its own code."""
    own = source.parent / ".venv" / "bin" / "python"
    return str(own) if own.exists() else sys.executable


def review(plan: Plan, repository: Path) -> Results:
    """`review` without the app, and the engines alone, by turns."""
    taken: dict[str, list[float]] = {"engines": []}
    with tempfile.TemporaryDirectory(prefix="bench-app-") as home:
        for _ in range(min(plan.runs, MOST_REVIEWS)):
            done = run(plan.source, home, [str(ENGINES), str(repository)], repository)
            taken["engines"].append(json.loads(done.stdout)["seconds"])
            for prefix, source in plan.sources.items():
                begin = time.perf_counter()
                run(source, f"{home}/{prefix}", ["-m", "xreview", "review"], repository, REVIEWED)
                seconds = time.perf_counter() - begin
                taken.setdefault(f"{prefix}review", []).append(seconds)
    return taken


def run(
    source: Path, home: str, words: Sequence[str], folder: Path, codes: Sequence[int] = (0,)
) -> subprocess.CompletedProcess[str]:
    """A command of the checkout with this `source`, with a home of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR", "LANG") if name in os.environ}
    environment = kept | {"PYTHONPATH": str(source), "HOME": home}
    command = [python_of(source), *words]
    done = subprocess.run(command, cwd=folder, env=environment, text=True, capture_output=True)
    if done.returncode not in codes:
        raise SystemExit(f"{' '.join(words)} ended with {done.returncode}:\n{done.stderr}")
    return done
