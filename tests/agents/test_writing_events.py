"""What agents' events in their write modes mean; recorded from the real programs."""

import pytest

from tests.agents.reading_events import TOP, Json, read
from tests.agents.test_codex import COMPLETED, STARTED, item
from xreview.agents.base.activity import edit_activity, tool_activity
from xreview.agents.base.agent import agent_named
from xreview.ports.model import Doing

OUTSIDE = (
    'Path not in workspace: Attempted path "/x" resolves outside the allowed workspace directories'
)
PREVENTED = (
    "The user has specified a rule which prevents you from using this specific tool call. "
    'Here are some of the relevant rules [{"permission":"*","action":"deny","pattern":"*"}]'
)


def activities(agent: str, *events: Json) -> list[str]:
    return [one.what for one in read(agent_named(agent), events) if isinstance(one, Doing)]


@pytest.mark.parametrize(
    ("tool", "arguments", "what"),
    [
        ("Edit", {"file_path": f"{TOP}/src/x.py", "old_string": "a"}, "editing src/x.py"),
        ("Write", {"file_path": f"{TOP}/new.py"}, "writing new.py"),
        ("replace", {"file_path": "src/x.py", "instruction": "a"}, "editing src/x.py"),
        ("write_file", {"file_path": "src/x.py"}, "writing src/x.py"),
        ("edit", {"filePath": f"{TOP}/src/x.py"}, "editing src/x.py"),
        ("Bash", {"command": "make  test\n", "description": "Run"}, "running make test"),
        ("run_shell_command", {"command": "make test"}, "running make test"),
        ("Edit", {}, "using Edit"),
    ],
)
def test_activities(tool, arguments, what):
    assert tool_activity(tool, arguments, TOP) == Doing(what)


def test_several_files_at_once():
    paths = [f"{TOP}/a.py", "/elsewhere/b.py"]
    assert edit_activity(paths, TOP) == Doing("editing a.py, /elsewhere/b.py")


def test_codex_tells_its_patches_and_what_was_declined():
    changes = [{"path": f"{TOP}/src/x.py", "kind": "update"}]
    outside = [{"path": "/x.py", "kind": "add"}]
    push = "/bin/bash -lc 'git push'"
    told = activities(
        "codex",
        STARTED,
        item("file_change", "started", changes=changes, status="in_progress"),
        item("file_change", changes=changes, status="completed"),
        item("file_change", "started", changes=outside, status="in_progress"),
        item("file_change", changes=outside, status="failed"),
        item("command_execution", "started", command=push, status="in_progress"),
        item("command_execution", command=push, exit_code=-1, status="declined"),
        item("agent_message", text="{}"),
        COMPLETED,
    )
    assert told == [
        "thinking",
        "editing src/x.py",
        "editing /x.py",
        "refused: editing /x.py",
        "running git push",
        "refused: running git push",
    ]


@pytest.mark.parametrize(
    ("error", "is_refused"),
    [
        ({"type": "policy_violation", "message": "Tool execution denied by policy."}, True),
        ({"type": "invalid_tool_params", "message": OUTSIDE}, True),
        ({"type": "edit_no_occurrence_found", "message": "0 occurrences found"}, False),
    ],
)
def test_gemini_cli_tells_what_was_denied(error, is_refused):
    call = {
        "type": "tool_use",
        "tool_name": "run_shell_command",
        "tool_id": "t1",
        "parameters": {"command": "git push"},
    }
    came = {"type": "tool_result", "tool_id": "t1", "status": "error", "error": error}
    told = activities("gemini-cli", call, came)
    assert told == ["running git push", *["refused: running git push"] * is_refused]


@pytest.mark.parametrize(
    ("error", "is_refused"), [(PREVENTED, True), ("Could not find oldString in the file", False)]
)
def test_opencode_tells_what_was_denied(error, is_refused):
    state = {"status": "error", "input": {"command": "git push"}, "error": error}
    told = activities("opencode", {"type": "tool_use", "part": {"tool": "bash", "state": state}})
    assert told == ["running git push", *["refused: running git push"] * is_refused]


def test_a_refusal_of_an_unknown_call_is_still_one():
    denied = {"type": "system", "subtype": "permission_denied", "tool_name": "Bash"}
    assert activities("claude-code", denied, denied) == ["refused: using Bash"]
