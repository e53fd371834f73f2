"""Where a token is found, in which order, and what the programs that are asked get to see."""

import os
from pathlib import Path

import pytest

from xreview.domain.errors import ConfigError
from xreview.domain.pull.address import ForgeHost, ForgeKind
from xreview.forge.tokens import programs
from xreview.forge.tokens.finding import find_token
from xreview.forge.tokens.netrc_file import netrc_login, why_not_netrc

GITHUB = ForgeHost(ForgeKind.GITHUB, "https://github.com")
GITLAB = ForgeHost(ForgeKind.GITLAB, "https://gitlab.com")


class Machine:
    """A home with programs, a netrc file, and what git's helpers would say."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.bin = folder / "bin"
        self.work = folder / "work"
        for one in (self.home, self.bin, self.work):
            one.mkdir()
        self.said = ("", "")
        self.asked: list[str] = []
        path = os.pathsep.join((str(self.bin), "/usr/bin", "/bin"))
        self.environ = {"HOME": str(self.home), "PATH": path}

    def program(self, name: str, script: str, folder: Path | None = None) -> None:
        file = (folder or self.bin) / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)

    def netrc(self, text: str, mode: int = 0o600) -> Path:
        file = self.home / ".netrc"
        file.write_text(text)
        file.chmod(mode)
        return file

    def fill(self, origin: str, environ: object, folder: Path) -> tuple[str, str]:
        self.asked.append(origin)
        return self.said

    def found(self, host: ForgeHost = GITHUB, **environ: str) -> tuple[str, str, str] | None:
        token = find_token(host, self.environ | environ, self.work, self.fill)
        return (token.source, token.secret.reveal(), token.user) if token else None


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_each_place_comes_after_the_one_before(machine: Machine):
    machine.netrc("machine github.com login ada password of-netrc\n")
    assert machine.found() == ("~/.netrc", "of-netrc", "ada")
    machine.said = ("bob", "of-git")
    assert machine.found() == ("git credential", "of-git", "bob")
    machine.program("gh", "echo of-gh")
    assert machine.found() == ("gh auth token", "of-gh", "")
    assert machine.found(GH_TOKEN="of-env") == ("$GH_TOKEN", "of-env", "")


def test_nothing_is_found_on_a_bare_machine(machine: Machine):
    assert machine.found() is None
    assert machine.asked == ["https://github.com"]
    assert find_token(GITHUB, {}, machine.work, machine.fill) is None


def test_gh_is_asked_for_the_host_without_tokens_terminal_or_place(machine: Machine):
    seen = machine.home / "seen"
    machine.program("gh", f'{{ echo "$@"; pwd; env; }} > {seen}; read x || echo of-gh')
    secrets = {"GH_ENTERPRISE_TOKEN": "e-1", "GITLAB_TOKEN": "l-1", "OPENAI_API_KEY": "k-1"}
    host = ForgeHost(ForgeKind.GITHUB, "https://git.example")
    assert machine.found(host, **secrets) == ("gh auth token", "of-gh", "")
    words, place, *environment = seen.read_text().splitlines()
    assert words == "auth token --hostname git.example"
    assert not Path(place).is_relative_to(machine.work)
    assert not any(secret in row for row in environment for secret in secrets.values())


def test_glab_is_asked_for_the_host(machine: Machine):
    machine.program("glab", 'test "$*" = "config get token --host gitlab.com" && echo of-glab')
    assert machine.found(GITLAB) == ("glab config get token", "of-glab", "")


def test_what_glab_has_for_every_host_is_of_none(machine: Machine):
    own = 'test "$5" = gitlab.com && echo of-gitlab || echo of-any-host'
    machine.program("glab", own)
    assert machine.found(GITLAB) == ("glab config get token", "of-gitlab", "")
    assert machine.found(ForgeHost(ForgeKind.GITLAB, "https://git.example")) is None


@pytest.mark.parametrize(
    "script", ["echo Usage: gh auth token; exit 0", "echo no; exit 1", "exit 0", "printf '\\377'"]
)
def test_what_is_no_token_counts_as_none(machine: Machine, script: str):
    machine.program("gh", script)
    assert machine.found() is None


def test_a_program_that_hangs_is_ended(machine: Machine, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(programs, "SECONDS", 0.2)
    machine.program("gh", "sleep 1000 & sleep 1000")
    assert machine.found() is None


def test_a_program_of_the_checkout_is_not_run(machine: Machine):
    (machine.work / ".git").mkdir()
    ran = machine.home / "ran"
    machine.program("gh", f"touch {ran}; echo stolen", machine.work / "bin")
    path = os.pathsep.join((str(machine.work / "bin"), "bin", ".", machine.environ["PATH"]))
    assert machine.found(PATH=path) is None
    assert not ran.exists()


def test_netrc_gives_nothing_by_default_entry_or_for_another_host(machine: Machine):
    machine.netrc(
        "machine gitlab.com login a password of-gitlab\ndefault login b password of-anyone\n"
    )
    assert machine.found() is None
    assert machine.found(GITLAB) == ("~/.netrc", "of-gitlab", "a")


def test_netrc_knows_githubs_other_name(machine: Machine):
    machine.netrc("machine api.github.com login a password of-api\n")
    assert machine.found() == ("~/.netrc", "of-api", "a")


def test_another_file_can_be_named(machine: Machine, tmp_path: Path):
    file = tmp_path / "other"
    file.write_text("machine github.com login a password of-other\n")
    file.chmod(0o600)
    assert machine.found(NETRC=str(file)) == ("$NETRC", "of-other", "a")
    assert machine.found(NETRC="other") is None


@pytest.mark.parametrize("mode", [0o644, 0o660, 0o604])
def test_a_file_that_others_can_read_is_not_read(machine: Machine, mode: int):
    file = machine.netrc("machine github.com login a password x1234567\n", mode)
    assert machine.found() is None
    assert "chmod 600" in why_not_netrc(file)


def test_a_malformed_or_odd_file_gives_nothing(machine: Machine, tmp_path: Path):
    machine.netrc("machine github.com login\nbogus x")
    assert machine.found() is None
    assert netrc_login("github.com", tmp_path) == ("", "")
    assert netrc_login("github.com", tmp_path / "missing") == ("", "")
    large = machine.netrc("machine github.com login a password b\n" + "#" * 70_000)
    assert netrc_login("github.com", large) == ("", "")
    os.mkfifo(tmp_path / "pipe", 0o600)
    assert netrc_login("github.com", tmp_path / "pipe") == ("", "")


def test_what_can_not_be_a_token_is_named_and_not_shown(machine: Machine):
    with pytest.raises(ConfigError, match=r"The token from \$GH_TOKEN for github\.com") as refused:
        machine.found(GH_TOKEN="very-secret-1\u00e9")
    assert "very-secret" not in str(refused.value)


def test_no_token_is_shown(machine: Machine):
    machine.netrc("machine github.com login ada password very-secret-1\n")
    token = find_token(GITHUB, machine.environ, machine.work, machine.fill)
    assert token is not None
    assert "very-secret-1" not in repr(token) + str(token)
