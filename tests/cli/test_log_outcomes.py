"""`xreview-tui log outcomes`, in real processes."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.cli.program import Program
from tests.domain.calibration.reviews import weighed
from tests.journal.build import decided, event, opened, report
from tests.review.aftermath.reviews import BASE, FIXED, WITH_TOTALS, moment_of_commit
from xreview.domain.change import ChangeKind
from xreview.domain.events.event import ReportReceived
from xreview.domain.identity.anchor import Anchor
from xreview.journal.store import Journal

PATH = "shop/cart.py"
HOSTILE = "b\x1b[2J.py"


@pytest.fixture
def filled(program: Program, repository) -> str:
    """A journal with a session that reviewed the last commit, with one finding that is rejected."""
    repository.write(PATH, BASE)
    base = repository.commit("Base")
    repository.write(PATH, WITH_TOTALS)
    repository.write(HOSTILE, "one = 1\n")
    head = repository.commit("Add totals")
    identity = str((repository.top / ".git").resolve())
    start = opened()
    payload = replace(start.payload, kind=ChangeKind.COMMIT, base=base, head=head)
    told = report("f1")
    place = Anchor(PATH, told.anchor.side, 11, 11, "        total += item.price")
    facts = [
        replace(start, payload=payload),
        weighed("w", "s1", {PATH: (2, ()), HOSTILE: (1, ())}),
        event("r", ReportReceived(replace(told, anchor=place))),
        decided("d", "f2"),
    ]
    at = moment_of_commit(repository, head)
    with Journal.open(program.data / "journal.sqlite3") as journal:
        journal.append([replace(fact, repository=identity, at=at) for fact in facts])
    return head


def outcomes(program: Program, *words: str) -> dict:
    done = program.run("log", "outcomes", "--json", *words)
    assert done.code == 0, done.err
    return json.loads(done.out)


def test_a_fix_is_recorded_once_and_counts_in_the_calibration(program, repository, filled) -> None:
    assert outcomes(program)["outcomes"] == []
    repository.write(PATH, FIXED)
    fix = repository.commit("fix: count items \x1b[2J")
    (one,) = outcomes(program)["outcomes"]
    assert (one["session"], one["kind"], one["commit"]) == ("s1", "fixed", fix)
    assert (one["path"], one["level"], one["findings"], one["is_new"]) == (PATH, 2, ["f1"], True)
    (again,) = outcomes(program)["outcomes"]
    assert again == {**one, "is_new": False}
    told = json.loads(program.run("log", "stats", "--json").out)["calibration"]
    by_level = {row["level"]: (row["wrong"]["count"], row["wrong"]["of"]) for row in told["levels"]}
    assert by_level == {1: (0, 1), 2: (1, 1), 3: (0, 0), 4: (0, 0), 5: (0, 0)}
    assert told["agreement"] == "unknown"
    assert program.run("log", "verify").code == 0


def test_the_table_says_what_each_outcome_means(program, repository, filled) -> None:
    repository.git("revert", "--no-edit", "HEAD")
    done = program.run("log", "outcomes", COLUMNS="100")
    assert done.code == 0, done.err
    assert "2 outcomes of 1 session, 2 of them new:" in done.out
    assert "reverted, 5 lines, 1 finding there" in done.out
    assert "\x1b" not in done.out
    row = next(row for row in done.out.splitlines() if PATH in row)
    assert row.split()[:2] == ["s1", "2"]
    stats = program.run("log", "stats").out
    assert "2 skim: 1 reverted" in stats
    assert "not enough decisions" in stats
    shown = program.run("log", "show", "s1").out
    assert "reverted" in shown


def test_older_sessions_are_left_out_on_request(program, repository, filled) -> None:
    repository.write(PATH, FIXED)
    repository.commit("fix: count items")
    tomorrow = datetime.now(UTC).date().isoformat()
    assert outcomes(program, "--since", tomorrow)["sessions"] == 0
    assert outcomes(program, "--since", "2023-01-01")["sessions"] == 1
    assert program.run("log", "outcomes", "--since", "soon").code == 2


def test_without_a_journal_or_a_repository_it_says_what_to_do(program, tmp_path) -> None:
    assert "There is no journal yet" in program.run("log", "outcomes").err
    (tmp_path / "bare").mkdir()
    done = program.run("log", "outcomes", "-C", str(tmp_path / "bare"))
    assert done.code == 2
    assert "isn't in a git repository" in done.err
