"""Programs and modules that lie in the reviewed repository are never run, whatever PATH says."""

import json
import os
import time
from collections.abc import Callable

import pytest

from tests.cli.program import Program
from tests.functional.terminal import PATIENCE, Terminal
from tests.repo.builder import Builder

NAMES = (
    "git", "claude", "codex", "gemini", "opencode", "vi", "ssh", "ssh-keygen", "ruff", "node",
    "npx", "uvx", "gpg", "gh", "sh", "env", "xdg-open", "less", "python3",
)  # fmt: skip
FOLDERS = ("", "sub", "node_modules/.bin", "sub/node_modules/.bin")
PATH = f".::node_modules/.bin:{{top}}/node_modules/.bin:{os.environ['PATH']}"


@pytest.fixture
def repository(tmp_path) -> Builder:
    made = Builder(tmp_path / "project")
    made.write("sub/app.py", "import os\n")
    for folder in FOLDERS:
        for name in NAMES:
            script = f'#!/bin/sh\necho "$0 $*" >> {tmp_path}/canary\n'
            made.write(f"{folder}/{name}".lstrip("/"), script, executable=True)
        for module in ("git", "httpx", "textual", "keyring", "ruff", "json"):
            text = f"open({str(tmp_path / 'canary')!r}, 'a').write('{module}.py')\n"
            made.write(f"{folder}/{module}.py".lstrip("/"), text)
    made.commit("first")
    made.write("sub/app.py", "import os\nprint(eval(input()))\n")
    made.commit("second")
    made.write("sub/app.py", "import os\nprint(eval(input()))\nexec(input())\n")
    return made


def ran(repository) -> str:
    canary = repository.top.parent / "canary"
    return canary.read_text() if canary.exists() else ""


def until(terminal: Terminal, is_so: Callable[[], bool]) -> None:
    """Let the app work until something is so."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, terminal.text()[-3000:]
        terminal.read(0.05)


@pytest.mark.parametrize("folder", [".", "sub"])
@pytest.mark.parametrize(
    "words",
    [("review",), ("review", "--commit", "HEAD"), ("doctor",), ("models",), ("who",)],
    ids=" ".join,
)
def test_no_command_runs_one(repository, tmp_path, folder, words):
    program = Program(tmp_path / "home", repository.top / folder)
    path = PATH.format(top=repository.top)
    done = program.run(*words, PATH=path, EDITOR="vi", PYTHONPATH="", PYTHONSAFEPATH="1")
    assert ran(repository) == ""
    assert "went wrong inside" not in done.err
    if words == ("review",):
        assert "app.py" in done.out
    if words == ("doctor",):
        assert str(repository.top) + "/git" not in done.out


def test_the_pythonpath_may_name_the_current_folder(repository, tmp_path):
    program = Program(tmp_path / "home", repository.top)
    done = program.run("review", "--commit", "HEAD", "--format", "json", PYTHONPATH=".")
    assert ran(repository) == ""
    assert json.loads(done.out)


@pytest.mark.parametrize("folder", [".", "sub"])
def test_the_app_runs_none_and_opens_the_users_own_editor(repository, tmp_path, folder):
    own = tmp_path / "own"
    own.mkdir()
    (own / "vi").write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/opened\n')
    (own / "vi").chmod(0o755)
    path = PATH.format(top=repository.top).removesuffix(os.environ["PATH"])
    extra = {"PATH": f"{path}{own}:{os.environ['PATH']}", "EDITOR": "vi"}
    with Terminal(repository.top / folder, home=tmp_path / "home", extra=extra) as terminal:
        terminal.wait_for("all read")
        terminal.type("o")
        until(terminal, lambda: (tmp_path / "opened").exists())
        terminal.type("q")
        terminal.wait_for_end()
    assert (tmp_path / "opened").read_text().startswith("+")
    assert ran(repository) == ""


def test_an_editor_that_is_the_repositorys_alone_is_not_found(repository, tmp_path):
    extra = {"PATH": PATH.format(top=repository.top), "EDITOR": "opencode"}
    with Terminal(repository.top, home=tmp_path / "home", extra=extra) as terminal:
        terminal.wait_for("all read")
        terminal.type("o")
        terminal.wait_for("isn't on PATH")
        terminal.type("q")
        terminal.wait_for_end()
    assert ran(repository) == ""


def test_an_editor_that_the_user_gives_by_its_path_is_the_users_choice(repository, tmp_path):
    extra = {"EDITOR": "./vi"}
    with Terminal(repository.top, home=tmp_path / "home", extra=extra) as terminal:
        terminal.wait_for("all read")
        terminal.type("o")
        until(terminal, lambda: bool(ran(repository)))
        terminal.type("q")
        terminal.wait_for_end()
    assert "/vi +" in ran(repository)
