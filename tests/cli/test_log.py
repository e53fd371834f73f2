"""`xreview-tui log`, in real processes on real journals."""

import json
import sqlite3
from contextlib import closing

import pytest

from tests.cli.program import Program
from tests.journal.build import (
    ACCEPT,
    REJECT,
    append_of_newer_program,
    decided,
    event,
    noted,
    report,
    reported,
    undone,
)
from tests.journal.test_verify import tamper
from xreview.domain.change import ChangeKind
from xreview.domain.events.attempt_events import AttemptWritten, TrialStarted
from xreview.domain.events.carried import CarriedOver, CarriedState
from xreview.domain.events.event import (
    ConventionWritten,
    Event,
    FixAnswered,
    FixApplied,
    FixDiscarded,
    FixEnded,
    FixJudged,
    FixReverted,
    FixStarted,
    ReportReceived,
    SessionOpened,
)
from xreview.domain.fixing.fixer import FixerIdentity, FixerKind, FixerStatus
from xreview.domain.fixing.outcome import FixOutcome
from xreview.journal.store import Journal

CLAUDE = FixerIdentity("claude-code", FixerKind.AGENT, "anthropic", "claude-opus-5")
HOSTILE = "evil \x1b]52;c;aGk=\x07\nnext \u202eline"


def identity(repository) -> str:
    return str((repository.top / ".git").resolve())


def opened(session: str, day: int, title: str, repository: str) -> Event:
    payload = SessionOpened(ChangeKind.WORKTREE, title, None, None, "xreview-tui 0.1.0")
    at = f"2025-11-{day:02}T12:00:00.000000+00:00"
    return Event(f"{session}/opened", session, repository, at, "Ada <ada@example.com>", payload)


@pytest.fixture
def path(program: Program, repository):
    """Three sessions of the repository, and one of another."""
    path = program.data / "journal.sqlite3"
    here = {"repository": identity(repository)}
    with Journal.open(path) as journal:
        journal.append(
            [
                opened("aaaa1111", 1, "worktree against HEAD", **here),
                reported("r1", session="aaaa1111", **here),
                decided("d1", decision=ACCEPT, session="aaaa1111", **here),
                undone("u1", "d1", session="aaaa1111", **here),
                decided("d2", decision=REJECT, session="aaaa1111", **here),
                noted("n1", "f1", HOSTILE, session="aaaa1111", **here),
                opened("bbbb2222", 2, HOSTILE, **here),
                opened("cccc3333", 3, "commit " + "c" * 200, **here),
                opened("dddd4444", 4, "elsewhere", "/elsewhere/.git"),
            ]
        )
    return path


def test_list_shows_the_sessions_of_this_repository_newest_first(program: Program, path):
    done = program.run("log", "list", TZ="UTC")
    assert (done.code, done.err) == (0, "")
    heading, *rows = done.out.splitlines()
    assert heading.split() == ["SESSION", "OPENED", "CHANGE", "REPORTS", "DECISIONS"]
    assert [row.split()[0] for row in rows] == ["cccc3333", "bbbb2222", "aaaa1111"]
    assert rows[2].split()[1:3] == ["2025-11-01", "12:00"]
    assert rows[2].split()[-2:] == ["1", "2"]
    assert all(len(row) <= 80 for row in rows)
    assert "\x1b" not in done.out
    assert program.run("log", TZ="UTC").out == done.out


def test_list_all_and_as_json(program: Program, path):
    assert "/elsewhere/.git" in program.run("log", "list", "--all").out
    listed = json.loads(program.run("log", "list", "--json").out)
    assert [session["session"] for session in listed] == ["cccc3333", "bbbb2222", "aaaa1111"]
    assert listed[1]["title"] == HOSTILE
    assert listed[2]["opened_at"] == "2025-11-01T12:00:00.000000+00:00"
    everything = json.loads(program.run("log", "list", "--all", "--json").out)
    assert len(everything) == 4


def test_show_tells_what_happened_in_order(program: Program, path):
    done = program.run("log", "show", "aaaa", TZ="UTC")
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    told = [line.split("  ", 2)[-1].strip() for line in lines[lines.index("") + 2 :]]
    place = "shop/cart.py:12 SQL"
    for line, beginning in zip(
        told,
        ("opened: worktree", f"high {place}", f"accepted: fix: {place}", "undid: accepted: fix",
         f"rejected: intended: {place}", "noted “evil ␛]52"),
        strict=True,
    ):  # fmt: skip
        assert line.startswith(beginning), line
    assert "\x1b" not in done.out
    assert all(len(line) <= 80 for line in lines[lines.index("") :])


