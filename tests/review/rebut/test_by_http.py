"""The whole way over HTTP for one vendor: what is sent, and what comes of what is answered."""

import json
from dataclasses import replace

from tests.fakes.provider_server import anthropic as double
from tests.fakes.provider_server.server import ProviderServer
from tests.models.http.asking import StillClock
from tests.models.test_anthropic import model_at
from tests.review.rebut.building import (
    CRITIC,
    RACE,
    SWALLOWED,
    answerer,
    asked,
    finding,
    says,
    taken,
)
from xreview.disagreement.stances import TakenStances, with_stances
from xreview.domain.events.event import StanceTaken
from xreview.domain.finding import Disagreement
from xreview.domain.stance import StanceKind
from xreview.ports.model import ModelLimits
from xreview.ports.reviewer import Notice, Usage
from xreview.review.rebut.batches import MOST_REPORTS

RAISED = [replace(one, reviewer=replace(CRITIC, family="openai")) for one in (RACE, SWALLOWED)]
CLAUDE = replace(CRITIC, name="claude")
LIMITS = ModelLimits(200_000, 64_000)


async def test_an_author_s_model_answers_and_the_findings_change_their_kind() -> None:
    answers = {
        "findings": [
            says(1),
            says(2, "rebuts", quote="    log(error)", argument="It is logged."),
        ]
    }
    findings = [finding(one) for one in RAISED]
    async with ProviderServer() as server:
        server.on(double.PATH, double.message(double.text(json.dumps(answers))))
        model = model_at(server.url, StillClock(), known=LIMITS)
        signals = await asked(answerer(model, identity=CLAUDE), *findings)
        await model.close()
        (body,) = server.bodies(double.PATH)

    first, second = taken(signals).values()
    assert (first.kind, first.anchored, second.kind, second.anchored) == (
        StanceKind.REBUTS, True, StanceKind.REBUTS, False,
    )  # fmt: skip
    stances = TakenStances().with_more(one for one in signals if isinstance(one, StanceTaken))
    kinds = [with_stances(one, stances).disagreement for one in findings]
    assert kinds == [Disagreement.CONTESTED, Disagreement.LONE]
    usage = [one for one in signals if isinstance(one, Usage)][-1]
    assert (usage.input_tokens, usage.output_tokens) == (100, 40)
    text = json.dumps(body)
    for name in ("openai", "gpt", CRITIC.name):
        assert name not in text


async def test_the_code_is_marked_for_the_server_s_cache_and_the_same_in_all_questions() -> None:
    many = [
        replace(RAISED[0], fingerprint=f"f{number}", title=f"Claim {number}")
        for number in range(MOST_REPORTS + 1)
    ]
    answers = {"findings": [says(number + 1) for number in range(MOST_REPORTS)]}
    async with ProviderServer() as server:
        server.on(double.PATH, double.message(double.text(json.dumps(answers))))
        model = model_at(server.url, StillClock(), known=LIMITS)
        await asked(answerer(model, identity=CLAUDE), *map(finding, many))
        await model.close()
        bodies = server.bodies(double.PATH)

    shared = {json.dumps(body["messages"][0]["content"][0]) for body in bodies}
    (block,) = map(json.loads, shared)
    assert "with locks.of(order):" in block["text"]
    assert block["cache_control"]["type"] == "ephemeral"
    assert len({json.dumps(body["system"]) for body in bodies}) == 1


async def test_a_wrong_key_is_told_once_and_nothing_is_raised() -> None:
    async with ProviderServer() as server:
        server.on(double.PATH, double.error(401, "authentication_error", "invalid x-api-key"))
        model = model_at(server.url, StillClock(), known=LIMITS)
        signals = await asked(answerer(model, identity=CLAUDE), *map(finding, RAISED))
        await model.close()

    assert {stance.kind for stance in taken(signals).values()} == {StanceKind.SILENT}
    (notice,) = [one for one in signals if isinstance(one, Notice)]
    assert "rejected the key" in notice.sentence
