"""Two models of different families read a change that a person wrote, and answer each other."""

import json
from contextlib import AsyncExitStack

import pytest

from tests.fakes.provider_server import chat as double
from tests.fakes.provider_server import openai
from tests.fakes.provider_server.reply import Answer, Reply, Request
from tests.fakes.provider_server.server import ProviderServer
from tests.tui.asked import KEY, events, model, settings, titled
from tests.tui.harness import Stage, until
from xreview.domain.authorship.author import PERSON
from xreview.domain.authorship.author_answer import AuthorAnswer
from xreview.domain.events.event import StanceTaken
from xreview.domain.finding import Disagreement
from xreview.domain.stance import StanceKind
from xreview.review.choosing.rounds import AnswerRounds

BALANCE, TOKEN = "    account.balance -= amount", "    token = random.random()"
BELOW_ZERO = {
    "path": "app.py",
    "side": "new",
    "start_line": 10,
    "quote": BALANCE,
    "title": "Balance can go below zero",
    "claim": "Nothing checks that the account holds the amount.",
    "scenario": "Pay 10 from an account with 5.",
    "settle": "A test with an account that holds less.",
    "category": "data-integrity",
    "severity": "high",
    "confidence": "high",
    "request": None,
    "suggestion": None,
}
UNUSED = {
    **BELOW_ZERO,
    "start_line": 9,
    "quote": TOKEN,
    "title": "The token means nothing to anybody",
    "claim": "A caller gets a number that is stored nowhere.",
    "category": "simplification",
    "severity": "medium",
}


def stance(kind: str, quote: str, line: int) -> dict[str, object]:
    return {
        "claim": 1,
        "path": "app.py",
        "side": "new",
        "start_line": line,
        "quote": quote,
        "argument": f"So it is: {kind}.",
        "stance": kind,
        "settle": "A test.",
    }


def says(server: ProviderServer, report: object, answer: object) -> None:
    """What a model reports, and what it answers to claims of others."""

    def reply(request: Request) -> Reply:
        is_asked = '"trade-off"' in json.dumps(request.json)
        return found(answer if is_asked else report)(request)  # type: ignore[operator]

    server.on("/v1/models", openai.models("gpt-1", "gem-1"))
    server.on(double.PATH, reply)


def found(one: object) -> Answer:
    return double.reply(json.dumps({"findings": [one]}))


@pytest.fixture
def stage(monkeypatch, tmp_path):
    made = Stage(monkeypatch, tmp_path)
    made.environ["MODEL_KEY"] = KEY
    made.said = AuthorAnswer(PERSON)
    return made


@pytest.fixture
async def servers():
    async with AsyncExitStack() as stack:
        gpt = await stack.enter_async_context(ProviderServer())
        gemini = await stack.enter_async_context(ProviderServer())
        says(gpt, BELOW_ZERO, stance("rebuts", TOKEN, 9))
        says(gemini, UNUSED, stance("concedes", BALANCE, 10))
        yield gpt, gemini


def given(servers: tuple[ProviderServer, ProviderServer], **changed: object):
    gpt = model("gpt", servers[0], vendor="openai")
    gemini = model("gem", servers[1], vendor="google")
    return settings(gpt, gemini, review_with=("risk", "economy", "gpt", "gem"), **changed)


async def test_each_answers_what_the_other_raised_alone(stage, servers):
    async with stage.run(settings=given(servers, rebuttals=True)) as (app, pilot):
        await until(pilot, lambda: len(app.triage.snapshot.answered) == 2)
        below, unused = (titled(app, one["title"]) for one in (BELOW_ZERO, UNUSED))
        assert below.disagreement is Disagreement.CONCEDED
        assert unused.disagreement is Disagreement.CONTESTED
        assert "gem" in {one.party.name for one in below.stances if one.argument}
    taken = {(one.stance.party.name, one.stance.kind) for one in events(stage, StanceTaken)}
    assert taken == {("gem", StanceKind.CONCEDES), ("gpt", StanceKind.REBUTS)}


async def test_neither_is_told_who_raised_what_it_is_asked_about(stage, servers):
    async with stage.run(settings=given(servers, rebuttals=True)) as (app, pilot):
        await until(pilot, lambda: len(app.triage.snapshot.answered) == 2)
    for server, other in zip(servers, ("gem", "gpt"), strict=True):
        asked = [json.dumps(body) for body in server.bodies(double.PATH)]
        (question,) = [body for body in asked if '"trade-off"' in body]
        assert other not in question.replace("gpt-1", "").replace("gem-1", "")
        assert "google" not in question
        assert "openai" not in question


async def test_rebuttals_switched_off_ask_nobody(stage, servers):
    async with stage.run(settings=given(servers, rebuttals=False)) as (app, pilot):
        await until(pilot, lambda: len(app.triage.snapshot.findings) >= 5)
        await until(pilot, lambda: not app.triage.snapshot.is_running)
    assert events(stage, StanceTaken) == []
    for server in servers:
        assert not any('"trade-off"' in json.dumps(one) for one in server.bodies(double.PATH))


async def test_stopping_the_round_stops_the_model_that_is_asked(stage, servers, monkeypatch):
    ended: list[str] = []

    async def answers(self, answerer, contents, findings):
        try:
            while True:
                yield session.snapshot
        finally:
            ended.append(answerer.identity.name)

    monkeypatch.setattr(AnswerRounds, "answers", answers)
    async with stage.run(settings=given(servers, rebuttals=False)) as (app, pilot):
        await until(pilot, lambda: not app.triage.snapshot.is_running)
        review = app.flow._ready()
        session = review.session
        asking = review.rounds.run(None, session.snapshot.findings)
        await anext(asking)
        assert ended == []
        await asking.aclose()
        assert len(ended) == 1, "closed with it, not some time later"
