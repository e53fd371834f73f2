"""One request: streamed, with calls, repaired once, cut off, refused, paid for."""

import json
from typing import Any

import pytest

from tests.fakes.model import IDENTITY, ScriptedModel, answer
from xreview.config.prices import load_prices
from xreview.domain.change import Side
from xreview.domain.reply_count import ReplyCount
from xreview.domain.report import ReviewerIdentity, ReviewerKind
from xreview.ports.failure import Failure, ModelError
from xreview.ports.model import (
    Doing,
    Finished,
    Restarted,
    Stop,
    TextDelta,
    Tokens,
)
from xreview.ports.request import ModelRequest, ToolCall, ToolResult
from xreview.review.asking.conversation import (
    Conversation,
    ConversationEnded,
    ConversationSignal,
    Ending,
    Terms,
    replayed,
)
from xreview.review.asking.money import Money, TurnUsage
from xreview.review.reply.check import Checker, StatedFinding
from xreview.review.reply.quote import ShownCode

CHECKER = Checker(
    ReviewerIdentity("gpt", ReviewerKind.MODEL, "openai", "gpt-6.2-sol"),
    ShownCode({("a.py", Side.NEW): ["total = 0", "total += price"]}),
)
REQUEST = ModelRequest("instructions", "question", max_output_tokens=1000)


def finding(title: str, **changed: Any) -> dict[str, Any]:
    return {
        "path": "a.py",
        "side": "new",
        "start_line": 2,
        "quote": "total += price",
        "title": title,
        "claim": f"{title}, always.",
        "scenario": "",
        "settle": "",
        "category": "edge-case",
        "severity": "high",
        "confidence": "high",
        "request": None,
        "suggestion": None,
        **changed,
    }


def findings(*titles: str) -> str:
    return json.dumps({"findings": [finding(title) for title in titles]})


class Answers:
    """Stands for the toolbox: what it answers is tested with it."""

    def __init__(self) -> None:
        self.calls: list[ToolCall] = []

    async def answer(self, call: ToolCall) -> ToolResult:
        self.calls.append(call)
        return ToolResult(call, "line 1")


def terms(cap: float = 1.0, *, is_known: bool = True, is_free: bool = False) -> Terms:
    price = load_prices().of("gpt-6.2-sol") if is_known else None
    return Terms(Money(cap), price, is_free)


WRONG = json.dumps({"findings": [finding("wrong", severity="huge")]})


async def said_by(
    model: ScriptedModel, toolbox: Answers | None = None, **given: Any
) -> list[ConversationSignal]:
    conversation = Conversation(model, REQUEST, CHECKER, terms(**given), toolbox)  # type: ignore[arg-type] # a double
    return [said async for said in conversation.run()]


def titles(said: list[ConversationSignal]) -> list[str]:
    return [one.report.title for one in said if isinstance(one, StatedFinding)]


async def test_findings_come_while_the_answer_does() -> None:
    model = ScriptedModel(answer(findings("Overflow of totals", "Prices never rounded"), pieces=40))

    said = await said_by(model)

    assert titles(said) == ["Overflow of totals", "Prices never rounded"]
    assert [type(one) for one in said] == [
        StatedFinding,
        StatedFinding,
        TurnUsage,
        ConversationEnded,
    ]
    ended = said[-1]
    assert isinstance(ended, ConversationEnded)
    assert (ended.ending, ended.why) == (Ending.ANSWERED, "")
    assert ended.reply is not None
    assert ended.reply.model == "gpt-6.2-sol-20261101"
    assert [one.report.title for one in replayed(ended.reply, CHECKER)] == [
        "Overflow of totals",
        "Prices never rounded",
    ]


async def test_calls_are_carried_out_and_answered_together() -> None:
    calls = [ToolCall("1", "read_file", "{}"), ToolCall("2", "search", "{}")]
    echo = {"turn": 1}
    model = ScriptedModel(
        [Doing("thinking"), *calls, Tokens(input=10), Finished(Stop.TOOLS, echo=echo)],
        answer(findings("found")),
    )
    toolbox = Answers()

    said = await said_by(model, toolbox)

    assert toolbox.calls == calls
    (exchange,) = model.asked[1].exchanges
    assert exchange.echo == echo
    assert [result.call for result in exchange.results] == calls
    for result in exchange.results:  # what a file holds can't end what a tool gave back
        begin, *inner, end = result.text.split("\n")
        assert inner == ["line 1"]
        assert begin.replace("BEGIN", "END") == end
    assert titles(said) == ["found"]
    assert sum(isinstance(one, TurnUsage) for one in said) == 2


