"""Which agents are there, and whether they can be asked, without asking them."""

import json
from pathlib import Path

import pytest

from xreview.agents.base.agent import Login, agent_named, all_agents
from xreview.agents.finding.detection import detect
from xreview.agents.running.model import agent_model
from xreview.ports.failure import Failure, ModelError
from xreview.ports.provider import ReviewerSettings

AGENTS = [agent.name for agent in all_agents()]


class Machine:
    """A home, a folder of programs and a checkout."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.programs = folder / "programs"
        self.top = folder / "project"
        for made in (self.home, self.programs, self.top):
            made.mkdir()
        self.variables: dict[str, str] = {}

    def install(self, name: str, says: str, folder: Path | None = None) -> Path:
        """A program that says its version, and leaves a trace of having run."""
        program = (folder or self.programs) / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(f'#!/bin/sh\npwd >> "{self.home}/ran"\necho "{says}"\n')
        program.chmod(0o755)
        return program

    def npm(self, name: str, package: str, version: str) -> None:
        """A program as npm installs it: a link into its package."""
        top = self.programs.parent / "node_modules" / package
        program = self.install(f"{name}.js", "never run", top / "bin")
        (top / "package.json").write_text(json.dumps({"name": package, "version": version}))
        (self.programs / name).symlink_to(program)

    def write(self, path: str, text: str = "{}") -> None:
        file = self.home / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    @property
    def environ(self) -> dict[str, str]:
        path = f"{self.programs}:/usr/bin:/bin"
        return {"HOME": str(self.home), "PATH": path, **self.variables}

    @property
    def ran(self) -> list[str]:
        trace = self.home / "ran"
        return trace.read_text().split() if trace.exists() else []

    def detect(self, provider: str, **settings: str):
        return detect(ReviewerSettings("it", provider, **settings), self.environ, self.top)


@pytest.fixture
def machine(tmp_path) -> Machine:
    return Machine(tmp_path)


@pytest.mark.parametrize("provider", AGENTS)
def test_a_program_that_is_not_there(machine, provider):
    found = machine.detect(provider)
    assert found.program is None
    assert "is not on PATH" in found.why_not


@pytest.mark.parametrize("provider", AGENTS)
def test_a_version_is_read_from_the_package_without_running_anything(machine, provider):
    agent = agent_named(provider)
    machine.npm(agent.program, agent.package, ".".join(map(str, (*agent.tested, 7))))
    found = machine.detect(provider)
    assert found.program == machine.programs / agent.program
    assert found.is_known_version
    assert found.notice == ""
    assert machine.ran == []


@pytest.mark.parametrize(
    ("provider", "says", "version"),
    [
        ("claude-code", "2.1.330 (Claude Code)", "2.1.330"),
        ("codex", "codex-cli 0.171.0", "0.171.0"),
        ("gemini-cli", "0.61.0", "0.61.0"),
        ("opencode", "1.18.33", "1.18.33"),
        ("opencode", "who knows", ""),
    ],
)
def test_any_other_program_says_its_version_in_an_empty_folder(machine, provider, says, version):
    machine.install(agent_named(provider).program, says)
    assert machine.detect(provider).version == version
    assert machine.detect(provider).version == version
    (folder,) = machine.ran
    assert not Path(folder).is_relative_to(machine.top)
    assert not Path(folder).exists()


@pytest.mark.parametrize(
    ("version", "is_known", "why_not", "notice"),
    [
        ("0.171.3", True, "", ""),
        ("0.170.9", False, "version 0.170.9 is too old; update to 0.171 or newer", ""),
        ("0.172.0", False, "", "Codex 0.172.0 is newer than 0.171, the latest tested"),
        ("1.0.0", False, "", "Codex 1.0.0 is newer"),
        ("gibberish", False, "", "Codex doesn't report its version; we tested 0.171."),
    ],
)
def test_versions(machine, version, is_known, why_not, notice):
    machine.write(".codex/auth.json")
    machine.install("codex", version)
    found = machine.detect("codex")
    assert found.is_known_version is is_known
    assert found.why_not == why_not
    assert found.notice.startswith(notice)


@pytest.mark.parametrize("path", [".", "", "bin", "{top}/bin", "{top}/node_modules/.bin"])
def test_a_program_of_the_checkout_is_never_one(machine, path, monkeypatch):
    for folder in ("", "bin", "node_modules/.bin"):
        machine.install("claude", "2.1.330", machine.top / folder)
    monkeypatch.chdir(machine.top)
    machine.variables["PATH"] = f"{path.format(top=machine.top)}:/usr/bin:/bin"
    assert machine.detect("claude-code").program is None
    assert machine.ran == []


@pytest.mark.parametrize("command", ["bin/claude", "./claude", "{top}/claude", "{link}"])
def test_a_configured_program_of_the_checkout_is_none_either(machine, command, monkeypatch):
    program = machine.install("claude", "2.1.330", machine.top)
    link = machine.programs / "linked"
    link.symlink_to(program)
    monkeypatch.chdir(machine.top)
    given = command.format(top=machine.top, link=link)
    assert machine.detect("claude-code", command=given).program is None
    assert machine.ran == []


def test_a_configured_program(machine):
    program = machine.install("other", "2.1.330", machine.home / "own")
    assert machine.detect("claude-code", command=str(program)).program == program
    assert machine.detect("claude-code", command="~/own/other").program == program


LOGINS = [
    ("claude-code", ".claude/.credentials.json", "CLAUDE_CODE_OAUTH_TOKEN"),
    ("codex", ".codex/auth.json", "CODEX_API_KEY"),
    ("gemini-cli", ".gemini/oauth_creds.json", "GEMINI_API_KEY"),
]


@pytest.mark.parametrize(("provider", "file", "variable"), LOGINS)
def test_a_login_is_a_file_or_a_variable(machine, provider, file, variable, monkeypatch):
    monkeypatch.setattr("sys.platform", "linux")
    agent = agent_named(provider)
    machine.npm(agent.program, agent.package, ".".join(map(str, (*agent.tested, 0))))
    assert machine.detect(provider).login is Login.LOGGED_OUT
    assert machine.detect(provider).why_not == "not logged in"
    machine.variables = {variable: "a key"}
    assert machine.detect(provider).login is Login.LOGGED_IN
    machine.variables = {}
    machine.write(file, "a secret that is not read, and is no JSON")
    (machine.home / file).chmod(0)
    found = machine.detect(provider)
    assert found.login is Login.LOGGED_IN
    assert found.why_not == ""


def test_a_login_in_a_keyring_is_unknown(machine):
    machine.npm("codex", "@openai/codex", "0.171.0")
    machine.write(".codex/config.toml", 'cli_auth_credentials_store = "keyring"')
    found = machine.detect("codex")
    assert found.login is Login.UNKNOWN
    assert found.why_not == ""


@pytest.mark.parametrize(
    ("provider", "files", "variables", "model", "vendor"),
    [
        ("claude-code", {}, {}, "", "anthropic"),
        (
            "claude-code",
            {".claude/settings.json": '{"model": "opus"}'},
            {},
            "opus",
            "anthropic",
        ),
        ("claude-code", {}, {"ANTHROPIC_BASE_URL": "https://api.z.ai/x"}, "", ""),
        (
            "claude-code",
            {},
            {"ANTHROPIC_BASE_URL": "https://api.z.ai/x", "ANTHROPIC_MODEL": "glm-5"},
            "glm-5",
            "zhipu",
        ),
        ("codex", {}, {}, "", "openai"),
        (
            "codex",
            {".codex/config.toml": 'model = "gpt-6.2-sol"'},
            {},
            "gpt-6.2-sol",
            "openai",
        ),
        (
            "codex",
            {".codex/config.toml": 'model = "qwen3"\nmodel_provider = "ollama"'},
            {},
            "",
            "openai",
        ),
        ("codex", {".codex/config.toml": "no toml ["}, {}, "", "openai"),
        (
            "gemini-cli",
            {".gemini/settings.json": '{"model": {"name": "gemini-4-argon"}} // mine'},
            {},
            "gemini-4-argon",
            "google",
        ),
        ("opencode", {}, {}, "", ""),
        (
            "opencode",
            {".config/opencode/opencode.json": '{"model": "anthropic/claude-opus-5-5"}'},
            {},
            "anthropic/claude-opus-5-5",
            "anthropic",
        ),
        (
            "opencode",
            {
                ".config/opencode/opencode.jsonc": (
                    '{// mine\n"url": "https://x//y", /* b */ "model": "openrouter/x-ai/grok-5",\n}'
                )
            },
            {},
            "openrouter/x-ai/grok-5",
            "xai",
        ),
        (
            "opencode",
            {
                ".local/state/opencode/model.json": (
                    '{"recent": [{"providerID": "openai", "modelID": "gpt-6.2-sol"}]}'
                )
            },
            {},
            "openai/gpt-6.2-sol",
            "openai",
        ),
    ],
)
def test_the_family_is_that_of_the_model_it_would_run(
    machine, provider, files, variables, model, vendor
):
    for path, text in files.items():
        machine.write(path, text)
    machine.variables = variables
    found = machine.detect(provider)
    assert (found.model, found.vendor) == (model, vendor)


def test_the_configuration_names_the_model_and_the_family(machine):
    machine.write(".config/opencode/opencode.json", '{"model": "anthropic/claude-opus-5-5"}')
    found = machine.detect("opencode", model="local/mine", vendor="qwen")
    assert (found.model, found.vendor) == ("local/mine", "qwen")


def test_a_checkouts_own_settings_are_not_read(machine, monkeypatch):
    (machine.top / "opencode.json").write_text('{"model": "openai/gpt-6.2-sol"}')
    (machine.top / ".claude").mkdir()
    (machine.top / ".claude" / "settings.json").write_text('{"model": "glm-5"}')
    monkeypatch.chdir(machine.top)
    assert machine.detect("opencode").model == ""
    assert machine.detect("claude-code").model == ""


def test_a_program_that_never_says_its_version_is_given_up(machine, monkeypatch):
    monkeypatch.setattr("xreview.agents.finding.detection._SECONDS", 0.3)
    program = machine.programs / "codex"
    program.write_text("#!/bin/sh\nsleep 600\n")
    program.chmod(0o755)
    assert machine.detect("codex").version == ""


def test_a_model_is_made_of_what_was_found(machine):
    machine.write(".codex/auth.json")
    machine.install("codex", "0.172.0")
    settings = ReviewerSettings("mine", "codex", model="gpt-6.2-sol", context=1000)
    model = agent_model(settings, machine.top, machine.environ)
    assert model.identity.name == "mine"
    assert (model.identity.vendor, model.identity.model) == ("openai", "gpt-6.2-sol")
    assert model.identity.host == "Codex"
    assert "0.172.0" in model.identity.notices[0]
    assert model.features.has_own_tools
    assert model.features.structured
    assert not model.features.tools


def test_an_agent_that_can_not_be_used_says_why(machine):
    machine.install("codex", "0.100.0")
    with pytest.raises(ModelError) as caught:
        agent_model(ReviewerSettings("mine", "codex"), machine.top, machine.environ)
    assert caught.value.failure is Failure.KEY
    assert "too old" in caught.value.message
