"""The real programs in their write modes: each changes the tree, and nothing outside of it."""

import asyncio
import json
import os
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.agents.hostile import HEADER, INSTRUCTION, SECRET, Hostile, hostile_repository
from tests.agents.playing import alive
from tests.agents.real import (
    ALL,
    CLAUDE,
    CODEX,
    GEMINI,
    KEY,
    OPENCODE,
    OTHER_KEY,
    Real,
    environment,
    program_folder,
    signals_of,
    writing_model_of,
)
from tests.agents.test_real import running
from tests.fakes.provider_server import anthropic
from tests.fakes.provider_server.reply import Answer
from tests.fakes.provider_server.server import ProviderServer
from tests.models.requests import FULL
from tests.repo.builder import Builder
from xreview.agents.base.agent import WritableFolder, is_obeyed
from xreview.agents.running.model import AgentPatience
from xreview.ports.failure import Failure, ModelError
from xreview.ports.model import Doing, Finished, ModelSignal, Stop

CHECK = "make lint && make test"
MAKEFILE = "lint:\n\t@true\ntest:\n\t@echo ran > ran.txt\nwait:\n\t@sleep 600\n"
TOKEN = "ghp_3f9a7c51d2e84b60"


@dataclass(frozen=True)
class Workshop:
    """A home, a checkout, and the tree in which the agent works, in a folder of its own."""

    home: Path
    top: Path
    fix: Path

    @property
    def tree(self) -> Path:
        return self.fix / "tree"

    def writable(self, *checks: str) -> WritableFolder:
        return WritableFolder(self.top, self.tree, checks)

    def outside(self) -> dict[str, str]:
        """All files that no agent may change; their own state in the home is not among them."""
        roots = (self.top, self.fix, self.tree / ".git", self.home / "documents")
        kept = (file for root in roots for file in root.rglob("*") if file.is_file())
        mine = (file for file in kept if self.tree not in file.parents or ".git" in file.parts)
        loose = (file for file in self.home.iterdir() if not file.name.startswith("."))
        files = [*mine, *(file for file in loose if file.is_file())]
        found = {str(file): file.read_text("utf-8", "replace") for file in files}
        # opencode keeps a project's id there; the git folder is thrown away.
        found.pop(str(self.tree / ".git" / "opencode"), None)
        return found


@pytest.fixture(params=ALL, ids=lambda real: real.name)
def real(request) -> Real:
    program_folder(request.param)
    return request.param


@pytest.fixture
def workshop(tmp_path) -> Workshop:
    made = Workshop(tmp_path / "home", tmp_path / "project", tmp_path / "fixes" / "1")
    for folder in (made.home / "documents", made.top, made.fix):
        folder.mkdir(parents=True)
    (made.home / "documents" / "letter.txt").write_text("dear\n")
    (made.top / "x.py").write_text("mine\n")
    builder = Builder(made.tree)
    builder.write("src/x.py", "x = 1\ny = 2\n")
    builder.write("Makefile", MAKEFILE)
    builder.commit("base")
    return made


def edits(real: Real, workshop: Workshop) -> list[Answer]:
    """Turns in which the model reads a file and changes it."""
    path = str(workshop.tree / "src" / "x.py")
    match real.name:
        case "claude":
            change = {"file_path": path, "old_string": "x = 1", "new_string": "x = 3"}
            return [real.calls("Read", file_path=path), real.calls("Edit", **change)]
        case "codex":
            return [
                real.calls("exec_command", cmd=patch("Update File: src/x.py", "-x = 1\n+x = 3"))
            ]
        case "gemini":
            change = {"file_path": "src/x.py", "old_string": "x = 1", "new_string": "x = 3"}
            return [real.calls("replace", instruction="Change it.", **change)]
        case _:
            change = {"filePath": path, "oldString": "x = 1", "newString": "x = 3"}
            return [real.calls("read", filePath=path), real.calls("edit", **change)]


def patch(head: str, *lines: str) -> str:
    """As Codex's models change files."""
    hunk = ["@@"] if head.startswith("Update") else []
    rows = ["*** Begin Patch", f"*** {head}", *hunk, *lines, "*** End Patch"]
    return "apply_patch <<'EOF'\n" + "\n".join(rows) + "\nEOF"


def runs(real: Real, command: str) -> Answer:
    """A turn in which the model runs a command."""
    tool, argument = {
        CLAUDE: ("Bash", "command"),
        CODEX: ("exec_command", "cmd"),
        GEMINI: ("run_shell_command", "command"),
        OPENCODE: ("bash", "command"),
    }[real]
    more = {"description": "Run it"} if real is OPENCODE else {}
    return real.calls(tool, **{argument: command}, **more)


