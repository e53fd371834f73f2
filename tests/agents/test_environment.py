"""What an agent gets: its own key, and where nothing is written."""

import json
from pathlib import Path

import pytest

from tests.agents.playing import KEY, Played, result
from tests.agents.real import signals_of
from tests.models.requests import FULL
from xreview.agents.base.agent import ReadableFolder, Run, agent_named
from xreview.agents.base.environment import agent_environment, agent_search_path
from xreview.agents.running.scratch import Scratch

KEYS = {
    "ANTHROPIC_API_KEY": "anthropic-9c1f00d1",
    "CODEX_API_KEY": "codex-9c1f00d2",
    "OPENAI_API_KEY": "openai-9c1f00d3",
    "GEMINI_API_KEY": "gemini-9c1f00d4",
    "XAI_API_KEY": "xai-9c1f00d5",
    "AWS_SECRET_ACCESS_KEY": "aws-9c1f00d6",
}
OWN = {
    "claude-code": {"ANTHROPIC_API_KEY"},
    "codex": {"CODEX_API_KEY"},
    "gemini-cli": {"GEMINI_API_KEY"},
    "opencode": {"XAI_API_KEY"},
}


@pytest.mark.parametrize("agent", OWN)
def test_each_gets_its_own_key_and_writes_it_nowhere(agent, tmp_path):
    scratch = Scratch.make()
    try:
        environ = {**KEYS, "PATH": "/usr/bin", "HOME": str(tmp_path), "PYTHONPATH": "/x"}
        program = Path("/usr/bin/agent")
        run = Run(FULL, program, "xai/grok-5", None, ReadableFolder(tmp_path), scratch, environ)
        command = agent_named(agent).command(run)
        handed = {name for name, key in KEYS.items() if key in command.environment.values()}
        assert handed == OWN[agent]
        assert "PYTHONPATH" not in command.environment
        written = [file.read_text() for file in scratch.top.rglob("*") if file.is_file()]
        for key in KEYS.values():
            assert not any(key in text for text in [*written, *command.argv])
            assert key.encode() not in command.prompt
    finally:
        scratch.delete()


async def test_the_program_sees_no_more_than_that(tmp_path):
    played = Played(tmp_path)
    played.say(result(structured_output={"findings": []}))
    await signals_of(played.model("answers"), FULL)
    given = played.given
    assert given["environment"]["ANTHROPIC_API_KEY"] == KEY
    assert "OPENAI_API_KEY" not in given["environment"]
    assert given["environment"]["GIT_DIR"] == "/dev/null"
    assert "xreview-agent-" in given["folder"], "it ran in the checkout"
    assert KEY not in json.dumps(given["arguments"])
    assert KEY not in given["prompt"]


def test_programs_of_the_checkout_are_not_found(tmp_path):
    top = tmp_path / "project"
    (top / "bin").mkdir(parents=True)
    (tmp_path / "link").symlink_to(top / "bin")
    path = f".:bin::{top}:{top}/bin:{tmp_path}/link:/usr/bin:relative/bin"
    assert agent_search_path({"PATH": path}, top) == [Path("/usr/bin")]


def test_a_linked_checkout_is_still_the_checkout(tmp_path):
    top = tmp_path / "project"
    (top / "bin").mkdir(parents=True)
    (tmp_path / "linked").symlink_to(top)
    path = f"{top}/bin:/usr/bin"
    assert agent_search_path({"PATH": path}, tmp_path / "linked") == [Path("/usr/bin")]


def test_an_environment_without_a_path(tmp_path):
    assert "PATH" in agent_environment({}, tmp_path, tmp_path)


@pytest.mark.parametrize(
    ("model", "names"),
    [
        ("xai/grok-5", ("XAI_API_KEY",)),
        ("anthropic/claude-opus-5-5", ("ANTHROPIC_API_KEY",)),
        ("my-proxy/x", ("MY_PROXY_API_KEY",)),
        ("google/gemini-4", ("GOOGLE_GENERATIVE_AI_API_KEY", "GEMINI_API_KEY")),
        ("", ()),
        ("no-provider", ()),
    ],
)
def test_opencode_gets_the_key_of_its_models_provider(model, names):
    assert agent_named("opencode").variables_of(model) == names