def test_show_tells_what_a_fix_did(program: Program, repository):
    here = {"repository": identity(repository), "session": "eeee5555"}
    again = ReportReceived(report(), CarriedOver(CarriedState.REGRESSED))
    facts = [
        FixStarted("x1", CLAUDE, "t", (("f1",),)),
        FixAnswered("x1", ("f1",), FixerStatus.FIXED_DIFFERENTLY, ("a.py",), HOSTILE, ""),
        FixJudged("x1", ("f1",), FixOutcome.TAMPERED, HOSTILE),
        FixEnded("x1", "t", 0.41, 12.2, "3 passed", "stopped"),
        FixApplied("a1", "x1", ("f1",), ("a.py", "b.py"), False),
        FixReverted("a1", "x1"),
        FixDiscarded("x1"),
        again,
    ]
    with Journal.open(program.data / "journal.sqlite3") as journal:
        first = opened("eeee5555", 5, "worktree", here["repository"])
        told = [event(f"e{n}", one, **here) for n, one in enumerate(facts)]
        journal.append([first, reported("r1", **here), *told])
    done = program.run("log", "show", "eeee", "--json")
    assert len(json.loads(done.out)["events"]) == len(facts) + 2
    done = program.run("log", "show", "eeee", TZ="UTC", COLUMNS="200")
    assert done.code == 0, done.err
    place = "shop/cart.py:12 SQL built from a string"
    for words in (
        "handed 1 finding to claude-code to fix",
        f"the fixer says fixed differently: {place}",
        f"fix judged tampered: {place} (evil ␛]52",
        "the fix ended after 12 s, $0.4100; 3 passed; stopped",
        "applied a part of the fix to 2 files",
        "undid: applied a part of the fix to 2 files",
        "discarded the fix",
        f"regressed: high {place}",
    ):
        assert words[:45] in done.out, words
    assert "\x1b" not in done.out
    assert "\u202e" not in done.out


def test_show_as_json_has_every_event_whole(program: Program, path):
    shown = json.loads(program.run("log", "show", "aaaa1111", "--json").out)
    assert [one["id"] for one in shown["events"]] == [
        "aaaa1111/opened", "r1", "d1", "u1", "d2", "n1",
    ]  # fmt: skip
    assert shown["events"][5]["payload"]["text"] == HOSTILE
    with Journal.open(path) as journal:
        assert shown["head"] == journal.heads()["aaaa1111"].head


def test_show_the_latest_and_of_any_repository_by_id(program: Program, path):
    assert "cccc3333" in program.run("log", "show").out
    assert "elsewhere" in program.run("log", "show", "dddd").out


def test_a_session_that_is_not_or_not_alone_is_a_sentence(program: Program, repository, path):
    done = program.run("log", "show", "zz")
    assert (done.code, done.out) == (2, "")
    assert "Session “zz” not found" in done.err
    with Journal.open(path) as journal:
        journal.append([opened("aaaa9999", 5, "x", identity(repository))])
    assert "matches 2 sessions" in program.run("log", "show", "aaaa").err


def test_verify_says_that_all_is_there(program: Program, path):
    done = program.run("log", "verify")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "9 events in 4 sessions: nothing was altered or lost.\n"
        "It continues from where it ended, at row 9.\n"
    )
    assert program.run("log", "verify", "aaaa").out.startswith("6 events in 1 session: nothing")
    assert json.loads(program.run("log", "verify", "--json").out)["ok"] is True


def test_verify_rebuilds_what_is_derived_when_it_is_told_to(program: Program, path):
    tamper(path, "DELETE FROM subjects")
    done = program.run("log", "verify")
    assert done.code == 3
    assert "log verify --rebuild" in done.out
    assert program.run("log", "verify", "--rebuild").code == 0
    assert program.run("log", "verify").code == 0
    refused = program.run("log", "verify", "--rebuild", "--archive", "x")
    assert refused.code == 2