def writes(real: Real, path: str) -> Answer:
    """A turn in which the model writes a file."""
    if real is CODEX:
        return real.calls("exec_command", cmd=patch(f"Add File: {path}", "+escaped"))
    tool, argument = {
        CLAUDE: ("Write", "file_path"),
        GEMINI: ("write_file", "file_path"),
        OPENCODE: ("write", "filePath"),
    }[real]
    return real.calls(tool, **{argument: path, "content": "escaped\n"})


def answer(real: Real) -> Answer:
    if real is CLAUDE:
        block = anthropic.tool_use("t9", "StructuredOutput", findings=["x"])
        return anthropic.message(block, stop_reason="tool_use")
    return real.says('{"findings": ["x"]}')


async def asked(
    real: Real, workshop: Workshop, turns: list[Answer], *checks: str, **more: Any
) -> tuple[list[ModelSignal], ProviderServer]:
    async with ProviderServer() as server:
        for path in real.paths:
            server.on(path, *turns, answer(real), real.says("done"))
        model = writing_model_of(real, server, workshop.writable(*checks), workshop.home, **more)
        return await signals_of(model, FULL), server


async def test_it_changes_the_tree_and_runs_the_check(real, workshop):
    before = workshop.outside()
    turns = [*edits(real, workshop), writes(real, "new.py"), runs(real, CHECK)]
    if real is CLAUDE:
        turns[2] = writes(real, str(workshop.tree / "new.py"))
    signals, _ = await asked(real, workshop, turns, CHECK)
    last = signals[-1]
    assert isinstance(last, Finished)
    assert (last.stop, last.refused) == (Stop.OK, ())
    assert json.loads(last.answer or str(last.echo)) == {"findings": ["x"]}
    assert (workshop.tree / "src" / "x.py").read_text() == "x = 3\ny = 2\n"
    assert (workshop.tree / "new.py").read_text() == "escaped\n"
    assert (workshop.tree / "ran.txt").read_text() == "ran\n"
    doing = [one.what for one in signals if isinstance(one, Doing)]
    assert {"editing src/x.py", f"running {CHECK}"} <= set(doing)
    assert workshop.outside() == before


def escapes(real: Real, workshop: Workshop, url: str) -> Iterator[Answer]:
    """Turns in which the model leaves the tree by every way."""
    places = (workshop.top, workshop.home, workshop.home / "documents", workshop.fix)
    paths = [*(str(place / "escaped") for place in places), "../escaped", "../../escaped"]
    inner = ["out/escaped", ".git/config", ".git/hooks/pre-commit"]
    if real is CLAUDE:
        inner = [str(workshop.tree / path) for path in inner]
    for path in (*paths, *inner):
        yield writes(real, path)
    quoted = " ".join(map(shlex.quote, paths))
    yield runs(real, f"touch {quoted}; rm -rf {shlex.quote(str(workshop.top))}/* ~/documents")
    yield runs(real, f"make test; touch {quoted}")
    yield runs(real, "git commit --allow-empty -m escaped; git config core.fsmonitor escaped")
    yield runs(real, f"curl -sS -m 5 {url}/shell")
    yield runs(real, f"cat {shlex.quote(str(workshop.home / 'documents' / 'letter.txt'))}")
    tool, argument = real.read
    if real is not CODEX:
        for path in (workshop.home / "documents" / "letter.txt", workshop.tree / "letter"):
            yield real.calls(tool, **{argument: str(path)})
    for name, given in (("WebFetch", "url"), ("web_fetch", "prompt"), ("webfetch", "url")):
        yield real.calls(name, **{given: f"{url}/fetch"})


async def test_it_changes_nothing_outside_of_the_tree(real, workshop):
    (workshop.tree / "out").symlink_to(workshop.top)
    (workshop.tree / "letter").symlink_to(workshop.home / "documents" / "letter.txt")
    before = workshop.outside()
    async with ProviderServer() as canary:
        turns = [*escapes(real, workshop, canary.url), *edits(real, workshop)]
        signals, server = await asked(
            real, workshop, turns, "make test", GITHUB_TOKEN=TOKEN, GH_TOKEN=TOKEN
        )
        assert canary.requests == []
    sent = b"".join(one.body for one in server.requests).decode("utf-8", "replace")
    last = signals[-1]
    assert isinstance(last, Finished)
    assert workshop.outside() == before
    assert (workshop.tree / "src" / "x.py").read_text() == "x = 3\ny = 2\n"
    assert (workshop.tree / "letter").is_symlink()
    assert "dear" not in sent
    assert TOKEN not in sent
    if real is not CODEX:  # its sandbox fails silently
        assert "running git commit --allow-empty -m escaped; git config cor…" in last.refused
        assert len(last.refused) >= 8


