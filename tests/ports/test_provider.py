"""Every provider keeps to the contract of its kind; a new one is found, and held to it, here."""

import subprocess
import sys

import pytest

from tests.agents.reading_events import read
from xreview.agents.base.agent import Agent, AgentSetup, all_agents, instruction_names
from xreview.config.reviewers import ReviewerTables, shipped_reviewers
from xreview.hardening.address import address_of
from xreview.http.secret import Secret
from xreview.models.http.format import wire_formats
from xreview.models.http.model import HttpModel
from xreview.models.local_servers import default_ports, server_names
from xreview.ports.failure import ModelError
from xreview.ports.provider import agent_names, find_provider, providers

KEY = "sk-live-3f9a7c51d2e84b60"


def by_name(one) -> str:
    return one.name


def test_every_provider_is_a_wire_format_or_an_agent() -> None:
    assert set(providers()) == {*wire_formats(), *all_agents()}
    names = [one.name for one in providers()]
    assert len(set(names)) == len(names) >= 9
    assert agent_names() == tuple(agent.name for agent in all_agents())


@pytest.mark.parametrize("provider", providers(), ids=by_name)
def test_a_provider_is_found_by_its_modules_name(provider) -> None:
    assert find_provider(provider.name) is provider
    assert provider.label
    for variable in (*provider.key_variables, *provider.variable_by_url.values()):
        assert variable.isupper()
    assert set(provider.bearer_variables) <= set(provider.key_variables)


@pytest.mark.parametrize("name", ["http", "wire", "replay", "local-servers", "base", "smtp", ""])
def test_no_other_module_is_one(name: str) -> None:
    assert find_provider(name) is None


@pytest.mark.parametrize("provider", providers(), ids=by_name)
def test_a_provider_can_be_configured(provider) -> None:
    table = {"provider": provider.name, "model": "m"}
    if not provider.is_agent and not provider.base_url:
        table["base_url"] = "https://llm.example/v1"
    assert ReviewerTables().parse({"x": table})["x"].provider == provider.name
    listed = ReviewerTables().schema()["additionalProperties"]["properties"]["provider"]["enum"]
    assert provider.name in listed


@pytest.mark.parametrize("form", wire_formats(), ids=by_name)
def test_a_wire_format_has_an_adapter(form) -> None:
    adapter = form.load()
    assert issubclass(adapter, HttpModel)
    assert adapter.dialect.read({}).message == ""
    assert not form.base_url or address_of(form.base_url).base == form.base_url
    for variable in (*form.key_variables, "OTHER"):
        (header,) = form.credential(Secret(KEY), variable).headers().items()
        assert KEY in header[1]
        is_bearer = variable in form.bearer_variables or not form.key_header
        assert header[0] == ("authorization" if is_bearer else form.key_header)
    if form.local_servers:
        assert adapter.listing.startswith("/")
        assert adapter.in_listing({}) == ((), ())


def test_local_servers_share_no_name_and_no_port() -> None:
    assert len(set(server_names())) == len(server_names()) == len(set(default_ports()))


@pytest.mark.parametrize("agent", all_agents(), ids=by_name)
def test_an_agent_says_what_it_is(agent: Agent, tmp_path) -> None:
    assert shipped_reviewers()[agent.name].provider == agent.name
    assert agent.program
    assert agent.package
    assert set(agent.instructions) <= instruction_names()
    assert all(name == name.lower() for name in agent.instructions)
    setup = agent.setup({"HOME": str(tmp_path)}, "")
    assert isinstance(setup, AgentSetup)
    assert setup.destination.host == ""


@pytest.mark.parametrize("agent", all_agents(), ids=by_name)
def test_an_agent_that_says_nothing_is_an_error(agent: Agent) -> None:
    (error,) = [one for one in read(agent, []) if isinstance(one, ModelError)]
    assert agent.label in error.message


def loaded_by(statement: str) -> set[str]:
    program = f"{statement}; import sys; print(*sys.modules, sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_looking_one_up_imports_no_other() -> None:
    table = {"x": {"provider": "openai", "model": "m"}}
    loaded = loaded_by(
        f"from xreview.config.reviewers import ReviewerTables; ReviewerTables().parse({table})"
    )
    assert "xreview.models.openai" in loaded
    others = {"xreview.models.openai.adapter", "xreview.models.anthropic", "xreview.agents.codex"}
    assert loaded.isdisjoint({*others, "asyncio", "httpx"})


def test_the_built_in_reviewers_are_known_without_importing_agents() -> None:
    loaded = loaded_by(
        "from xreview.config.reviewers import all_reviewers; assert 'codex' in all_reviewers({})"
    )
    assert "xreview.agents.codex" not in loaded


def test_listing_all_starts_nothing_heavy() -> None:
    loaded = loaded_by("from xreview.ports.provider import providers; providers()")
    assert {"xreview.agents.codex", "xreview.models.google"} <= loaded
    assert loaded.isdisjoint({"asyncio", "httpx", "subprocess", "xreview.agents.running.model"})
