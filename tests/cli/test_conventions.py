"""`xreview-tui conventions`, in real processes."""

import json
import tomllib
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.journal.build import opened, report
from tests.repo.builder import ACTOR, EMAIL, NAME
from xreview.domain.events.event import ConventionWritten, Event, ProposalReceived, ReportReceived
from xreview.domain.events.shared_event import shared_form
from xreview.journal.store import Journal
from xreview.repo.repository import find_repository

OWNER = "Ada <ada@example.com>"


@pytest.fixture
def remembered(program: Program) -> Program:
    """Two conventions of this repository, one of another."""
    identity = find_repository(program.folder).identity
    said = (
        (identity, "s1", ReportReceived(report())),
        (identity, "s1", ConventionWritten("abc1", "Carts may.", ("f1",), OWNER, "/shop/")),
        (identity, "s1", ConventionWritten("abd2", "Evil \x1b[2J\u202e.", (), OWNER)),
        ("other", "s2", ConventionWritten("zzz", "Not ours.", (), OWNER)),
    )
    with Journal.open(program.data / "journal.sqlite3") as journal:
        journal.append([opened("s1", repository=identity)])
        journal.append(
            [
                Event(str(n), session, repository, "2026-01-01T00:00:00.000000+00:00", OWNER, one)
                for n, (repository, session, one) in enumerate(said)
            ]
        )
    return program


def listed(program: Program) -> list[dict]:
    return json.loads(program.run("conventions", "list", "--json").out)


def test_list_says_what_holds_where_who_said_so_and_when(remembered: Program) -> None:
    done = remembered.run("conventions", "list")
    assert done.code == 0
    assert "abc1  Carts may." in done.out
    assert "/shop/ · S608 · Ada <ada@example.com>, 2026-01-01" in done.out
    assert "everywhere" in done.out
    assert "Not ours" not in done.out
    assert not {"\x1b", "\u202e"} & set(done.out)


def test_list_as_json(remembered: Program) -> None:
    first, second = listed(remembered)
    assert first == {
        "id": "abc1",
        "sentence": "Carts may.",
        "owner": OWNER,
        "at": "2026-01-01T00:00:00.000000+00:00",
        "path_pattern": "/shop/",
        "subjects": ["f1"],
        "claims": ["S608"],
    }
    assert second["path_pattern"] == ""


def test_nothing_remembered_is_said(program: Program) -> None:
    assert "No conventions yet" in program.run("conventions", "list").out
    assert listed(program) == []


def test_edit_by_options(remembered: Program) -> None:
    done = remembered.run(
        "conventions", "edit", "abc", "--sentence", "Carts\nmay so.", "--path", "/shop/**/cart*"
    )
    assert done.code == 0
    first = listed(remembered)[0]
    assert (first["sentence"], first["path_pattern"]) == ("Carts may so.", "/shop/**/cart*")
    assert first["subjects"] == ["f1"]
    assert first["at"] > "2026-01-01T00:00:01"


def test_edit_in_the_editor(remembered: Program) -> None:
    editor = remembered.home / "editor.sh"
    editor.write_text('#!/bin/sh\nprintf "By editor." > "$1"\n')
    editor.chmod(0o755)
    assert remembered.run("conventions", "edit", "abc1", EDITOR=str(editor)).code == 0
    assert listed(remembered)[0]["sentence"] == "By editor."
    unchanged = remembered.run("conventions", "edit", "abc1", EDITOR="true")
    assert "No changes" in unchanged.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("edit", "abc1"), "$EDITOR"),
        (("edit", "abc1", "--sentence", "  "), "needs a sentence"),
        (("edit", "abc1", "--sentence", "x" * 501), "501 characters"),
        (("edit", "abc1", "--path", "[a"), "unclosed"),
        (("edit", "ab", "--sentence", "x"), "Several conventions match"),
        (("edit", "nope", "--sentence", "x"), "No convention matches"),
        (("edit",), "needs an ID"),
        (("remove",), "needs an ID"),
        (("list", "abc1"), "`list` doesn't accept an ID"),
        (("export", "--json"), "`export` doesn't accept --json"),
        (("lits",), "Did you mean list?"),
    ],
)
def test_what_can_not_be_done_is_refused_with_a_sentence(remembered, words, said) -> None:
    before = listed(remembered)
    done = remembered.run("conventions", *words)
    assert done.code == 2
    assert said in done.err
    assert listed(remembered) == before


