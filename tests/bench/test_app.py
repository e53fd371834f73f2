"""The figures of `bench/app.py` out of made-up results of the harness."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from app_parts.aims import Figure, figures_of
from app_parts.harness import own_programs
from app_parts.rounds import APP, BEFORE, Plan, spec_of
from app_parts.slow_model import added_lines
from app_parts.table import markdown, plain, rows_of

from tests.bench.scripts import BENCH
from tests.repo.builder import Builder


def subject(text: float = 100, key: float = 4, **others: Any) -> dict[str, Any]:
    names = ("text_ms", "ready_ms", "exit_ms", "peak_rss_mb")
    quantiles = {"first": {"p50": key, "p99": 2 * key}}
    summary = {name: {"median": text} for name in names}
    keys = {"line": quantiles, "page": dict(quantiles)}
    return {"summary": summary | {"keys": keys}, "runs": [{"clean": True}], **others}


def results(prefix: str = "", **of: Any) -> dict[str, Any]:
    made = {prefix + name: subject(of.get(name, 50)) for name in APP}
    shared = {"hello": subject(200), "lazy": subject(), "engines": [0.5, 0.4, 0.6]}
    return shared | made | {prefix + "review": [0.05]}


def by_what(figures: list[Figure]) -> dict[str, Figure]:
    return {figure.aim.what: figure for figure in figures}


def test_a_ratio_is_judged_where_there_is_a_baseline_and_else_the_value() -> None:
    found = by_what(figures_of("w1", results(start=80, finding=1001)))
    start, finding = found["change on screen"], found["first finding"]
    assert (start.judged, start.is_missed) == (0.4, False)
    assert (finding.judged, finding.is_missed) == (1001, True)
    assert not found["line-down p99, while reviewers run"].is_missed


def test_the_most_memory_of_all_launches_counts() -> None:
    assert by_what(figures_of("w3", results(finding=131)))["peak memory of the tree"].is_missed


def test_a_workload_without_an_aim_is_only_told() -> None:
    found = figures_of("w2", results(finding=9000))
    assert not any(figure.is_missed for figure in found)


def test_a_figure_that_could_not_be_measured_is_missed() -> None:
    given = results()
    given["read"]["summary"]["keys"] = {}
    figure = by_what(figures_of("w1", given))["page-down p50, after"]
    assert figure.ours is None
    assert figure.is_missed
    assert "not measured" in plain(rows_of([figure], has_before=False))


@pytest.mark.parametrize("run", [{"clean": False}, {"clean": True, "error": "text never seen"}])
def test_a_launch_that_ended_badly_is_a_miss(run: dict[str, Any]) -> None:
    given = results()
    given["finding"]["runs"].append(run)
    assert by_what(figures_of("w1", given))["launches that ended badly"].ours == 1


def test_a_key_without_an_effect_is_a_miss() -> None:
    given = results()
    given["running"]["summary"]["keys"]["page"]["none"] = 1
    assert by_what(figures_of("w1", given))["keys without an effect"].is_missed


def test_hunk_is_a_line_only_where_it_ran() -> None:
    without, with_it = (figures_of("w1", results() | more) for more in ({}, {"hunk": subject()}))
    assert len(with_it) == len(without) + 1


def test_another_checkout_stands_beside_and_is_not_judged() -> None:
    given = results(BEFORE, start=9000) | results()
    figure = by_what(figures_of("w1", given))["change on screen"]
    assert (figure.before, figure.ours, figure.is_missed) == (9000, 50, False)
    table = markdown(rows_of([figure], has_before=True)).splitlines()
    assert table[0] == "|  | what | baseline | before | now | aim |  |"
    cells = "hello 200 ms | 9000 ms, 45.00× | 50.0 ms, 0.25× | ≤ 0.45× | met"
    assert table[2] == f"| w1 | change on screen | {cells} |"


def test_each_checkout_has_the_subjects_of_the_app_with_its_own_code() -> None:
    spec = spec_of(Plan(BENCH, BENCH, BENCH / "new", 1, before=BENCH / "old"))
    subjects = {one["name"]: one for one in spec["subject"]}
    assert {BEFORE + name for name in APP} | set(APP) | {"hello", "lazy", "hunk"} == set(subjects)
    assert subjects["start"]["env"]["PYTHONPATH"] == str(BENCH / "new")
    streaming = subjects[BEFORE + "running"]["on"]["w1"]
    assert streaming["env"]["PYTHONPATH"] == str(BENCH / "old")


def test_the_slow_model_speaks_of_lines_that_the_change_adds(tmp_path: Path) -> None:
    builder = Builder(tmp_path / "project")
    builder.write("a.py", "one = 1\n")
    builder.commit("first")
    builder.write("a.py", "one = 1\n\ntwo = 2\n")
    assert added_lines(str(tmp_path / "project")) == {"a.py": [(3, "two = 2")]}


def test_memory_that_a_child_shares_until_it_runs_its_program_counts_once() -> None:
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import os; os.fork(); os.write(1, b'%d\\n' % os.getpid()); input()",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with parent:
        assert parent.stdout is not None
        both = {int(parent.stdout.readline()) for _ in range(2)}
        assert own_programs(both) == [parent.pid]
        assert own_programs([os.getpid(), *both]) == [os.getpid(), parent.pid]
        for one in both:
            os.kill(one, signal.SIGKILL)
