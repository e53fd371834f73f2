"""How agents are started in their write modes, and what is kept of what they were refused."""

import json
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.agents.playing import IDENTITY, PROGRAMS, Played, result
from tests.agents.real import signals_of
from tests.models.requests import FULL
from xreview.agents import claude_code
from xreview.agents.base.agent import (
    AgentCommand,
    ReadableFolder,
    Run,
    WritableFolder,
    agent_named,
    all_agents,
    is_obeyed,
)
from xreview.agents.running.model import AgentModel, AgentPatience
from xreview.agents.running.scratch import Scratch
from xreview.ports.failure import Failure, ModelError
from xreview.ports.model import Doing, Finished

TOKENS = {
    name: f"token-{name}"
    for name in ("GH_TOKEN", "GITHUB_TOKEN", "GITLAB_TOKEN", "GITHUB_ENTERPRISE_TOKEN")
}
CHECK = 'make test X="a b"'


@pytest.fixture
def scratch() -> Iterator[Scratch]:
    made = Scratch.make()
    yield made
    made.delete()


@pytest.fixture
def writable(tmp_path) -> WritableFolder:
    top, work = tmp_path / "project", tmp_path / "fixes" / "1" / "tree"
    (top / "node_modules").mkdir(parents=True)
    (work / "bin").mkdir(parents=True)
    return WritableFolder(top, work, (CHECK,))


def command_of(
    name: str,
    writable: WritableFolder,
    scratch: Scratch,
    *,
    model: str = "",
    budget: float | None = None,
    **more: str,
) -> AgentCommand:
    environ = {"PATH": f"{writable.work}/bin:/usr/bin", "HOME": "/nowhere", **TOKENS, **more}
    readable = ReadableFolder(writable.top)
    run = Run(FULL, Path("/opt/agent"), model, None, readable, scratch, environ, "m1", writable)
    return agent_named(name).command(replace(run, budget=budget))


def option(command: AgentCommand, name: str) -> str:
    argv = list(command.argv)
    return argv[argv.index(name) + 1]


@pytest.mark.parametrize("agent", all_agents(), ids=lambda agent: agent.name)
def test_it_runs_in_the_tree_without_what_could_publish(agent, writable, scratch):
    command = command_of(agent.name, writable, scratch, model="github-copilot/x")
    assert command.folder == writable.work
    given = command.environment
    assert not set(given) & set(TOKENS)
    assert not set(given.values()) & set(TOKENS.values())
    assert given["PATH"] == "/usr/bin"
    assert not Path(given["GH_CONFIG_DIR"]).exists()
    assert given["GIT_ALLOW_PROTOCOL"] == "file"
    assert given["GIT_CEILING_DIRECTORIES"] == str(writable.work.parent)
    assert "GIT_DIR" not in given, "checks that need git fail"


@pytest.mark.parametrize("agent", all_agents(), ids=lambda agent: agent.name)
def test_git_stays_off_in_the_users_own_checkout(agent, writable, scratch):
    in_place = WritableFolder(writable.top, writable.top)
    given = command_of(agent.name, in_place, scratch).environment
    assert given["GIT_DIR"] == "/dev/null"


def test_opencode_gets_the_token_of_its_provider_only_to_read(tmp_path, scratch):
    readable = ReadableFolder(tmp_path)
    environ = {"GITHUB_TOKEN": "token"}
    run = Run(FULL, Path("/opt/agent"), "github-copilot/x", None, readable, scratch, environ)
    assert agent_named("opencode").command(run).environment["GITHUB_TOKEN"] == "token"


def test_claude_code_can_change_the_tree_and_run_the_check_alone(writable, scratch):
    command = command_of("claude-code", writable, scratch, budget=1.5)
    assert option(command, "--tools") == "Read,Grep,Glob,Edit,Write,Bash"
    assert option(command, "--permission-mode") == "dontAsk"
    assert option(command, "--max-budget-usd") == "1.5000"
    settings = json.loads(option(command, "--settings"))
    assert settings["permissions"]["allow"] == [f"Edit(/{writable.work}/**)", f"Bash({CHECK})"]
    assert settings["disableAllHooks"] is True
    kept = {"--restricted", "--safe-mode", "--strict-mcp-config", "--no-session-persistence"}
    assert kept <= set(command.argv)


@pytest.mark.parametrize("checks", [(), ("make test-*",)])
def test_claude_code_has_no_shell_without_an_exact_check(writable, scratch, checks):
    """A rule with a star would permit other commands."""
    without = WritableFolder(writable.top, writable.work, checks)
    command = command_of("claude-code", without, scratch)
    assert option(command, "--tools") == "Read,Grep,Glob,Edit,Write"
    assert "Bash" not in option(command, "--settings")


def test_codex_can_write_in_the_tree_and_its_temporary_folder(writable, scratch):
    links = ("node_modules", "../outside", ".")
    command = command_of("codex", WritableFolder(writable.top, writable.work, links=links), scratch)
    assert option(command, "-C") == str(writable.work)
    (text,) = (one for one in command.argv if one.startswith("permissions.review.filesystem="))
    table = tomllib.loads(text.replace("permissions.review.filesystem", "rights"))["rights"]
    writes = {path for path, right in table.items() if right == "write"}
    assert writes == {":workspace_roots", str(scratch.temporary)}
    assert table[str(writable.top.resolve() / "node_modules")] == "read"
    assert str(writable.top) not in table
    assert str(writable.top.parent / "outside") not in table