async def test_a_call_that_was_cut_off_is_not_carried_out() -> None:
    toolbox = Answers()
    script = [ToolCall("1", "read_file", '{"pa'), Finished(Stop.TRUNCATED)]

    said = await said_by(ScriptedModel(script), toolbox)

    assert toolbox.calls == []
    assert isinstance(said[-1], ConversationEnded)
    assert said[-1].ending is Ending.TRUNCATED


async def test_a_malformed_finding_gets_one_turn_to_be_repaired() -> None:
    wrong = json.dumps({"findings": [finding("right"), finding("wrong", severity="huge")]})
    model = ScriptedModel(answer(wrong), answer(findings("wrong")))

    said = await said_by(model)

    assert titles(said) == ["right", "wrong"]
    assert "findings[1].severity" in model.asked[1].exchanges[0].text
    assert isinstance(said[-1], ConversationEnded)
    assert (said[-1].ending, said[-1].why) == (Ending.ANSWERED, "")


async def test_what_stays_malformed_is_left_out_and_said() -> None:
    wrong = json.dumps({"findings": [finding("wrong", severity="huge")]})

    for second in (wrong, findings()):
        said = await said_by(ScriptedModel(answer(wrong), answer(second)))

        assert titles(said) == []
        assert isinstance(said[-1], ConversationEnded)
        assert said[-1].why == "1 finding left out as malformed"


async def test_an_answer_that_is_none_twice_is_invalid() -> None:
    said = await said_by(ScriptedModel(answer("I like it."), answer("Really.")))

    assert isinstance(said[-1], ConversationEnded)
    assert said[-1].ending is Ending.INVALID
    assert said[-1].reply is None


@pytest.mark.parametrize(
    ("replies", "counted"),
    [
        ([findings("a")], ReplyCount(1, 0, 0)),
        ([WRONG, findings("wrong")], ReplyCount(1, 1, 1)),
        ([WRONG, WRONG], ReplyCount(1, 1, 0)),
        ([WRONG, findings()], ReplyCount(1, 1, 0)),
        (["I like it.", findings()], ReplyCount(1, 1, 1)),
        (["I like it.", "Really."], ReplyCount(1, 1, 0)),
    ],
)
async def test_a_reply_that_breaks_the_schema_is_counted_once(replies, counted) -> None:
    made = Conversation(ScriptedModel(*map(answer, replies)), REQUEST, CHECKER, terms())
    assert [said async for said in made.run()]
    assert made.replies == counted


async def test_a_reply_that_was_cut_off_or_refused_is_not_counted() -> None:
    for stop in (Stop.TRUNCATED, Stop.REFUSED):
        script = [TextDelta("{"), Finished(stop)]
        made = Conversation(ScriptedModel(script), REQUEST, CHECKER, terms())
        assert [said async for said in made.run()]
        assert made.replies == ReplyCount()


async def test_what_came_before_the_cut_is_kept_and_not_remembered() -> None:
    text = findings("Overflow of totals", "Prices never rounded")[:-40]
    script = [TextDelta(text), Finished(Stop.TRUNCATED)]

    said = await said_by(ScriptedModel(script))

    assert titles(said) == ["Overflow of totals"]
    assert isinstance(said[-1], ConversationEnded)
    assert said[-1].reply is None


async def test_a_refusal_is_told() -> None:
    said = await said_by(ScriptedModel([Finished(Stop.REFUSED, detail="policy")]))

    assert said[-1] == ConversationEnded(Ending.REFUSED, "the model refused: policy")


