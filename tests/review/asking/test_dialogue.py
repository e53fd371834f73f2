"""A request whose answer is read as a whole."""

from typing import Any

from tests.fakes.model import ScriptedModel, answer
from xreview.config.prices import load_prices
from xreview.ports.model import Finished, Stop, TextDelta, Tokens
from xreview.ports.request import ModelRequest, ToolCall, ToolResult
from xreview.review.asking import dialogue as dialogue_module
from xreview.review.asking.conversation import Ending
from xreview.review.asking.dialogue import Dialogue, DialogueEnded, DialogueSignal
from xreview.review.asking.money import Money, Terms, TurnUsage
from xreview.review.egress.gate import Gate

REQUEST = ModelRequest("instructions", "question", max_output_tokens=1000)


class Answers:
    """Stands for the toolbox."""

    async def answer(self, call: ToolCall) -> ToolResult:
        return ToolResult(call, "line 1\n" * 1000)


async def said_by(model: Any, *repairs: str, cap: float = 1.0, **more: Any) -> list[DialogueSignal]:
    terms = Terms(Money(cap), load_prices().of("gpt-6.2-sol"), is_free=False)
    left = list(repairs)

    async def repair(text: str) -> str:
        return left.pop(0) if left else ""

    dialogue = Dialogue(model, REQUEST, terms, Gate(), **more)
    return [one async for one in dialogue.run(repair)]


async def test_the_answer_comes_last_after_its_usage():
    *before, ended = await said_by(ScriptedModel(answer("Yes.", Tokens(10, output=5, cost=0.1))))
    assert before == [TurnUsage(Tokens(10, output=5, cost=0.1), 0.1)]
    assert ended == DialogueEnded(Ending.ANSWERED, "Yes.")


async def test_it_asks_once_more_at_most():
    model = ScriptedModel(answer("No."), answer("Maybe."))
    ended = (await said_by(model, "Really?", "Really really?"))[-1]
    assert ended == DialogueEnded(Ending.ANSWERED, "Maybe.")
    assert [one.text for one in model.asked[1].exchanges] == ["Really?"]


async def test_what_an_agent_gives_as_its_answer_counts():
    model = ScriptedModel([TextDelta("Working…"), Finished(Stop.OK, answer="{}")])
    assert (await said_by(model))[-1] == DialogueEnded(Ending.ANSWERED, "{}")


async def test_no_money_for_the_repair_keeps_the_first_answer_apart():
    model = ScriptedModel(answer("No.", Tokens(10, output=5, cost=0.99)), answer("Maybe."))
    ended = (await said_by(model, "Really?"))[-1]
    assert ended == DialogueEnded(Ending.NO_MONEY, "No.", "the budget is used up")


async def test_tool_results_that_leave_no_room_end_it():
    turn = [ToolCall("1", "read_file", "{}"), Tokens(1), Finished(Stop.TOOLS, echo="e")]
    ended = (await said_by(ScriptedModel(turn), toolbox=Answers(), most_input=500))[-1]
    assert isinstance(ended, DialogueEnded)
    assert ended.ending is Ending.TRUNCATED
    assert "no room" in ended.why


async def test_an_endless_answer_is_left(monkeypatch):
    monkeypatch.setattr(dialogue_module, "MOST_ANSWER", 100)
    model = ScriptedModel([TextDelta("x" * 60)] * 50)
    ended = (await said_by(model))[-1]
    assert isinstance(ended, DialogueEnded)
    assert ended.ending is Ending.TRUNCATED
    assert "over 100 characters" in ended.why
    assert model.running == 0
