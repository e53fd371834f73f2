"""Where agents really send code: by their variables and files, and by the real programs."""

import json
from pathlib import Path

import pytest

from tests.agents.real import (
    CLAUDE,
    CODEX,
    GEMINI,
    environment,
    model_of,
    program_folder,
    signals_of,
)
from tests.agents.test_detection import Machine
from tests.fakes.provider_server import anthropic
from tests.fakes.provider_server.server import ProviderServer
from tests.models.requests import FULL
from xreview.agents import claude_code, codex
from xreview.agents.base.agent import ReadableFolder, agent_named, all_agents
from xreview.agents.base.destination import Destination, file_variables
from xreview.agents.base.environment import agent_environment
from xreview.review.asking.prospects import agent_prospect

GATEWAY = "https://gateway.example:8443/v1"
PROXY = "http://user:secret@proxy.example:3128"


@pytest.fixture
def machine(tmp_path, monkeypatch) -> Machine:
    made = Machine(tmp_path)
    for agent in all_agents():
        made.install(agent.program, ".".join(map(str, (*agent.tested, 0))))
    made.write(".codex/auth.json")
    made.write(".claude/.credentials.json")
    made.write(".gemini/oauth_creds.json")
    monkeypatch.setattr(claude_code, "_MANAGED", (made.home / "managed.json",))
    monkeypatch.setattr(codex, "_MANAGED", (made.home / "managed.toml",))
    return made


def where(machine: Machine, provider: str, model: str = "") -> tuple[str, str]:
    """What the question names, and the proxy."""
    from xreview.ports.provider import ReviewerSettings

    settings = ReviewerSettings("it", provider, model=model)
    found = agent_prospect(settings, machine.environ, machine.top)
    return found.identity.host, found.through


@pytest.mark.parametrize("provider", [agent.name for agent in all_agents()])
def test_the_usual_place_is_the_program_alone(machine, provider):
    """What earlier answers named, and go on naming."""
    assert where(machine, provider) == (agent_named(provider).label, "")


@pytest.mark.parametrize(
    ("provider", "variables", "host"),
    [
        ("claude-code", {"ANTHROPIC_BASE_URL": GATEWAY}, "gateway.example:8443"),
        ("claude-code", {"ANTHROPIC_BASE_URL": "https://api.anthropic.com"}, ""),
        ("claude-code", {"ANTHROPIC_BASE_URL": "https://anthropic.com.x.example"}, "anth"),
        ("claude-code", {"ANTHROPIC_BASE_URL": "https://notanthropic.com"}, "notanth"),
        ("gemini-cli", {"GOOGLE_GEMINI_BASE_URL": GATEWAY}, "gateway.example:8443"),
        # Not passed on, so without effect.
        ("claude-code", {"CLAUDE_CODE_USE_BEDROCK": "1"}, ""),
        ("claude-code", {"ANTHROPIC_BEDROCK_BASE_URL": GATEWAY}, ""),
        ("codex", {"OPENAI_BASE_URL": GATEWAY}, ""),
        ("gemini-cli", {"GOOGLE_VERTEX_BASE_URL": GATEWAY}, ""),
    ],
)
def test_a_variable_changes_the_host_or_is_not_passed_on(machine, provider, variables, host):
    machine.variables |= variables
    label = agent_named(provider).label
    found, _ = where(machine, provider)
    assert found.startswith(f"{label} at {host}" if host else label)
    assert (found == label) == (not host)
    if not host:
        given = agent_environment(
            machine.environ, machine.top, Path("/x"), agent_named(provider).variables
        )
        passed = [name for name in variables if name in given]
        assert passed in ([], ["ANTHROPIC_BASE_URL"])


@pytest.mark.parametrize("provider", [agent.name for agent in all_agents()])
@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "http_proxy"])
def test_a_proxy_is_named(machine, provider, name):
    machine.variables[name] = PROXY
    assert where(machine, provider) == (agent_named(provider).label, "proxy.example:3128")


@pytest.mark.parametrize("file", [".claude.json", "managed.json"])
def test_files_of_claude_code_are_looked_at(machine, file):
    machine.write(file, json.dumps({"env": {"ANTHROPIC_BASE_URL": GATEWAY}}))
    assert where(machine, "claude-code")[0] == "Claude Code at gateway.example:8443"
    machine.write(file, json.dumps({"env": {"CLAUDE_CODE_USE_BEDROCK": "1", "HTTPS_PROXY": PROXY}}))
    told = ("Claude Code at Amazon Bedrock", "proxy.example:3128")
    assert where(machine, "claude-code") == told


