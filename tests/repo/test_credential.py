"""git's credential helpers are the user's own; no repository's is run, and nobody is asked."""

import os
from pathlib import Path

import pytest

from tests.repo.builder import Builder
from xreview.repo.credential import fill_credential

ORIGIN = "https://git.example:8443"


@pytest.fixture
def helper(home: Path, tmp_path: Path) -> Path:
    """A helper of the user that notes what it was asked and in which environment."""
    file = tmp_path / "helper"
    file.write_text(
        f"#!/bin/sh\n{{ cat; pwd; env; }} > {tmp_path}/seen\n"
        "echo username=ada; echo password=of-git-1\n"
    )
    file.chmod(0o755)
    (home / "gitconfig").write_text(f"[credential]\n\thelper = {file}\n")
    return tmp_path / "seen"


def test_the_users_helper_is_asked_for_the_host(helper: Path, project: Builder):
    environ = {**os.environ, "GH_TOKEN": "of-env-1", "ANTHROPIC_API_KEY": "of-env-2"}
    assert fill_credential(ORIGIN, environ, project.top) == ("ada", "of-git-1")
    seen = helper.read_text()
    assert "protocol=https\nhost=git.example:8443\n" in seen
    assert "of-env" not in seen
    assert str(project.top) not in seen.replace(os.environ["PATH"], "")


def test_without_a_helper_nobody_is_asked(project: Builder):
    assert fill_credential(ORIGIN, os.environ, project.top) == ("", "")


def test_a_program_that_asks_is_not_run(home: Path, tmp_path: Path, project: Builder):
    ran = tmp_path / "ran"
    asking = tmp_path / "asking"
    asking.write_text(f"#!/bin/sh\ntouch {ran}\necho stolen\n")
    asking.chmod(0o755)
    (home / "gitconfig").write_text(f"[core]\n\taskPass = {asking}\n")
    environ = {**os.environ, "GIT_ASKPASS": str(asking), "SSH_ASKPASS": str(asking)}
    assert fill_credential(ORIGIN, environ, project.top) == ("", "")
    assert not ran.exists()


def test_the_repositorys_own_helper_is_not_run(
    tmp_path: Path, project: Builder, monkeypatch: pytest.MonkeyPatch
):
    ran = tmp_path / "ran"
    project.git("config", "credential.helper", f"!touch {ran}; echo password=stolen-1; echo")
    monkeypatch.chdir(project.top)
    environ = {**os.environ, "GIT_DIR": str(project.top / ".git")}
    assert fill_credential(ORIGIN, environ, project.top) == ("", "")
    assert not ran.exists()


def test_a_helper_for_another_host_is_not_believed(home: Path, tmp_path: Path, project: Builder):
    (home / "gitconfig").write_text(
        '[credential]\n\thelper = "!f() { echo host=evil.example; echo username=a; '
        'echo password=other-1; }; f"\n'
    )
    assert fill_credential(ORIGIN, os.environ, project.top) == ("", "")
