"""A model over HTTP reads beside the analysers in the real app, against a loopback server."""

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.fakes.provider_server import openai as double
from tests.fakes.provider_server.reply import json_reply
from tests.fakes.provider_server.server import ProviderServer
from tests.tui.harness import Stage, until
from xreview.config.schema import Settings
from xreview.domain.authorship.author_answer import AuthorAnswer
from xreview.domain.events.event import ModelAsked, OpponentChosen, ReviewersJoined, UsageReceived
from xreview.hardening.address import address_of
from xreview.journal.store import Journal
from xreview.ports.provider import ReviewerSettings

KEY = "sk-test-Zq3R8vXk1LmT0pWd"
FOUND = {
    "path": "app.py",
    "side": "new",
    "start_line": 10,
    "quote": "    account.balance -= amount",
    "title": "Balance can go below zero",
    "claim": "Nothing checks that the account holds the amount.",
    "scenario": "Pay 10 from an account with 5.",
    "settle": "A test with an account that holds less.",
    "category": "data-integrity",
    "severity": "high",
    "confidence": "high",
    "request": {"direction": "add", "topic": "validation"},
    "suggestion": None,
}
INVENTED = {**FOUND, "quote": "launch_missiles()", "title": "Missiles", "claim": "They fly."}


@pytest.fixture
def stage(monkeypatch, tmp_path):
    made = Stage(monkeypatch, tmp_path)
    made.environ["GPT_KEY"] = KEY
    made.said = AuthorAnswer("anthropic", "claude-opus-4.8")
    return made


@pytest.fixture
async def server():
    async with ProviderServer() as running:
        answer = json.dumps({"findings": [FOUND, INVENTED]})
        running.on(double.PATH, double.response(double.message(answer)))
        yield running


def settings_for(server: ProviderServer, **changed: Any) -> Settings:
    gpt = ReviewerSettings(
        "gpt", "openai", "gpt-6.2-sol", base_url=f"{server.url}/v1", key_variable="GPT_KEY"
    )
    return Settings(review_with=("gpt",), reviewers={"gpt": gpt}, **changed)


def titles(app) -> set[str]:
    return {finding.lead.title for finding in app.triage.snapshot.findings}


def events(stage, kind):
    with Journal.open(stage.journal) as journal:
        return [event.payload for event in journal.events(types=(kind,))]


async def test_its_findings_come_beside_those_of_the_analysers(stage, server):
    async with stage.run(settings=settings_for(server)) as (app, pilot):
        await until(pilot, lambda: "Balance can go below zero" in titles(app))
        await until(pilot, lambda: not app.triage.snapshot.is_running)
        snapshot = app.triage.snapshot
        assert {one.identity.name for one in snapshot.reviewers} == {"risk", "economy", "gpt"}
        (found,) = [f for f in snapshot.findings if f.lead.title == "Balance can go below zero"]
        assert found.lead.anchored
        assert found.anchor.start_line == 10
        (invented,) = [f for f in snapshot.findings if f.lead.title == "Missiles"]
        assert not invented.lead.anchored
        await pilot.press("a")

    assert events(stage, OpponentChosen)[-1].reviewers[0] == "gpt"
    assert [one.name for one in events(stage, ReviewersJoined)[0].reviewers] == ["gpt"]
    (asked,) = events(stage, ModelAsked)
    assert (asked.reviewer, asked.prompt) == ("gpt", "economy/2")
    assert asked.requests == 3
    assert {one.reviewer for one in events(stage, UsageReceived)} >= {"gpt"}
    assert KEY.encode() not in stage.journal.read_bytes()
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


async def test_nothing_leaves_before_a_yes(stage, server, monkeypatch):
    # To the app this host is somewhere else; to the test's client it is still loopback.
    elsewhere = lambda url: replace(address_of(url), is_local=False)  # noqa: E731 - short
    monkeypatch.setattr("xreview.review.asking.prospects.address_of", elsewhere)
    settings = settings_for(server)
    async with stage.app(settings).run_test(size=(160, 48)) as pilot:
        app = pilot.app
        await until(pilot, lambda: app.questions.titles)
        await until(pilot, lambda: len(titles(app)) == 3)  # the analysers do not wait
        assert server.requests == []
        await pilot.press("Q", "0")
        await until(pilot, lambda: not app.triage.snapshot.is_running)
        await until(pilot, lambda: "code can't go to" in " ".join(app.triage.snapshot.notices))
    assert server.requests == []

    async with stage.app(settings).run_test(size=(160, 48)) as pilot:
        app = pilot.app
        await until(pilot, lambda: app.questions.titles)
        await pilot.press("Q", "1")
        await until(pilot, lambda: "Balance can go below zero" in titles(app))
    async with stage.run(settings=settings) as (app, pilot):
        await until(pilot, lambda: "Balance can go below zero" in titles(app))
        assert app.questions.titles == ()


async def test_reviewing_again_sends_only_what_changed(stage, server):
    settings = settings_for(server)
    async with stage.run(settings=settings) as (app, pilot):
        await until(pilot, lambda: "Balance can go below zero" in titles(app))
        await until(pilot, lambda: not app.triage.snapshot.is_running)
    sent = len(server.bodies(double.PATH))
    stage.repository.write("other.py", "x = 1\n")

    async with stage.run(settings=settings) as (app, pilot):
        await until(pilot, lambda: not app.triage.snapshot.is_running)
        await until(pilot, lambda: "Balance can go below zero" in titles(app))

    assert sent > 0
    (new,) = server.bodies(double.PATH)[sent:]
    assert "other.py" in json.dumps(new)


async def test_a_failing_model_leaves_the_analysers_findings(stage, server):
    server.on(double.PATH, json_reply({"error": {"code": "invalid_api_key"}}, 401))
    async with stage.run(settings=settings_for(server)) as (app, pilot):
        await until(pilot, lambda: not app.triage.snapshot.is_running)
        (gpt,) = [one for one in app.triage.snapshot.reviewers if one.identity.name == "gpt"]
        assert "rejected the key" in gpt.error
        assert len(app.triage.snapshot.findings) >= 3
        assert not app.triage.snapshot.is_complete


async def test_a_broken_prompt_of_the_users_is_told_and_no_model_is_asked(stage, server):
    folder = stage.journal.parent / "config" / "prompts"
    folder.mkdir(parents=True)
    (folder / "economy.toml").write_text('based_on = 2\nfocus = "  "\n')
    async with stage.run(settings=settings_for(server)) as (app, _):
        assert len(titles(app)) == 3, "the analysers read"
        assert app.triage.snapshot.choice is not None, "the author is shown all the same"
        told = " ".join(app.triage.snapshot.notices)
        assert f"{folder / 'economy.toml'}:2: “focus” is blank." in told
    assert server.requests == []
    assert events(stage, ModelAsked) == []