def test_verify_names_the_bad_row_and_fails(program: Program, path):
    tamper(path, "UPDATE events SET actor = 'Eve' WHERE id = 'd1'")
    done = program.run("log", "verify")
    assert done.code == 3
    assert "Row 3: It was altered" in done.out
    assert "aaaa1111" in done.out
    (problem,) = json.loads(program.run("log", "verify", "--json").out)["problems"]
    assert (problem["row"], problem["session"]) == (3, "aaaa1111")
    assert program.run("log", "verify", "bbbb").code == 0
    assert program.run("log", "verify", "aaaa1111").code == 3


def test_prune_asks_somebody_or_does_nothing(program: Program, path):
    done = program.run("log", "prune", "--keep", "1")
    assert done.code == 2
    assert "no terminal to ask on" in done.err
    assert "aaaa1111" in done.out
    assert len(json.loads(program.run("log", "list", "--json").out)) == 3
    no = program.run_on_terminal("log", "prune", "--keep", "1", keys=b"n\n")
    assert no.code == 0
    assert "Move 2 sessions" in no.out
    assert "Nothing was changed" in no.out
    assert len(json.loads(program.run("log", "list", "--json").out)) == 3
    yes = program.run_on_terminal("log", "prune", "--keep", "1", keys=b"y\n")
    assert "Moved 2 sessions with 7 events" in yes.out
    assert len(json.loads(program.run("log", "list", "--json").out)) == 1


def test_prune_moves_what_is_old_to_a_file_that_can_be_checked(program: Program, path, tmp_path):
    out = tmp_path / "old.jsonl"
    done = program.run(
        "log", "prune", "--before", "2025-11-03", "--yes", "--output", str(out), TZ="UTC"
    )
    assert done.code == 0, done.err
    kept = json.loads(program.run("log", "list", "--all", "--json").out)
    assert {session["session"] for session in kept} == {"cccc3333", "dddd4444"}
    verified = program.run("log", "verify")
    assert verified.code == 0
    assert "Pruned to files: 2 sessions." in verified.out
    checked = program.run("log", "verify", "--archive", str(out))
    assert checked.code == 0, checked.err
    assert "7 events in 2 sessions" in checked.out
    assert "They were pruned from this journal" in checked.out
    out.write_text(out.read_text().replace("Ada", "Eve", 1))
    broken = program.run("log", "verify", "--archive", str(out))
    assert broken.code == 2
    assert "line 2" in broken.err


def test_prune_leaves_sessions_with_conventions(program: Program, repository, path):
    written = ConventionWritten("c1", "Floats are fine here.", ("f1",), "Ada")
    here = identity(repository)
    with Journal.open(path) as journal:
        journal.append([event("c1", written, session="aaaa1111", repository=here)])
    assert program.run("log", "prune", "--keep", "0", "--yes").code == 0
    (kept,) = json.loads(program.run("log", "list", "--json").out)
    assert kept["session"] == "aaaa1111"
    assert program.run("log", "prune", "--keep", "0", "--yes").out == ("No sessions to prune.\n")


