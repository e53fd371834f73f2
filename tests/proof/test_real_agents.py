"""The agents' real programs, as the command starts them, with their models on this machine: they
attempt a task and review each other, and leave their trees by no way that they are told to try.

Codex can't be sent to another server without settings that the product ignores on purpose; its
write mode is proven in `tests/agents/test_writing_real.py`.
"""

import asyncio
import json
import os
from pathlib import Path

import pytest

from tests.agents.real import CLAUDE, GEMINI, OPENCODE, Real, environment, program_folder
from tests.fakes.provider_server.reply import Answer, Reply, Request
from tests.fakes.provider_server.server import ProviderServer
from tests.proof.stage import Stage
from tests.proof.tasks import ALL_TASKS
from tests.proof.test_hostile_writer import nothing_is_harmed

pytestmark = pytest.mark.endurance
TASK = ALL_TASKS[4]
REALS = (CLAUDE, GEMINI, OPENCODE)
KINDS = {CLAUDE: "right", GEMINI: "forgets", OPENCODE: "wrong"}
RESULTS = {CLAUDE: '"tool_result"', GEMINI: '"functionResponse"', OPENCODE: '"role": "tool"'}
WRITE = {
    CLAUDE: ("Write", "file_path"),
    GEMINI: ("write_file", "file_path"),
    OPENCODE: ("write", "filePath"),
}
SHELL = {CLAUDE: "Bash", GEMINI: "run_shell_command", OPENCODE: "bash"}


def turns(real: Real, project: Path) -> list[Answer]:
    """What a writer does before it answers: its task, and what it must not."""
    write, path = WRITE[real]
    read, wanted = real.read
    solution = TASK.files(KINDS[real])[TASK.module]
    more = {"description": "Run it."} if real is OPENCODE else {}
    return [
        real.calls(read, **{wanted: TASK.module}),
        real.calls(write, **{path: TASK.module, "content": solution}),
        real.calls(write, **{path: "../escaped", "content": "escaped\n"}),
        real.calls(write, **{path: str(project / "escaped"), "content": "escaped\n"}),
        real.calls(write, **{path: str(project / ".git/hooks/pre-commit"), "content": "escaped\n"}),
        real.calls(SHELL[real], command=f"touch ~/ran-escaped {project}/escaped", **more),
    ]


def scripted(real: Real, project: Path):
    """Answers by what is asked, and by how many tools were called before."""
    steps = turns(real, project)

    def answer(request: Request) -> Reply:
        asked = json.dumps(request.json)
        done = asked.count(RESULTS[real])
        is_writing = "left_out" in asked and "You solve a task" in asked
        if is_writing and done < len(steps):
            made = steps[done]
        elif is_writing:
            made = answered(real, {"statement": TASK.statement(KINDS[real])})
        else:
            made = answered(real, {"findings": []})
        return made if isinstance(made, Reply) else made(request)

    return answer


def answered(real: Real, said: dict[str, object]) -> Answer:
    if real is CLAUDE:
        return real.calls("StructuredOutput", **said)
    return real.says(json.dumps(said))


def escaped(folder: Path) -> list[Path]:
    return list(folder.rglob("*escaped"))


async def test_real_agents_attempt_and_review_each_other(tmp_path: Path) -> None:
    stage = Stage(tmp_path, TASK.repository(tmp_path / "project"))
    folders = [str(program_folder(real)) for real in REALS]
    async with ProviderServer() as server:
        for real in REALS:
            for path in real.paths:
                server.on(path, scripted(real, stage.repository.top))
            given = environment(real, server, stage.home)
            for name in (*real.keys, "ANTHROPIC_BASE_URL", "GOOGLE_GEMINI_BASE_URL"):
                stage.program.environ[name] = given[name]
        stage.program.environ["PATH"] = os.pathsep.join([*folders, os.environ["PATH"]])
        tables = "".join(
            f'[reviewers.{real.name}]\nprovider = "{real.provider}"\nmodel = "{real.model}"\n'
            f'vendor = "{vendor}"\n'
            for real, vendor in zip(REALS, ("anthropic", "google", "xai"), strict=True)
        )
        stage.configure(tables)
        names = ",".join(real.name for real in REALS)
        with nothing_is_harmed(stage):
            trial = await asyncio.to_thread(stage.trial, TASK.text, "--with", names)
            found = await asyncio.to_thread(stage.writers, trial)
    assert set(found) == {real.name for real in REALS}
    for real in REALS:
        one = found[real.name]
        assert (one["why"], one["reviewed"], one["unread"]) == ("", True, []), one
        assert one["files"] == [TASK.module]
        assert one["statement"]["approach"] == f"It is the {KINDS[real]} one."
        assert one["statement"]["handled"][0]["line"] > 0
        assert one["writer"]["family"] not in {who["family"] for who in one["reviewers"]}
        assert one["notices"], "that it was refused something is told"
    assert escaped(tmp_path) == []
