"""No agent runs, obeys or gives away anything of a hostile repository: the real programs."""

import asyncio
import json
import os
import shutil
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.agents.hostile import HEADER, INSTRUCTION, SECRET, Hostile, hostile_repository
from tests.agents.real import (
    ALL,
    CLAUDE,
    CODEX,
    GEMINI,
    KEY,
    OPENCODE,
    OTHER_KEY,
    Real,
    codex_at,
    environment,
    model_of,
    program_folder,
    signals_of,
)
from tests.fakes.provider_server import anthropic
from tests.fakes.provider_server.server import ProviderServer
from tests.models.requests import FULL
from xreview.agents.base.agent import ReadableFolder
from xreview.ports.model import Finished, Stop

ANSWER = '{"findings": ["x"]}'
_SECONDS = 90.0


@pytest.fixture(params=ALL, ids=lambda real: real.name)
def real(request) -> Real:
    program_folder(request.param)
    return request.param


@pytest.fixture
async def canary():
    async with ProviderServer() as server:
        yield server


@pytest.fixture
def hostile(tmp_path, canary) -> Hostile:
    return hostile_repository(tmp_path / "project", canary.url)


def readable(hostile: Hostile) -> ReadableFolder:
    """All of it, more than the product copies."""

    async def copy_to(folder: Path) -> None:
        shutil.copytree(hostile.top, folder, dirs_exist_ok=True, symlinks=True)

    return ReadableFolder(hostile.top, copy_to)


def answer(real: Real):
    if real is CLAUDE:
        return anthropic.message(
            anthropic.tool_use("t9", "StructuredOutput", findings=["x"]), stop_reason="tool_use"
        )
    return real.says(ANSWER)


def readings(real: Real):
    """Turns in which the model reads a file of the change, then what it must not read."""
    tool, argument = real.read
    wanted = ["src/x.py", ".env", "../outside.txt"]
    if real is CODEX:
        return [
            real.calls(tool, cmd=f"cat {path}; env; git status; touch written; true")
            for path in wanted
        ]
    return [real.calls(tool, **{argument: path}) for path in wanted]


async def test_nothing_of_a_hostile_repository_is_run_or_obeyed(real, hostile, canary, tmp_path):
    (tmp_path / "outside.txt").write_text(SECRET)
    async with ProviderServer() as server:
        for path in real.paths:
            server.on(path, *readings(real), answer(real), real.says("done"))
        own = f".:{hostile.top}:{hostile.top}/bin"
        path = f"{own}{os.pathsep}{environment(real, server, tmp_path / 'home')['PATH']}"
        model = model_of(real, server, readable(hostile), tmp_path / "home", PATH=path)
        signals = await signals_of(model, FULL)
        sent = b"".join(request.body for request in server.requests).decode("utf-8", "replace")
        headers = [request.headers for request in server.requests]
    assert isinstance(signals[-1], Finished)
    assert signals[-1].stop is Stop.OK
    assert json.loads(signals[-1].answer or signals[-1].echo) == json.loads(ANSWER)
    assert hostile.went_off == []
    assert [request.path for request in canary.requests] == []
    assert "x = 1" in sent, "it could not read the change's own file"
    assert INSTRUCTION not in sent
    assert SECRET not in sent
    assert OTHER_KEY not in sent
    assert KEY not in sent
    assert not any(HEADER in one for one in headers)
    assert all(OTHER_KEY not in value for one in headers for value in one.values())
    assert not (hostile.top / "written").exists()


BARE = {
    CLAUDE: ["-p", "--model", CLAUDE.model, "--output-format", "stream-json", "--verbose"],
    CODEX: ["exec", "--json", "--skip-git-repo-check", "-m", CODEX.model],
    GEMINI: ["-m", GEMINI.model, "-o", "stream-json", "-p", "Review stdin"],
    OPENCODE: ["run", "--format", "json", "-m", OPENCODE.model],
}


EXPECTED = {
    CLAUDE: "claude-SessionStart",
    CODEX: INSTRUCTION,
    GEMINI: "gemini-discovery",
    OPENCODE: "opencode-plugin",
}


async def test_the_same_repository_goes_off_in_the_hands_of_a_bare_program(
    real, hostile, canary, tmp_path
):
    """What proves that the test above can fail."""
    async with ProviderServer() as server:
        for path in real.paths:
            server.on(path, real.says(ANSWER))
        given = {
            **environment(real, server, tmp_path / "home"),
            "GEMINI_CLI_TRUST_WORKSPACE": "true",
        }

        def fired() -> list[str]:
            sent = b"".join(request.body for request in server.requests)
            obeyed = [INSTRUCTION] if INSTRUCTION.encode() in sent else []
            return [*hostile.went_off, *obeyed]

        argv = [str(program_folder(real) / real.name), *BARE[real]]
        if real is CODEX:
            argv += [part for one in codex_at(server.url) for part in ("-c", one)]
        process = await asyncio.create_subprocess_exec(
            *argv,
            cwd=hostile.top,
            env=given,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            await asyncio.wait_for(_until(lambda: EXPECTED[real] in fired(), process), _SECONDS)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


async def _until(is_so: Callable[[], bool], process: asyncio.subprocess.Process) -> None:
    """Wait until it is so; an AssertionError where the program ends before."""
    assert process.stdin is not None
    process.stdin.write(b"Review this.")
    process.stdin.close()
    while not is_so():
        over = process.returncode is not None
        await asyncio.sleep(0.05)
        assert is_so() or not over, "the program came to its end and nothing had gone off"