def test_prune_writes_over_nothing(program: Program, path, tmp_path):
    out = tmp_path / "old.jsonl"
    out.write_text("mine")
    done = program.run("log", "prune", "--keep", "1", "--yes", "--output", str(out))
    assert done.code == 2
    assert "already exists" in done.err
    assert out.read_text() == "mine"
    assert len(json.loads(program.run("log", "list", "--json").out)) == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("prune",), "required"),
        (("prune", "--keep", "-1"), "isn't a number"),
        (("prune", "--keep", "x"), "isn't a number"),
        (("prune", "--before", "soon"), "isn't a date"),
        (("prune", "--before", "2025-01-01", "--keep", "1"), "not allowed with"),
        (("lst",), "Did you mean list?"),
        (("nothing",), "Use one of: list, show"),
        (("list", "--jsn"), "--jsn for `log list`"),
        (("list", "more"), "Unexpected argument"),
        (("verify", "aaaa", "--archive", "x"), "can't be combined"),
        (("verify", "--archive", "nowhere"), "can't be read"),
    ],
)
def test_wrong_usage_is_a_sentence(program: Program, path, words, said):
    done = program.run("log", *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_without_a_journal_nothing_is_made(program: Program):
    for command in ("list", "show", "verify"):
        done = program.run("log", command)
        assert done.code == 2
        assert "no journal yet" in done.err
    assert program.run("log", "path").out == f"{program.data / 'journal.sqlite3'}\n"
    assert not (program.data / "journal.sqlite3").exists()


def test_a_row_of_a_newer_program_is_counted_not_hidden(program: Program, path):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO events (id, session, repository, at, actor, type, version, payload,"
            " previous, hash) VALUES ('x', 'cccc3333', '', '', '', 'prophecy', 1, '{}', '', '')"
        )
    done = program.run("log", "show", "cccc")
    assert done.code == 0
    assert "1 event was written by a newer version of xreview-tui" in done.err


def test_events_of_a_newer_version_are_named_and_are_no_problem(program: Program, path):
    append_of_newer_program(path, "new1", reason="because")
    said = "1 event was written by a newer version of xreview-tui"
    done = program.run("log", "verify")
    assert (done.code, done.err) == (0, "")
    assert said in done.out
    assert json.loads(program.run("log", "verify", "--json").out)["newer"] == 1
    append_of_newer_program(path, "new2", version=99)
    doctor = json.loads(program.run("doctor", "--json").out)
    (check,) = [check for check in doctor["checks"] if check["name"] == "journal"]
    assert check["state"] == "note"
    assert "2 events were written by a newer version of xreview-tui" in check["advice"]


def test_show_tells_newer_events_from_altered_ones(program: Program, path):
    with Journal.open(path) as journal:
        journal.append([opened("eeee5555", 5, "newer", "/elsewhere/.git")])
    append_of_newer_program(path, "new1", session="eeee5555", version=99)
    done = program.run("log", "show", "eeee")
    assert done.code == 0
    assert "1 event was written by a newer version of xreview-tui" in done.err
    assert "altered" not in done.err


def with_attempts(path, repository) -> None:
    """Add a trial between the second and the third session, and the review of its attempt."""
    here = identity(repository)
    started = TrialStarted(
        *("tttt5555", "Limit the retries.\nAll of them.", "other", "a" * 40, "", (), "", (), "")
    )
    written = AttemptWritten("tttt5555", "A", "b" * 40, 0.1, 1.0)
    reviewed = SessionOpened(ChangeKind.ATTEMPT, "attempt A of: Limit", None, None, "xreview-tui")
    at = "2025-11-02T18:00:00.000000+00:00"
    rows = (("tttt5555", started), ("tttt5555", written), ("eeee6666", reviewed))
    with Journal.open(path) as journal:
        journal.append(
            [
                Event(f"attempts{number}", session, here, at, "Ada", payload)
                for number, (session, payload) in enumerate(rows)
            ]
        )


def test_a_trial_is_no_review_and_is_nowhere_taken_for_one(program: Program, repository, path):
    with_attempts(path, repository)
    listed = json.loads(program.run("log", "list", "--json").out)
    assert "tttt5555" not in {one["session"] for one in listed}
    shown = program.run("log", "show", "latest", "--json")
    assert '"cccc3333' in shown.out
    exported = program.run("export", "--session", "tttt5555")
    assert (exported.code, exported.out) == (2, "")
    assert "tttt5555" in exported.err
    for command in (("log", "stats"), ("log", "verify"), ("log", "list", "--all")):
        done = program.run(*command)
        assert done.code == 0, done.err
        assert "Limit the retries" not in done.out


@pytest.mark.parametrize(
    ("which", "left"),
    [
        (("--keep", "3"), {"tttt5555", "eeee6666", "aaaa1111", "bbbb2222", "cccc3333"}),
        (("--keep", "2"), {"tttt5555", "eeee6666", "bbbb2222", "cccc3333"}),
        (("--keep", "1"), {"cccc3333"}),
        (("--before", "2025-11-03"), {"cccc3333"}),
        (("--before", "2025-11-02"), {"tttt5555", "eeee6666", "bbbb2222", "cccc3333"}),
    ],
)
def test_a_trial_is_pruned_with_the_reviews_of_its_time(
    program: Program, repository, path, tmp_path, which, left
):
    with_attempts(path, repository)
    out = tmp_path / "old.jsonl"
    done = program.run("log", "prune", *which, "--yes", "--output", str(out), TZ="UTC")
    assert done.code == 0, done.err
    here = identity(repository)
    with Journal.open(path) as journal:
        there = {one.session for one in journal.events(repository=here)}
    # That something was pruned is an event of a session of its own.
    assert {one for one in there if len(one) == len("aaaa1111")} == left
    assert program.run("log", "verify").code == 0
