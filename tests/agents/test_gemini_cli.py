"""What Gemini CLI's events mean, and the home it is given."""

import json
from pathlib import Path

import pytest

from tests.agents.reading_events import Json, read
from tests.models.requests import FULL
from xreview.agents import gemini_cli
from xreview.agents.base.agent import Exit, ReadableFolder, Run
from xreview.agents.running.scratch import Scratch
from xreview.ports.failure import Failure, ModelError
from xreview.ports.model import (
    Doing,
    Finished,
    Restarted,
    Stop,
    TextDelta,
    Tokens,
)

AGENT = gemini_cli.PROVIDER
INIT = {"type": "init", "model": "gemini-4-argon"}
STATS = {"total_tokens": 310, "input_tokens": 200, "output_tokens": 80, "cached": 100}


def says(text: str, role: str = "assistant") -> Json:
    return {"type": "message", "role": role, "content": text, "delta": True}


def ends(status: str = "success", **fields: object) -> Json:
    return {"type": "result", "status": status, "stats": STATS, **fields}


def test_text_after_the_last_call_is_the_answer():
    events = [
        INIT,
        says("the prompt", role="user"),
        says("I look "),
        says("at it."),
        {"type": "tool_use", "tool_name": "read_file", "parameters": {"file_path": "src/x.py"}},
        says('{"findings":'),
        says(" []}"),
        ends(),
    ]
    assert read(AGENT, events) == [
        TextDelta("I look "),
        TextDelta("at it."),
        Doing("reading src/x.py"),
        Restarted(),
        TextDelta('{"findings":'),
        TextDelta(" []}"),
        Tokens(input=200, cached=100, output=110),
        Finished(Stop.OK, "gemini-4-argon", echo='{"findings": []}'),
    ]


@pytest.mark.parametrize(
    "said",
    [
        "The model returned an empty response with no text or thoughts.",
        "Model stream ended without a finish reason.",
    ],
)
def test_an_error_with_exit_0_is_an_error(said):
    events = [INIT, {"type": "error", "severity": "error", "message": said}, ends("error")]
    error = read(AGENT, events, Exit(0, ""))[-1]
    assert isinstance(error, ModelError)
    assert error.failure is Failure.PROTOCOL


def test_an_error_after_text_is_still_an_error():
    events = [INIT, says("half"), {"type": "error", "message": "boom"}, ends()]
    assert isinstance(read(AGENT, events)[-1], ModelError)


@pytest.mark.parametrize("reason", ["SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST"])
def test_a_blocked_prompt_is_a_refusal(reason):
    events = [INIT, {"type": "error", "message": f"Blocked: {reason}"}, ends("error")]
    assert read(AGENT, events)[-1] == Finished(Stop.REFUSED, "gemini-4-argon")


def test_a_wrong_key_is_told_by_the_error_that_it_repeats():
    body = {"error": {"code": 400, "message": "API key not valid. Please pass a valid API key."}}
    error = {"type": "unknown", "message": f"[API Error: {json.dumps(body)}]"}
    failed = read(AGENT, [INIT, ends("error", error=error)], Exit(144, ""))[-1]
    assert isinstance(failed, ModelError)
    assert failed.failure is Failure.KEY


@pytest.mark.parametrize("events", [[INIT, ends()], [INIT, says(" "), ends()]])
def test_an_empty_answer_is_none(events):
    assert isinstance(read(AGENT, events)[-1], ModelError)


def test_text_before_a_call_is_no_answer():
    call = {"type": "tool_use", "tool_name": "glob", "parameters": {"pattern": "*"}}
    assert isinstance(read(AGENT, [INIT, says("I look."), call, ends()])[-1], ModelError)


def test_the_end_without_a_result_is_classified_by_its_complaint():
    error = read(AGENT, [INIT], Exit(41, "Invalid auth method selected."))[-1]
    assert isinstance(error, ModelError)
    assert error.failure is Failure.KEY


def test_its_login_is_linked_and_its_settings_are_not(tmp_path):
    own = tmp_path / ".gemini"
    own.mkdir()
    (own / "oauth_creds.json").write_text("a secret")
    (own / "settings.json").write_text('{"mcpServers": {}}')
    scratch = Scratch.make()
    try:
        environ = {"HOME": str(tmp_path)}
        readable = ReadableFolder(tmp_path / "project")
        run = Run(FULL, Path("/bin/gemini"), "", None, readable, scratch, environ)
        command = AGENT.command(run)
        home = Path(command.environment["GEMINI_CLI_HOME"], ".gemini")
        assert (home / "oauth_creds.json").readlink() == own / "oauth_creds.json"
        settings = json.loads((home / "settings.json").read_text())
        assert settings["security"]["auth"]["selectedType"] == "oauth-personal"
        assert settings["tools"]["core"] == []
        assert "mcpServers" not in settings
    finally:
        scratch.delete()
    assert (own / "oauth_creds.json").read_text() == "a secret"