def test_an_editor_that_fails_changes_nothing(remembered: Program) -> None:
    for editor in ("false", "/nowhere/editor"):
        assert remembered.run("conventions", "edit", "abc1", EDITOR=editor).code == 2
    assert listed(remembered)[0]["sentence"] == "Carts may."


def test_what_is_removed_no_longer_holds_and_stays_in_the_journal(remembered: Program) -> None:
    done = remembered.run("conventions", "remove", "abc1")
    assert (done.code, "Carts may." in done.out) == (0, True)
    assert [one["id"] for one in listed(remembered)] == ["abd2"]
    with Journal.open(remembered.data / "journal.sqlite3") as journal:
        types = [event.payload.type for event in journal.events()]
        assert journal.verify() == []
    assert types[-1] == "convention-removed"
    assert types.count("convention-written") == 3


def test_export_adds_to_the_repositorys_file_once(remembered: Program, repository) -> None:
    repository.write(".xreview.toml", '# ours\nfail_on = "high"\n')
    assert "2 conventions added" in remembered.run("conventions", "export").out
    assert "0 conventions added" in remembered.run("conventions", "export").out
    text = (repository.top / ".xreview.toml").read_text()
    assert text.startswith('# ours\nfail_on = "high"\n')
    assert tomllib.loads(text)["conventions"][0] == "Carts may."
    assert not {"\x1b", "\u202e"} & set(text)
    assert remembered.run("config", "show").code == 0


def test_export_from_a_subfolder_writes_the_file_at_the_top(remembered, repository) -> None:
    (repository.top / "sub").mkdir()
    assert remembered.run("conventions", "export", "-C", "sub").code == 0
    assert (repository.top / ".xreview.toml").exists()


def test_export_follows_no_link_and_spoils_no_broken_file(remembered, repository) -> None:
    target = remembered.home / "target.toml"
    target.write_text("# mine\n")
    file = repository.top / ".xreview.toml"
    file.symlink_to(target)
    done = remembered.run("conventions", "export")
    assert (done.code, "symbolic link" in done.err) == (2, True)
    assert target.read_text() == "# mine\n"
    file.unlink()
    file.write_text("conventions = [\n")
    assert remembered.run("conventions", "export").code == 2
    assert file.read_text() == "conventions = [\n"


def test_outside_of_a_repository_there_are_none(program: Program) -> None:
    done = program.run("conventions", "list", "-C", str(program.home))
    assert done.code == 2
    assert "repository" in done.err


def test_a_convention_that_is_proposed_holds_when_it_is_taken_and_not_before(
    program: Program,
) -> None:
    own = Path(program.environ["GIT_CONFIG_GLOBAL"])
    own.write_text(f"[user]\n\tname = {NAME}\n\temail = {EMAIL}\n")
    identity = find_repository(program.folder).identity
    written = ConventionWritten("c1", "Carts \x1b[2J may.", ("f1",), "Bob <b@x>", "/shop/")
    made = Event("e1", "s", "", "2026-01-01T00:00:00.000000+00:00", "Bob <b@x>", written)
    received = ProposalReceived(shared_form(made).decode().strip(), ("f1",), "", "unsigned", "/r")
    with Journal.open(program.data / "journal.sqlite3") as journal:
        journal.append([Event("p", "pull", identity, made.at, "me", received)])
    shown = program.run("conventions", "list").out
    assert "No conventions yet" in shown
    assert "proposed by Bob: convention “Carts" in shown
    assert "\x1b" not in shown
    assert listed(program) == []
    taken = program.run("conventions", "take", "e1")
    assert taken.code == 0, taken
    (convention,) = listed(program)
    assert convention["owner"] == ACTOR
    assert convention["path_pattern"] == "/shop/"
    assert "proposed" not in program.run("conventions", "list").out
    assert program.run("conventions", "take", "e1").code == 2