def test_files_of_codex_are_looked_at(machine):
    machine.write(".codex/.env", f"# mine\nexport HTTPS_PROXY='{PROXY}'\n")
    assert where(machine, "codex") == ("Codex", "proxy.example:3128")
    machine.write("managed.toml", f'openai_base_url = "{GATEWAY}"')
    assert where(machine, "codex")[0] == "Codex at gateway.example:8443"
    machine.write("managed.toml", 'model_provider = "azure"')
    assert where(machine, "codex")[0] == "Codex at azure"


def test_opencode_names_the_provider(machine):
    assert where(machine, "opencode", "anthropic/claude-opus-5-5")[0] == "opencode"
    router = "openrouter/anthropic/claude-opus-5-5"
    assert where(machine, "opencode", router)[0] == "opencode at openrouter"
    for url, host in ((GATEWAY, "gateway.example:8443"), ("{env:URL}", "anthropic, at an address")):
        provider = {"anthropic": {"options": {"baseURL": url}}}
        machine.write(".config/opencode/opencode.json", json.dumps({"provider": provider}))
        found, _ = where(machine, "opencode", "anthropic/claude-opus-5-5")
        assert found.startswith(f"opencode at {host}")


@pytest.mark.parametrize(
    ("provider", "name"),
    [
        ("claude-code", "ANTHROPIC_BASE_URL"),
        ("gemini-cli", "GOOGLE_GEMINI_BASE_URL"),
    ],
)
def test_plain_http_to_anywhere_else_is_refused(machine, provider, name):
    machine.variables[name] = "http://gateway.example/v1"
    found = machine.detect(provider)
    assert found.why_not.startswith(f"{name}: The base URL of gateway.example uses plain http")
    machine.variables[name] = "http://127.0.0.1:4000"
    assert machine.detect(provider).why_not == ""


def test_a_file_of_variables_that_is_none_has_none(tmp_path):
    assert file_variables(tmp_path) == {}
    assert file_variables(tmp_path / "missing") == {}


def test_words_of_a_destination():
    assert Destination().of("Codex") == "Codex"
    assert Destination("x.example").of("Codex") == "Codex at x.example"


def redirect(real, home: Path, url: str) -> str:
    """Lead the program elsewhere by a file of its own; the proxy or host that is then named."""
    if real is CLAUDE:
        home.mkdir(parents=True, exist_ok=True)
        (home / ".claude.json").write_text(json.dumps({"env": {"ANTHROPIC_BASE_URL": url}}))
    else:
        (home / ".codex").mkdir(parents=True, exist_ok=True)
        (home / ".codex" / ".env").write_text(f"HTTP_PROXY={url}\n")
    return url.removeprefix("http://")


@pytest.mark.parametrize("real", [CLAUDE, CODEX], ids=lambda real: real.name)
async def test_the_real_program_goes_where_the_question_says(real, tmp_path):
    """Its file leads elsewhere whatever it is started with, so the question names that."""
    program_folder(real)
    home = tmp_path / "home"
    async with ProviderServer() as server, ProviderServer() as other:
        place = redirect(real, home, other.url)
        block = anthropic.tool_use("t9", "StructuredOutput", findings=["x"])
        said = anthropic.message(block, stop_reason="tool_use") if real is CLAUDE else None
        other.on(real.paths[0], said or real.says("{}"), real.says("done"))
        model = model_of(real, server, ReadableFolder(tmp_path), home)
        await signals_of(model, FULL)
        assert (bool(other.requests), bool(server.requests)) == (True, False)
        setup = agent_named(real.provider).setup(environment(real, server, home), "")
    assert place in (setup.destination.host, setup.destination.through)


@pytest.mark.endurance
async def test_gemini_takes_no_variables_of_the_folders_above(tmp_path, monkeypatch):
    program_folder(GEMINI)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    async with ProviderServer() as server, ProviderServer() as other:
        (tmp_path / ".env").write_text(f"HTTP_PROXY={other.url}\nHTTPS_PROXY={other.url}\n")
        server.on(GEMINI.paths[0], GEMINI.says('{"findings": ["x"]}'))
        other.on(GEMINI.paths[0], GEMINI.says('{"findings": ["x"]}'))
        top = tmp_path / "project"
        top.mkdir()
        await signals_of(model_of(GEMINI, server, ReadableFolder(top), tmp_path / "home"), FULL)
        assert (len(server.requests), len(other.requests)) == (1, 0)