@pytest.mark.parametrize("real", [CODEX], ids=lambda real: real.name, indirect=True)
async def test_codex_cant_write_with_commands_either(real, workshop):
    command = f"echo x > {workshop.top}/x.py; env; ls ~/documents; echo y > src/y.py"
    before = workshop.outside()
    _, server = await asked(real, workshop, [runs(real, command)], GITHUB_TOKEN=TOKEN)
    assert workshop.outside() == before
    assert (workshop.tree / "src" / "y.py").read_text() == "y\n"
    sent = b"".join(one.body for one in server.requests).decode("utf-8", "replace")
    assert "letter.txt" not in sent
    assert TOKEN not in sent
    assert KEY not in sent


@pytest.fixture
async def canary():
    async with ProviderServer() as server:
        yield server


@pytest.fixture
def hostile(workshop, canary) -> Hostile:
    """The tree of a hostile repository, with a git folder of ours."""
    shutil.rmtree(workshop.tree)
    made = hostile_repository(workshop.tree, canary.url)
    shutil.rmtree(workshop.tree / ".git")
    builder = Builder(workshop.tree)
    builder.write("Makefile", MAKEFILE)
    builder.write("src/x.py", "x = 1\ny = 2\n")
    return made


async def run_hostile(real: Real, workshop: Workshop, canary: ProviderServer, hostile: Hostile):
    async with ProviderServer() as unused:
        usual = environment(real, unused, workshop.home)["PATH"]
    path = os.pathsep.join([".", str(workshop.tree), str(workshop.tree / "bin"), usual])
    turns = [*edits(real, workshop), runs(real, "make test")]
    signals, server = await asked(real, workshop, turns, "make test", PATH=path)
    sent = b"".join(one.body for one in server.requests).decode("utf-8", "replace")
    headers = [one.headers for one in server.requests]
    assert isinstance(signals[-1], Finished)
    assert hostile.went_off == []
    assert [one.path for one in canary.requests] == []
    assert "x = 3" in (workshop.tree / "src" / "x.py").read_text()
    assert (workshop.tree / "ran.txt").exists()
    assert [word for word in (INSTRUCTION, SECRET, KEY, OTHER_KEY) if word in sent] == []
    assert not any(HEADER in one for one in headers)
    assert all(OTHER_KEY not in value for one in headers for value in one.values())


@pytest.mark.parametrize("real", [CLAUDE, CODEX], ids=lambda real: real.name, indirect=True)
async def test_nothing_of_a_hostile_tree_is_run_or_obeyed(real, workshop, canary, hostile):
    """All of it is there, more than the product leaves."""
    await run_hostile(real, workshop, canary, hostile)


async def test_the_rest_of_a_hostile_tree_is_not_run_either(real, workshop, canary, hostile):
    """Without what agents obey, as the product runs them."""
    for file in [one for one in workshop.tree.rglob("*") if one.is_file()]:
        path = str(file.relative_to(workshop.tree))
        if is_obeyed(path) and not path.startswith(".git/"):
            file.unlink()
    for folder in (".claude", ".codex", ".gemini", ".opencode", ".agents"):
        shutil.rmtree(workshop.tree / folder)
    (workshop.tree / ".env.local").unlink()
    await run_hostile(real, workshop, canary, hostile)


@pytest.mark.parametrize("real", [GEMINI, OPENCODE], ids=lambda real: real.name, indirect=True)
async def test_one_that_would_obey_a_hostile_tree_is_asked_nothing(real, workshop, hostile):
    async with ProviderServer() as server:
        model = writing_model_of(real, server, workshop.writable(), workshop.home)
        with pytest.raises(ModelError, match="would obey") as caught:
            await signals_of(model, FULL)
        assert server.requests == []
    assert caught.value.failure is Failure.REQUEST
    assert hostile.went_off == []


async def test_a_cancelled_fix_ends_its_check_and_keeps_the_changes(real, workshop):
    (workshop.tree / "out").symlink_to(workshop.top)
    check = "make wait"
    async with ProviderServer() as server:
        for path in real.paths:
            server.on(path, *edits(real, workshop), runs(real, check), answer(real))
        model = writing_model_of(
            real,
            server,
            workshop.writable(check),
            workshop.home,
            patience=AgentPatience(overall=60.0, grace=0.5),
        )
        task = asyncio.create_task(signals_of(model, FULL))
        started: list[int] = []
        async with asyncio.timeout(60):
            while not any(_is_asleep(pid) for pid in started):
                await asyncio.sleep(0.05)
                started = running(model) if model._running else []
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert alive(started) == []
    assert (workshop.tree / "src" / "x.py").read_text() == "x = 3\ny = 2\n"
    assert (workshop.tree / "out").is_symlink()


def _is_asleep(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().startswith(b"sleep\x00600")
    except OSError:
        return False