async def test_a_stream_that_begins_anew_says_nothing_twice() -> None:
    text = findings("Overflow of totals", "Prices never rounded")
    script = [TextDelta(text[: len(text) // 2 + 60]), Restarted(), *answer(text)]

    said = await said_by(ScriptedModel(script))

    assert titles(said) == ["Overflow of totals", "Prices never rounded"]


async def test_an_answer_apart_from_the_text_is_the_answer() -> None:
    script = [TextDelta("I looked around."), Finished(Stop.OK, answer=findings("structured"))]

    assert titles(await said_by(ScriptedModel(script))) == ["structured"]


async def test_no_request_is_sent_that_could_cost_too_much() -> None:
    model = ScriptedModel(answer(findings()))

    said = await said_by(model, cap=0.001)

    assert model.asked == []
    assert [one.ending for one in said if isinstance(one, ConversationEnded)] == [Ending.NO_MONEY]


@pytest.mark.parametrize(
    ("given", "tokens", "cost"),
    [
        ({}, Tokens(input=1_000_000, cached=500_000, output=1000), 4 * 0.5 + 0.2 * 0.5 + 0.015),
        ({}, Tokens(input=1000, cost=0.5), 0.5),
        ({"is_known": False}, Tokens(input=1000), None),
        ({"is_free": True}, Tokens(input=1000), 0.0),
    ],
)
async def test_the_cost_is_the_servers_or_the_price_lists(
    given: dict[str, bool], tokens: Tokens, cost: float | None
) -> None:
    said = await said_by(ScriptedModel(answer(findings(), tokens)), **given)

    (used,) = [one for one in said if isinstance(one, TurnUsage)]
    assert used.cost == (None if cost is None else pytest.approx(cost))


async def test_a_model_that_only_calls_is_stopped() -> None:
    turn = [ToolCall("1", "list_files", "{}"), Finished(Stop.TOOLS)]

    with pytest.raises(ModelError, match="without an answer") as caught:
        await said_by(ScriptedModel(*[turn] * 40), Answers())
    assert caught.value.failure is Failure.PROTOCOL


async def test_a_failure_is_the_models(caplog: pytest.LogCaptureFixture) -> None:
    model = ScriptedModel([TextDelta("{"), ModelError(Failure.RATE, "Too many.")])

    with pytest.raises(ModelError, match="Too many"):
        await said_by(model)
    assert model.identity is IDENTITY
    assert caplog.text == ""


async def test_two_claims_of_one_kind_about_one_line_are_both_said_and_a_repeat_once() -> None:
    lost = finding("Race", claim="Two requests both pass the balance check.")
    early = finding("Race", claim="The lock is released before the commit.")
    loud = finding("RACE", claim="Two  requests both pass the balance check!")
    abroad = finding("競合", claim="ロックがない"), finding("競合", claim="順序が逆")
    text = json.dumps({"findings": [lost, early, loud, lost, *abroad, *abroad]})

    said = await said_by(ScriptedModel(answer(text)))

    assert titles(said) == ["Race", "Race", "競合", "競合"]
    assert isinstance(said[-1], ConversationEnded)
    assert said[-1].reply is not None
    assert [one.report for one in replayed(said[-1].reply, CHECKER)] == [
        one.report for one in said if isinstance(one, StatedFinding)
    ]


async def test_an_answer_that_is_too_much_is_read_no_further_and_paid_for() -> None:
    class Endless(ScriptedModel):
        sent = 0

        async def ask(self, request: ModelRequest) -> Any:
            yield TextDelta('{"findings": [')
            while True:
                self.sent += 1
                yield TextDelta("{    }," * 100)

    model = Endless()

    said = await said_by(model)

    *_, used, ended = said
    assert isinstance(ended, ConversationEnded)
    assert (ended.ending, ended.reply) == (Ending.TRUNCATED, None)
    assert ended.why == "it sent more than 500 findings; only the first 500 were read"
    assert model.sent < 10
    assert isinstance(used, TurnUsage)
    assert used.tokens.output == REQUEST.max_output_tokens
    assert used.cost


@pytest.mark.parametrize("by_answer", [True, False])
async def test_one_piece_may_be_of_any_length(by_answer: bool) -> None:
    text = '{"findings": [' + "[" * 5_000_000
    turn: list[Any] = [TextDelta(text), Finished(Stop.OK)]

    said = await said_by(ScriptedModel([Finished(Stop.OK, answer=text)] if by_answer else turn))

    assert isinstance(said[-1], ConversationEnded)
    assert said[-1].why == "it sent more than 2,000,000 characters; nothing was read"


async def test_a_turn_of_calls_without_end_is_given_up() -> None:
    class Endless(ScriptedModel):
        async def ask(self, request: ModelRequest) -> Any:
            while True:
                yield ToolCall("1", "search", "{}")

    with pytest.raises(ModelError, match="called over 64 tools at once"):
        await said_by(Endless(), Answers())


async def test_what_the_model_does_is_said_when_it_changes() -> None:
    doing = [Doing("thinking")] * 1000 + [Doing("searching"), Doing("thinking")]

    said = await said_by(ScriptedModel([*doing, *answer('{"findings": []}')]))

    assert [one.what for one in said if isinstance(one, Doing)] == [
        "thinking",
        "searching",
        "thinking",
    ]
