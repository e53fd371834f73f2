"""Whoever could read nothing has read nothing, whatever it answers."""

import pytest

from tests.agents.playing import Played, result
from tests.agents.reading_events import run_of
from tests.agents.real import signals_of
from tests.models.requests import FULL
from xreview.agents.base.activity import ReadAttempts
from xreview.agents.claude_code import PROVIDER as CLAUDE_CODE
from xreview.agents.codex import PROVIDER as CODEX
from xreview.agents.gemini_cli import PROVIDER as GEMINI_CLI
from xreview.agents.opencode import PROVIDER as OPENCODE
from xreview.ports.model import Finished, Stop
from xreview.ports.request import ModelRequest

SANDBOX = "bwrap: No permissions to create a new namespace"


def claude(*, is_ok: bool, said: str):
    call = {"type": "tool_use", "id": "t1", "name": "Read", "input": {"file_path": "x.py"}}
    back = {"type": "tool_result", "tool_use_id": "t1", "content": said, "is_error": not is_ok}
    return [
        {"type": "assistant", "message": {"content": [call]}},
        {"type": "user", "message": {"content": [back]}},
    ]


def codex(*, is_ok: bool, said: str):
    item = {"type": "command_execution", "command": "cat x.py", "aggregated_output": said}
    return [{"type": "item.completed", "item": {**item, "exit_code": 0 if is_ok else 1}}]


def gemini(*, is_ok: bool, said: str):
    status = {"status": "success"} if is_ok else {"status": "error", "error": {"message": said}}
    return [
        {"type": "tool_use", "tool_name": "read_file", "parameters": {}},
        {"type": "tool_result", "tool_id": "t1", **status},
    ]


def opencode(*, is_ok: bool, said: str):
    state = {"status": "completed"} if is_ok else {"status": "error", "error": said}
    return [{"type": "tool_use", "part": {"tool": "read", "state": {**state, "input": {}}}}]


AGENTS = [
    (CLAUDE_CODE, claude),
    (CODEX, codex),
    (GEMINI_CLI, gemini),
    (OPENCODE, opencode),
]


@pytest.mark.parametrize(("agent", "call"), AGENTS, ids=lambda one: getattr(one, "label", ""))
def test_what_failed_and_what_worked_is_told_of_each_agent(agent, call):
    reader = agent.reader(run_of())
    assert reader.attempts.trouble == "", "it did not try: the request held all it needs"
    for _ in range(2):
        for event in call(is_ok=False, said=SANDBOX):
            list(reader.read(event))
    trouble = f"all 2 attempts to read failed (“{SANDBOX}”)"
    assert reader.attempts.trouble == trouble
    for event in call(is_ok=True, said="x = 1"):
        list(reader.read(event))
    assert reader.attempts.trouble == ""


def test_a_search_that_finds_nothing_has_worked():
    reader = CODEX.reader(run_of())
    for event in codex(is_ok=False, said=" \n"):
        list(reader.read(event))
    assert reader.attempts.trouble == ""


def test_codex_that_can_run_no_tools_says_so():
    reader = CODEX.reader(run_of())
    item = {"type": "error", "message": "Code Mode is unavailable because its host is missing."}
    list(reader.read({"type": "item.completed", "item": item}))
    assert "Code Mode is unavailable" in reader.attempts.trouble


def test_the_answer_itself_is_no_attempt_to_read():
    reader = CLAUDE_CODE.reader(run_of())
    call = {"type": "tool_use", "id": "t1", "name": "StructuredOutput", "input": {}}
    back = {"type": "tool_result", "tool_use_id": "t1", "content": "malformed", "is_error": True}
    list(reader.read({"type": "assistant", "message": {"content": [call]}}))
    list(reader.read({"type": "user", "message": {"content": [back]}}))
    assert reader.attempts.trouble == ""


def test_one_attempt_is_told_in_the_singular():
    attempts = ReadAttempts()
    attempts.add(is_ok=False)
    assert attempts.trouble == "its only attempt to read failed"


@pytest.mark.parametrize("size", [10, 5_000_000])
async def test_a_program_that_does_not_read_the_request_has_read_nothing(tmp_path, size):
    """A wrapper that forgets its standard input, whether the pipe holds all of it or not."""
    played = Played(tmp_path)
    played.say(result(structured_output={"findings": []}))
    request = ModelRequest(instructions="", question="x" * size, schema=FULL.schema)
    last = (await signals_of(played.model("deaf"), request))[-1]
    assert isinstance(last, Finished)
    assert last.stop is Stop.UNREAD
    assert last.detail == "Claude Code: it exited before reading the whole request"
