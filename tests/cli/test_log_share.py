"""`xreview-tui log push` and `log pull`, in real processes and with real repositories."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.journal.build import decided, opened
from tests.repo.builder import ACTOR, EMAIL, NAME
from tests.review.sharing.test_sharing import new_key
from xreview.domain.events.shared_event import path_of, shared_form
from xreview.journal.store import Journal
from xreview.review.sharing.confirmed import ConfirmedAddresses


@pytest.fixture
def bare(tmp_path) -> Path:
    folder = tmp_path / "shared.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(folder)], check=True)
    return folder


def write(program: Program, folder: Path, *events) -> None:
    identity = str((folder / ".git").resolve())
    with Journal.open(program.data / "journal.sqlite3") as journal:
        journal.append([replace(event, repository=identity) for event in events])


def ids(program: Program) -> set[str]:
    with Journal.open(program.data / "journal.sqlite3") as journal:
        return {event.id for event in journal.events()}


@pytest.fixture
def other(tmp_path, repository) -> Program:
    clone = repository.clone(tmp_path / "clone")
    return Program(tmp_path / "other home", clone.top)


def test_push_then_pull(program: Program, other: Program, repository, bare) -> None:
    write(program, repository.top, opened(), decided("d1", "f1"))
    pushed = program.run("log", "push", str(bare), "--yes")
    assert pushed.code == 0, pushed.err
    assert pushed.out == f"Sent 2 events to {bare}; the journal there now has 2.\n"
    assert str(bare) in pushed.err
    again = program.run("log", "push", str(bare))
    assert again.out == f"Nothing to send: {bare} has everything (2 events).\n"
    assert again.err == "", "it is asked about once"
    pulled = other.run("log", "pull", str(bare), "--yes")
    assert pulled.out.startswith("Received 1 proposal, supposedly by Ada <ada@example.com>")
    assert "Skipped 1 report or other event that no key you allow has signed" in pulled.err
    assert "gpg.ssh.allowedSignersFile" in pulled.err
    assert ids(other).isdisjoint(ids(program))
    listed = other.run("log", "proposals")
    assert "accepted: fix" in listed.out
    assert (
        json.loads(other.run("log", "proposals", "--json").out)[0]["by"] == "Ada <ada@example.com>"
    )
    assert other.run("log", "pull", str(bare)).out == f"Nothing new at {bare}.\n"
    verified = other.run("log", "verify")
    assert verified.code == 0, verified.err


def sign_with(program: Program, key: Path) -> None:
    own = Path(program.environ["GIT_CONFIG_GLOBAL"])
    with own.open("a") as file:
        file.write(f"[user]\n\tname = {NAME}\n\temail = {EMAIL}\n\tsigningKey = {key}\n")
        file.write("[gpg]\n\tformat = ssh\n")


def test_what_is_signed_counts_where_the_signer_is_allowed(
    program: Program, other: Program, repository, bare, tmp_path
) -> None:
    key = new_key(tmp_path / "key")
    sign_with(program, key)
    allowed = tmp_path / "allowed"
    allowed.write_text("ada@example.org " + key.with_name("key.pub").read_text())
    own = Path(other.environ["GIT_CONFIG_GLOBAL"])
    own.write_text(f'[gpg "ssh"]\n\tallowedSignersFile = {allowed}\n')
    made = [replace(one, actor=ACTOR) for one in (opened(), decided("d1", "f1"))]
    write(program, repository.top, *made)
    pushed = program.run("log", "push", str(bare), "--yes")
    assert pushed.out.startswith("Sent 2 events, signed to"), pushed
    pulled = other.run("log", "pull", str(bare), "--yes")
    assert pulled.out == f"Imported 2 events from {bare}, signed by {ACTOR}.\n", pulled
    assert ids(other) == ids(program)
    verified = program.run("log", "verify")
    assert "and from 1 pushed end" in verified.out, verified


def test_the_end_of_the_journal_is_signed(program: Program, repository, tmp_path) -> None:
    write(program, repository.top, opened(), decided("d1", "f1"))
    assert program.run("log", "sign").code == 3
    sign_with(program, new_key(tmp_path / "key"))
    with Path(program.environ["GIT_CONFIG_GLOBAL"]).open("a") as file:
        file.write("[user]\n\temail = ada@example.org\n")
    signed = program.run("log", "sign")
    assert signed.out == "Signed: the journal's 2 events up to row 2.\n", signed
    verified = program.run("log", "verify")
    assert "Its end at row 2 is signed by ada@example.org." in verified.out, verified
    sign_with(program, new_key(tmp_path / "another"))
    assert "isn't by a key you allow" in program.run("log", "verify").out


def test_nothing_is_done_unasked(program: Program, repository, bare) -> None:
    write(program, repository.top, decided("d1", "f1"))
    for command in ("push", "pull"):
        done = program.run("log", command, str(bare))
        assert done.code == 2
        assert f"{bare}, which you haven't confirmed. Use --yes" in done.err
    assert subprocess.run(["git", "-C", bare, "for-each-ref"], capture_output=True).stdout == b""
    pulled = program.run("log", "pull", str(bare), "--yes")
    assert "has no journal yet" in pulled.out
    assert program.run("log", "push", str(bare)).code == 2, "to pull is not to push"


@pytest.mark.parametrize(
    ("typed", "code"), [(b"push\n", 0), (b"\n", 2), (b"yes\n", 2), (b"pull\n", 2)]
)
def test_a_person_types_the_word(program: Program, repository, bare, typed, code) -> None:
    write(program, repository.top, decided("d1", "f1"))
    done = program.run_on_terminal("log", "push", str(bare), keys=typed)
    assert done.code == code
    assert f"go to {bare}" in done.out
    assert "Type push to continue" in done.out
    assert (program.run("log", "push", str(bare)).code == 0) == (code == 0)


def test_a_remotes_name_that_is_a_path_is_refused(program: Program, repository, bare) -> None:
    repository.git("remote", "add", "origin", str(bare))
    done = program.run("log", "push", "--yes")
    assert done.code == 2
    assert "use the path instead" in done.err


def test_hostile_addresses_and_names_are_shown_and_not_run(program: Program, repository) -> None:
    repository.git("config", "remote.origin.url", "ext::touch canary")
    for words in (
        ["push"],
        ["push", "ext::touch canary"],
        ["pull", "\x1b[2J"],
        ["pull", "nowhere"],
    ):
        done = program.run("log", *words, "--yes")
        assert done.code == 2, done
        assert "\x1b" not in done.err
    assert not list(repository.top.rglob("canary"))


def test_a_password_is_not_shown(program: Program, repository) -> None:
    repository.git("config", "remote.origin.url", "https://ada:hunter2@127.0.0.1:9/x")
    for words in (["push"], ["push", "--yes"], ["pull", "--yes"]):
        done = program.run("log", *words, GIT_TERMINAL_PROMPT="0")
        assert done.code in (2, 3)
        assert "ada:…@127.0.0.1" in done.err
        assert "hunter2" not in done.err + done.out
    state = b"".join(path.read_bytes() for path in program.data.rglob("*") if path.is_file())
    assert b"hunter2" not in state


def test_outside_a_repository(program: Program, tmp_path) -> None:
    done = program.run("-C", str(tmp_path), "log", "push")
    assert done.code == 2
    assert "isn't in a git repository" in done.err


def test_the_users_own_ssh_is_used(program: Program, repository, bare, tmp_path) -> None:
    ssh = tmp_path / "my ssh"
    ssh.write_text(
        "#!/bin/sh\nfor last; do :; done\n"
        f'exec sh -c "$(echo "$last" | sed "s|/shared.git|{tmp_path}/elsewhere.git|")"\n'
    )
    ssh.chmod(0o755)
    (program.home / "gitconfig").write_text(f"[core]\n\tsshCommand = \"'{ssh}'\"\n")
    repository.git("config", "remote.origin.url", "ssh://git@example.invalid/shared.git")
    bare.rename(tmp_path / "elsewhere.git")
    write(program, repository.top, decided("d1", "f1"))
    done = program.run("log", "push", "--yes")
    assert done.code == 0, done.err
    assert "Sent 1 event to ssh://git@example.invalid/shared.git" in done.out


def test_what_was_agreed_to_is_kept_by_repository_direction_and_address(tmp_path) -> None:
    path = tmp_path / "state" / "confirmed"
    ConfirmedAddresses(path, "/a").remember("push", ["https://x:secret@y/"])
    assert "secret" not in path.read_text()
    assert path.stat().st_mode & 0o077 == 0
    again = ConfirmedAddresses(path, "/a")
    assert again.unknown("push", ["https://x:secret@y/", "https://z/"]) == ["https://z/"]
    assert again.unknown("pull", ["https://x:secret@y/"]) == ["https://x:secret@y/"]
    assert ConfirmedAddresses(path, "/b").unknown("push", ["https://x:secret@y/"])


def test_hostile_text_of_others_does_not_reach_the_terminal(
    program: Program, other: Program, repository, bare
) -> None:
    event = replace(decided("d1", "f1"), actor="\x1b]52;c;aGk=\x07evil")
    assert path_of(event, shared_form(event))
    write(program, repository.top, event)
    assert program.run("log", "push", str(bare), "--yes").code == 0
    pulled = other.run("log", "pull", str(bare), "--yes")
    assert "evil" in pulled.out
    assert "\x1b" not in pulled.out


def test_a_push_is_signed_as_the_user_says_and_by_no_program_of_the_repository(
    program: Program, repository, bare, tmp_path
) -> None:
    key, canary, script = tmp_path / "key", tmp_path / "canary", tmp_path / "script"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    script.write_text(f"#!/bin/sh\ntouch '{canary}'\nexit 1\n")
    script.chmod(0o755)
    for name in ("gpg.program", "gpg.ssh.program", "gpg.ssh.defaultKeyCommand", "gpg.x509.program"):
        repository.git("config", name, str(script))
    own = Path(program.environ["GIT_CONFIG_GLOBAL"])
    with own.open("a") as file:
        file.write(f"[user]\n\tname = {NAME}\n\temail = {EMAIL}\n\tsigningKey = {key}\n")
        file.write("[gpg]\n\tformat = ssh\n")
        file.write("[commit]\n\tgpgSign = true\n")
    write(program, repository.top, opened(), decided("d1", "f1"))
    pushed = program.run("log", "push", str(bare), "--yes")
    assert pushed.code == 0, pushed.err
    commit = subprocess.run(
        ["git", "-C", str(bare), "cat-file", "commit", "refs/xreview/journal"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "-----BEGIN SSH SIGNATURE-----" in commit
    assert not canary.exists()
    assert "gpg.ssh.program" in pushed.err, "that it is not used is said"