def test_codex_tries_whether_it_can_write(writable, scratch):
    run = Run(
        FULL,
        Path("/opt/agent"),
        "",
        None,
        ReadableFolder(writable.top),
        scratch,
        {},
        writable=writable,
    )
    probe = agent_named("codex").probe(run)
    assert probe is not None
    assert "mktemp" in probe.command.argv[-1]
    assert probe.command.folder == writable.work


def test_gemini_cli_runs_no_command_but_the_check(writable, scratch):
    command = command_of("gemini-cli", writable, scratch)
    assert option(command, "--approval-mode") == "auto_edit"
    own = Path(command.environment["GEMINI_CLI_HOME"], ".gemini")
    core = json.loads((own / "settings.json").read_text())["tools"]["core"]
    assert {"replace", "write_file", "run_shell_command"} < set(core)
    (no,) = tomllib.loads((own / "policies" / "shell.toml").read_text())["rule"]
    (yes,) = tomllib.loads((own / "policies" / "checks.toml").read_text())["rule"]
    assert (no["decision"], yes["decision"]) == ("deny", "allow")
    assert no["priority"] < yes["priority"]
    assert yes["argsPattern"].startswith(r"\0\"command\":\"make\ test")
    assert yes["argsPattern"].endswith(r"\0")


@given(st.lists(st.text(min_size=1, max_size=20).filter(str.isprintable), max_size=4))
def test_the_policy_of_gemini_cli_can_always_be_read(checks):
    from xreview.agents.gemini_cli import _rules

    read = tomllib.loads(_rules(checks)).get("rule", [])
    assert [one["decision"] for one in read] == ["allow"] * len(checks)


def test_opencode_allows_edits_and_the_check(writable, scratch):
    checks = WritableFolder(writable.top, writable.work, ("make test", "make x-*", "rm ?"))
    command = command_of("opencode", checks, scratch)
    settings = json.loads(Path(command.environment["OPENCODE_CONFIG"]).read_text())
    permission = settings["permission"]
    assert next(iter(permission.items())) == ("*", "deny")
    assert next(iter(permission["edit"].items())) == ("*", "allow")
    assert permission["edit"][".git/*"] == "deny"
    assert permission["external_directory"] == "deny"
    assert list(permission["bash"].items()) == [("*", "deny"), ("make test", "allow")]


@pytest.mark.parametrize(
    ("check", "commands"),
    [
        ("make test", ("make test",)),
        ("ruff check . && pytest -q", ("ruff check . && pytest -q", "ruff check .", "pytest -q")),
        ("a || b; c", ("a || b; c", "a", "b", "c")),
        ('sh -c "a && b"', ('sh -c "a && b"',)),
        ("a && (b; c)", ("a && (b; c)",)),
        ("a && b > c", ("a && b > c",)),
        ("a | b && c", ("a | b && c",)),
        ("a && $(b)", ("a && $(b)",)),
    ],
)
def test_the_commands_of_a_check(check, commands):
    assert WritableFolder(Path("/a"), Path("/b"), (check,)).commands == commands


@given(st.text(st.sampled_from("ab &|;'\"$()\n"), max_size=12))
def test_no_other_command_is_permitted(check):
    """Each is the check, or stands between its separators and has nothing that a shell reads."""
    for command in WritableFolder(Path("/a"), Path("/b"), (check,)).commands:
        assert command == check or (command in check and not set(command) & set("&|;'\"$()\n"))


@pytest.mark.parametrize(
    ("path", "obeyed"),
    [
        ("CLAUDE.md", True),
        ("src/Agents.md", True),
        (".claude/settings.json", True),
        ("packages/a/.env", True),
        ("src/x.py", False),
        ("docs/claude.md.txt", False),
    ],
)
def test_what_agents_obey(path, obeyed):
    assert is_obeyed(path) is obeyed


async def test_a_refusal_is_shown_and_kept(tmp_path):
    played = Played(tmp_path)
    tree = tmp_path / "tree"
    tree.mkdir()
    call = {
        "type": "tool_use",
        "id": "t1",
        "name": "Bash",
        "input": {"command": "git push"},
    }
    denied = {"type": "system", "subtype": "permission_denied", "tool_use_id": "t1"}
    played.say(
        {"type": "assistant", "message": {"content": [call]}},
        {**denied, "tool_name": "Bash"},
        result(
            structured_output={"findings": []},
            permission_denials=[
                {"tool_name": "Bash", "tool_input": {"command": "git push"}},
                {"tool_name": "Edit", "tool_input": {"file_path": "/etc/passwd"}},
            ],
        ),
    )
    signals = await signals_of(writing(played, tree), FULL)
    assert [one.what for one in signals if isinstance(one, Doing)] == [
        "starting Claude Code",
        "running git push",
        "refused: running git push",
        "refused: editing /etc/passwd",
    ]
    last = signals[-1]
    assert isinstance(last, Finished)
    assert last.refused == ("running git push", "editing /etc/passwd")
    assert played.given["folder"] == str(tree)


async def test_a_spent_budget_says_so(tmp_path):
    played = Played(tmp_path)
    played.say(result(is_error=True, subtype="error_max_budget_usd", errors=["Reached maximum"]))
    with pytest.raises(ModelError, match=r"has spent the \$0\.50 that it may cost") as caught:
        await signals_of(writing(played, tmp_path, budget=0.5), FULL)
    assert caught.value.failure is Failure.MONEY


def writing(played: Played, tree: Path, budget: float | None = None) -> AgentModel:
    return AgentModel(
        IDENTITY,
        claude_code.PROVIDER,
        PROGRAMS / "answers.py",
        ReadableFolder(played.top),
        played.environ,
        patience=AgentPatience(overall=30.0, quiet=20.0, grace=0.3),
        writable=WritableFolder(played.top, tree),
        budget=budget,
    )
