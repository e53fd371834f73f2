"""`b`: the author's model answers the finding under the cursor."""

import pytest

from tests.fakes.provider_server.server import ProviderServer
from tests.tui.asked import (
    SAID,
    UNLOCKED_TITLE,
    events,
    go_to,
    model,
    notices,
    prepared,
    says,
    settings,
    titled,
)
from tests.tui.harness import Stage, until
from xreview.domain.events.event import ModelAsked, StanceTaken
from xreview.domain.finding import Disagreement


@pytest.fixture
def stage(monkeypatch, tmp_path):
    return prepared(Stage(monkeypatch, tmp_path))


@pytest.fixture
async def server():
    async with ProviderServer() as running:
        says(running, SAID)
        yield running


async def test_what_was_lone_becomes_contested_and_the_cursor_stays(stage, server):
    given = settings(model("gpt", server, vendor="openai"))
    async with stage.run(settings=given) as (app, pilot):
        go_to(app)
        assert titled(app).disagreement is Disagreement.LONE
        assert server.requests == []
        text = app.triage.query_one("#disagreement Static")
        await until(pilot, lambda: "Press b to ask the author's model." in str(text.content))
        await pilot.press("b")
        await until(pilot, lambda: titled(app).disagreement is Disagreement.CONTESTED)
        await until(pilot, lambda: app.triage.snapshot.answering is None)
        await until(pilot, lambda: "gpt rebuts it." in notices(app))
        assert app.triage.findings.current.lead.title == UNLOCKED_TITLE
        shown = str(app.triage.query_one("#disagreement Static").content)
        assert shown.startswith("gpt rebuts")
        assert "The caller holds the lock." in shown
        assert "A test with two threads." in shown
        assert "no model was asked" not in shown
    (taken,) = events(stage, StanceTaken)
    assert taken.stance.party.name == "gpt"
    assert [one.reviewer for one in events(stage, ModelAsked)] == ["gpt"]


async def test_a_quote_from_nowhere_does_not_count_and_is_shown_as_such(stage, server):
    says(server, {**SAID, "quote": "with lock.held_by(nobody):"})
    given = settings(model("gpt", server, vendor="openai"))
    async with stage.run(settings=given) as (app, pilot):
        go_to(app)
        await pilot.press("b")
        await until(pilot, lambda: "doesn't count" in notices(app))
        assert titled(app).disagreement is Disagreement.LONE
        shown = str(app.triage.query_one("#disagreement Static").content)
        assert "This quote isn't in the code:" in shown


@pytest.mark.parametrize(
    ("author", "environ", "said"),
    [
        ("zhipu", {"MODEL_KEY": ""}, "No model of the author's family (zhipu) is set up"),
        ("openai", {"MODEL_KEY": ""}, "The author's model (openai) can't be asked: gpt: no key"),
    ],
)
async def test_where_nobody_can_answer_it_is_said_why(stage, server, author, environ, said):
    prepared(stage, author)
    stage.environ.update(environ)
    far = model("gpt", server, vendor="openai", base_url="https://llm.example/v1")
    async with stage.run(settings=settings(far)) as (app, pilot):
        await pilot.press("b")
        await until(pilot, lambda: said in notices(app))
        assert "xreview-tui models" in notices(app)
        assert app.triage.is_current
    assert server.requests == []
    assert events(stage, StanceTaken) == []


async def test_who_wrote_it_must_be_known(stage):
    stage.said = None
    async with stage.run() as (app, pilot):
        await pilot.press("b")
        await until(pilot, lambda: "Author unknown" in notices(app))
