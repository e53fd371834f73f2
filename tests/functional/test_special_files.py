"""Named pipes and devices where a file belongs: a sentence, no waiting, and no git left behind."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.functional.terminal import Terminal
from tests.repo.builder import Builder

READ_BY_GIT = (".gitignore", "deep/er/.gitattributes", ".gitattributes", ".git/info/exclude")


@pytest.fixture
def repository(tmp_path):
    made = Builder(tmp_path / "project")
    made.write("app.py", "import os\n")
    made.write("deep/er/b.py", "x = 1\n")
    made.commit("first")
    made.write("app.py", "import os\n\n\ndef f(x):\n    os.system(x)\n")
    made.write("deep/er/b.py", "x = 2\n")
    return made


@pytest.fixture
def program(tmp_path, repository) -> Program:
    return Program(tmp_path / "home", repository.top)


def pipe_at(path: Path) -> Path:
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    return path


def git_processes(folder: Path) -> list[str]:
    """The git processes that run in a folder."""
    listed = subprocess.run(
        ["ps", "-e", "-o", "pid=,stat=,comm="], capture_output=True, text=True, check=True
    ).stdout
    found: list[str] = []
    for row in listed.splitlines():
        pid, state, name = row.split(None, 2)
        try:
            place = Path(f"/proc/{pid}/cwd").readlink()
        except OSError:
            continue
        if name == "git" and not state.startswith("Z") and place == folder:
            found.append(row)
    return found


@pytest.mark.parametrize("name", READ_BY_GIT)
def test_git_waits_for_a_pipe_only_until_it_is_named(program, repository, name):
    pipe = pipe_at(repository.top / name)
    done = program.run("review")
    assert done.code == 2
    assert done.out == ""
    assert f"waits for {pipe}" in done.err
    assert "put a file in its place" in done.err
    assert git_processes(repository.top) == []


def test_the_app_names_the_pipe_and_leaves_no_git(repository, tmp_path):
    pipe_at(repository.top / ".gitignore")
    with Terminal(repository.top, home=tmp_path / "home") as terminal:
        terminal.wait_for("Press F to try again")
        assert "waits for" in terminal.text()
        terminal.type("q")
        terminal.wait_for_end()
    assert git_processes(repository.top) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_review_that_waits_for_git_can_be_interrupted(program, repository, number):
    pipe_at(repository.top / ".gitattributes")
    process = subprocess.Popen(
        program.command("review"),
        cwd=program.folder,
        env=program.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not git_processes(repository.top):
        assert process.poll() is None
    process.send_signal(number)
    out, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert out == ""
    assert "interrupted" in errors
    assert git_processes(repository.top) == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_git_ends_with_any_command_that_waits_for_it(program, repository, number, code):
    pipe_at(repository.top / ".git" / "config")
    process = subprocess.Popen(
        program.command("doctor"),
        cwd=program.folder,
        env=program.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not git_processes(repository.top):
        assert process.poll() is None
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == code, errors
    assert "Traceback" not in errors
    assert git_processes(repository.top) == []


def test_an_app_that_waits_for_git_can_be_left(repository, tmp_path):
    pipe_at(repository.top / ".gitattributes")
    with Terminal(repository.top, home=tmp_path / "home") as terminal:
        terminal.wait_for("Findings")
        terminal.type("\x03")
        terminal.wait_for_end()
    assert git_processes(repository.top) == []


@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_the_users_own_files_are_not_waited_for(program, repository, kind):
    for name in ("config.toml", "prices.toml"):
        path = program.config / name
        if kind == "pipe":
            os.mkfifo(path)
        elif kind == "device":
            path.symlink_to("/dev/zero")
        else:
            path.mkdir()
        done = program.run("models" if name == "prices.toml" else "review")
        assert done.code in (2, 3), done
        assert f"{path}: This isn't a file." in done.err + done.out
        path.rmdir() if kind == "folder" else path.unlink()


@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_a_theme_is_not_waited_for(program, repository, kind):
    folder = program.config / "themes"
    folder.mkdir()
    path = folder / "night.toml"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        path.mkdir()
    done = program.run("doctor")
    assert f"{path}: This isn't a file." in done.out
    done = program.run_on_terminal("--theme", "night", keys=b"q")
    assert "night" in done.out
    assert done.code == 2, done.out


@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_a_brief_is_not_waited_for(program, repository, tmp_path, kind):
    path = tmp_path / "brief"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        path.mkdir()
    done = program.run("prompt", "show", "--brief", f"@{path}")
    assert (done.code, done.out) == (2, "")
    assert "--brief: " in done.err
    assert str(path) in done.err


def test_a_brief_may_come_through_a_pipe(program, repository):
    words = " ".join(program.command("prompt", "show", "--reviewer", "claude"))
    program.command = lambda *_: ["bash", "-c", f"{words} --brief @<(sleep 0.2; echo the brief)"]
    done = program.run()
    assert done.code == 0, done.err
    assert "the brief" in done.out
