"""Running git: streaming, complaints, and the end."""

import os
import threading

import pytest

from xreview.domain.errors import ChangeError
from xreview.repo.hardened.environment import GIT_PROGRAM, hardened_environment, with_settings
from xreview.repo.hardened.process import CHUNK_BYTES, GitProcess


@pytest.fixture
def start(tmp_path, monkeypatch):
    """Start a script in git's place."""

    def start(script: str, **options) -> GitProcess:
        program = tmp_path / "git"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        environment = {"PATH": os.environ["PATH"], GIT_PROGRAM: str(program)}
        return GitProcess(["diff"], tmp_path, environment, **options)

    return start


def test_a_stream_comes_in_chunks(start):
    process = start("head -c 300000 /dev/zero")
    sizes = [len(chunk) for chunk in process.chunks()]
    assert sum(sizes) == 300_000
    assert max(sizes) <= CHUNK_BYTES


def test_many_complaints_do_not_block_the_stream(start):
    process = start("head -c 1000000 /dev/zero >&2; echo done")
    assert b"".join(process.chunks()) == b"done\n"


def test_a_failed_stream_raises_after_what_it_gave(start):
    chunks = start("echo some; echo 'warning: w' >&2; echo 'fatal: no good' >&2; exit 128").chunks()
    assert next(chunks) == b"some\n"
    with pytest.raises(ChangeError, match="`git diff` failed: no good") as refusal:
        next(chunks)
    assert refusal.value.advice


def test_a_killed_git_is_no_end_of_the_change(start):
    with pytest.raises(ChangeError):
        list(start("echo some; kill -9 $$").chunks())


def test_closing_from_another_thread_ends_the_stream(start):
    process = start("echo some; exec sleep 60")
    closer = threading.Timer(0.1, process.close)
    closer.start()
    assert list(process.chunks()) == [b"some\n"]
    closer.join()
    process.close()


def test_a_git_that_ignores_the_end_is_killed(start, monkeypatch):
    monkeypatch.setattr("xreview.repo.hardened.process._GRACE_SECONDS", 0.1)
    process = start("trap '' TERM; echo ready; while :; do sleep 0.05; done")
    assert process._process.stdout.readline() == b"ready\n"
    process.close()
    assert process._process.returncode == -9


def test_an_answer_that_does_not_come(start):
    with pytest.raises(ChangeError, match=r"no answer within 0\.1 seconds"):
        start("exec sleep 60").finish(0.1)


def test_input_is_given(start):
    assert start("cat", input=b"words").finish().output == b"words"


def test_input_nobody_reads_is_no_error(start):
    assert start("exit 3", input=b"words" * 20_000).finish().code == 3


def test_the_environment_is_hardened(tmp_path):
    environ = {
        "PATH": "/bin:.:relative::/usr/bin",
        "HOME": "/home/ada",
        "LC_MESSAGES": "de",
        "GIT_DIR": "x/.git",
        "GIT_INDEX_FILE": ".git/index",
        "GIT_EXTERNAL_DIFF": "evil",
        "GIT_TRACE": "1",
        "GIT_CONFIG_COUNT": "2",
        "GIT_CONFIG_KEY_0": "safe.directory",
        "GIT_CONFIG_VALUE_0": "*",
        "GIT_CONFIG_PARAMETERS": "'user.name'='A '\\''B'\\''' 'x.y=z' 'x.flag'",
    }
    result = hardened_environment(environ, tmp_path)
    assert result["PATH"] == "/bin:/usr/bin"
    assert result["GIT_DIR"] == str(tmp_path / "x/.git")
    assert result["GIT_INDEX_FILE"] == ".git/index"
    assert not {"GIT_EXTERNAL_DIFF", "GIT_TRACE", "GIT_CONFIG_PARAMETERS", "LC_MESSAGES"} & set(
        result
    )
    count = int(result["GIT_CONFIG_COUNT"])
    pairs = [
        (result[f"GIT_CONFIG_KEY_{index}"], result[f"GIT_CONFIG_VALUE_{index}"])
        for index in range(count)
    ]
    assert pairs[:4] == [
        ("safe.directory", "*"),
        ("user.name", "A 'B'"),
        ("x.y", "z"),
        ("x.flag", "true"),
    ]
    assert pairs.index(("core.hooksPath", "/dev/null")) > 3
    more = with_settings(result, [("a.b", "c")])
    assert (more["GIT_CONFIG_COUNT"], more[f"GIT_CONFIG_KEY_{count}"]) == (str(count + 1), "a.b")


def test_work_that_can_wait_leaves_the_processor_to_the_app(start):
    process = start("read line; nice", input=b"go\n")
    process.give_way()
    assert int(process.finish().output) == os.getpriority(os.PRIO_PROCESS, 0) + 10


def test_an_ended_process_has_no_way_to_give(start):
    process = start("true")
    process.finish()
    process.give_way()
