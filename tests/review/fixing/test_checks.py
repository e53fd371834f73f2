"""Running the user's checks: real processes, ended with everything that they start."""

import asyncio
import os
import time
from pathlib import Path

import pytest

from xreview.review.fixing.checks import KEPT_BYTES, CheckRunner, check_environment

ENVIRON = {"PATH": os.environ["PATH"], "HOME": "/nowhere"}


@pytest.fixture
def runner() -> CheckRunner:
    return CheckRunner(ENVIRON, seconds=20)


async def test_a_check_runs_in_the_folder_through_a_shell(runner, tmp_path):
    (tmp_path / "a.txt").write_text("there")
    run = await runner.run("cat a.txt && echo wrong >&2; exit 3", tmp_path)
    assert (run.code, run.is_green, run.trouble) == (3, False, "")
    assert "there" in run.output
    assert "wrong" in run.output
    assert run.command == "cat a.txt && echo wrong >&2; exit 3"


async def test_tests_are_counted(runner, tmp_path):
    run = await runner.run(
        "echo 'FAILED a.py::t - no'; echo '1 failed, 4 passed in 0.1s'", tmp_path
    )
    assert (run.failed, run.passed, run.code) == (("a.py::t",), 4, 0)


async def test_the_end_of_much_output_is_kept(runner, tmp_path):
    line = "x" * 99
    run = await runner.run(f"yes {line} | head -n 200000; echo the end", tmp_path)
    assert len(run.output) <= KEPT_BYTES
    assert run.output.endswith("the end\n")


async def test_a_slow_check_is_ended_with_its_children(tmp_path):
    command = "sleep 300 & echo $! > child; (setsid sleep 300 & echo $! > other); sleep 300"
    begin = time.monotonic()
    run = await CheckRunner(ENVIRON, seconds=1).run(command, tmp_path)
    assert time.monotonic() - begin < 15
    assert run.code is None
    assert run.trouble == "it took longer than 1 seconds"
    assert not any(is_running(tmp_path / name) for name in ("child", "other"))


async def test_cancelling_ends_it(runner, tmp_path):
    task = asyncio.create_task(
        runner.run("trap '' TERM; sleep 300 & echo $! > child; wait", tmp_path)
    )
    await asyncio.to_thread(wait_for, tmp_path / "child")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not is_running(tmp_path / "child")


def wait_for(file: Path) -> None:
    while not file.exists() or not file.read_text():
        time.sleep(0.02)


def is_running(file: Path) -> bool:
    state = Path("/proc") / file.read_text().strip() / "stat"
    try:
        return state.read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def test_a_background_process_that_holds_the_output_does_not_block(runner, tmp_path):
    begin = time.monotonic()
    run = await runner.run("sleep 300 & echo $! > child; echo done", tmp_path)
    assert time.monotonic() - begin < 10
    assert (run.code, run.output) == (0, "done\n")
    assert not is_running(tmp_path / "child")


async def test_a_folder_that_is_gone(runner, tmp_path):
    run = await runner.run("true", tmp_path / "gone")
    assert run.code is None
    assert "can't be started" in run.trouble


async def test_a_check_reads_nothing_from_the_terminal(runner, tmp_path):
    assert (await runner.run("cat", tmp_path)).code == 0


def test_keys_tokens_and_git_variables_stay_out(tmp_path):
    given = {
        "OPENAI_API_KEY": "k",
        "ANTHROPIC_API_KEY": "k",
        "GEMINI_API_KEY": "k",
        "OPENROUTER_API_KEY": "k",
        "GH_TOKEN": "k",
        "GITLAB_TOKEN": "k",
        "SSH_AUTH_SOCK": "k",
        "MY_KEY": "k",
        "GIT_DIR": "/x/.git",
        "GIT_INDEX_FILE": "/x",
        "DATABASE_URL": "postgres://localhost/test",
        "PATH": "/bin",
    }
    kept = check_environment(given, tmp_path, {"MY_KEY"})
    assert "k" not in kept.values()
    assert not [name for name in kept if name.startswith("GIT_")]
    assert kept["DATABASE_URL"] == given["DATABASE_URL"]
    assert kept["TMPDIR"] == str(tmp_path)


async def test_compiled_python_of_the_old_code_does_not_count(runner, tmp_path):
    code = tmp_path / "m.py"
    code.write_text("x = 1\n")
    os.utime(code, (1_700_000_000, 1_700_000_000))
    check = "python3 -c 'import m, sys; sys.exit(m.x)'"
    assert (await runner.run(check, tmp_path)).code == 1
    code.write_text("x = 2\n")
    os.utime(code, (1_700_000_000, 1_700_000_000))
    assert (await runner.run(check, tmp_path)).code == 2
    assert not (tmp_path / "__pycache__").exists()


def test_temporary_files_are_gone_afterwards(runner, tmp_path):
    run = asyncio.run(runner.run('echo x > "$TMPDIR/a"; echo "$TMPDIR"', tmp_path))
    assert not Path(run.output.strip()).exists()
