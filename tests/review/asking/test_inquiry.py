"""Questions to one model side by side: each is closed once, whatever becomes of the others."""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.model import ScriptedModel, answer
from tests.review.asking.test_conversation import CHECKER, finding
from xreview.config.prices import load_prices
from xreview.domain.report import Lens, ReviewerIdentity, ReviewerKind
from xreview.ports.failure import Failure, ModelError
from xreview.ports.model import (
    Doing,
    Finished,
    ModelFeatures,
    ModelIdentity,
    ModelLimits,
    Stop,
    TextDelta,
    Tokens,
)
from xreview.ports.request import Effort, ModelRequest
from xreview.ports.reviewer import Asked, Usage
from xreview.review.asking.answerer import Answerer, Voice
from xreview.review.asking.conversation import Ending
from xreview.review.asking.inquiry import (
    Inquiry,
    InquirySignal,
    Question,
    QuestionClosed,
    QuestionSignal,
)
from xreview.review.asking.money import Money, Terms
from xreview.review.asking.reply_cache import ReplyCache
from xreview.review.prompt.room import room_in
from xreview.review.prompt.template import template_for
from xreview.review.reply.check import StatedFinding

WHO = ReviewerIdentity("gpt", ReviewerKind.MODEL, "openai", "gpt-6.2-sol")
NOTHING = answer('{"findings": []}')
SCRIPTS: dict[str, Sequence[Any]] = {
    "good": answer(json.dumps({"findings": [finding("Total is never reset")]})),
    "empty": NOTHING,
    "refused": [Finished(Stop.REFUSED, detail="policy")],
    "cut": [TextDelta('{"findings": ['), Finished(Stop.TRUNCATED)],
    "invalid": answer("I like it."),
    "busy": [ModelError(Failure.SERVER, "It is overloaded.", "Wait.")],
    "locked": [ModelError(Failure.KEY, "The key is wrong.", "Set another.")],
    "dear": answer('{"findings": []}', Tokens(input=400_000, output=100_000)),
}


def question(word: str, **given: Any) -> Question:
    return Question(ModelRequest("Review.", f"About {word}."), CHECKER, word, **given)


def answerer(model: ScriptedModel, cap: float = 10.0, at_once: int = 4, **given: Any) -> Answerer:
    terms = Terms(Money(cap), load_prices().of("gpt-6.2-sol"), False)
    return Answerer(WHO, Voice(model, terms), asyncio.Semaphore(at_once), **given)


def scripted(**given: Any) -> ScriptedModel:
    return ScriptedModel(by_question={f"About {word}.": SCRIPTS[word] for word in SCRIPTS}, **given)


async def told_by(who: Answerer, *questions: Question) -> list[InquirySignal]:
    inquiry = Inquiry(who, questions, template_for(Lens.RISK), 3)
    async with aclosing(inquiry.answers()) as answers:
        return [told async for told in answers]


def closed(told: Sequence[InquirySignal]) -> dict[int, QuestionClosed]:
    ends = [
        one
        for one in told
        if isinstance(one, QuestionSignal) and isinstance(one.what, QuestionClosed)
    ]
    assert len({one.index for one in ends}) == len(ends), "each question is closed once"
    return {one.index: one.what for one in ends if isinstance(one.what, QuestionClosed)}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(list(SCRIPTS)), max_size=9), st.integers(1, 4))
def test_each_question_is_closed_once_and_last(words: list[str], at_once: int) -> None:
    async def run() -> list[InquirySignal]:
        who = answerer(scripted(), 1.0, at_once)
        return await told_by(who, *map(question, words))

    told = asyncio.run(run())

    assert set(closed(told)) == set(range(len(words)))
    assert isinstance(told[-1], Asked)
    assert told[-1].withheld == 3
    over: set[int] = set()
    for one in told:
        if isinstance(one, QuestionSignal):
            assert one.index not in over
            over |= {one.index} if isinstance(one.what, QuestionClosed) else set()
    usage = [one for one in told if isinstance(one, Usage)]
    assert sum(isinstance(one, Asked) for one in told) == 1
    assert told[-1].requests == len(usage)


@pytest.mark.parametrize(
    ("word", "ending", "why"),
    [
        ("good", Ending.ANSWERED, ""),
        ("refused", Ending.REFUSED, "the model refused: policy"),
        ("cut", Ending.TRUNCATED, "the answer was cut off at the maximum length"),
        ("invalid", Ending.INVALID, "the answer was invalid twice"),
        ("busy", None, "It is overloaded. Wait."),
    ],
)
async def test_how_a_question_ended_is_told(word: str, ending: Ending | None, why: str) -> None:
    told = await told_by(answerer(scripted()), question(word))

    (end,) = closed(told).values()
    assert (end.ending, end.why) == (ending, why)
    assert (end.failure is not None) is (ending is None)
    assert sum(
        isinstance(one, QuestionSignal) and isinstance(one.what, StatedFinding) for one in told
    ) == (word == "good")


async def test_after_a_wrong_key_the_rest_is_not_asked_and_says_why() -> None:
    model = scripted()

    told = await told_by(answerer(model, at_once=1), *map(question, ("locked", "good", "good")))

    assert len(model.asked) == 1
    ends = closed(told)
    assert {str(one.failure) for one in ends.values()} == {"The key is wrong. Set another."}
    assert {one.ending for one in ends.values()} == {None}


async def test_three_failures_in_a_row_are_enough_and_an_answer_between_counts_anew() -> None:
    in_a_row, between = scripted(), scripted()

    await told_by(answerer(in_a_row, at_once=1), *map(question, ["busy"] * 5))
    words = ["busy", "busy", "good", "busy", "busy", "good"]
    await told_by(answerer(between, at_once=1), *map(question, words))

    assert len(in_a_row.asked) == 3
    assert len(between.asked) == len(words)


async def test_what_has_no_money_is_closed_without_a_failure() -> None:
    model = scripted()

    told = await told_by(answerer(model, cap=0.0001, at_once=1), *map(question, ("good", "good")))

    first, second = closed(told).values()
    assert (first.ending, second.ending) == (Ending.NO_MONEY, None)
    assert first.why == second.why == "the budget is used up"
    assert first.failure is second.failure is None
    assert not model.asked


async def test_the_deadline_closes_what_runs_and_what_waits() -> None:
    model = scripted(seconds=60)

    told = await told_by(
        answerer(model, at_once=1, seconds=0.06), *map(question, ("good", "good", "good"))
    )

    assert [one.why for one in closed(told).values()] == [
        "the deadline of 0.001 minutes passed"
    ] * 3
    assert (len(model.asked), model.running) == (1, 0)
    assert isinstance(told[-1], Asked)


UNFORESEEN = [
    ZeroDivisionError(),
    ValueError("embedded null byte"),
    RecursionError(),
    MemoryError(),
    KeyError("sk-a-key"),
    TimeoutError(),
    asyncio.CancelledError(),
]


@pytest.mark.parametrize("error", UNFORESEEN, ids=lambda one: type(one).__name__)
async def test_whatever_is_raised_closes_one_question_and_the_others_are_answered(
    error: BaseException,
) -> None:
    class Broken(ScriptedModel):
        async def ask(self, request: ModelRequest) -> Any:
            if "cut" in request.question:
                raise error
            async with aclosing(super().ask(request)) as signals:
                async for signal in signals:
                    yield signal

    told = await told_by(
        answerer(Broken(by_question={"": NOTHING})), *map(question, ("good", "cut", "good"))
    )

    ends = closed(told)
    assert [ends[index].ending for index in range(3)] == [Ending.ANSWERED, None, Ending.ANSWERED]
    assert ends[1].failure is not None
    assert ends[1].why.startswith("Asking gpt ")
    assert "sk-a-key" not in ends[1].why
    assert isinstance(told[-1], Asked)


async def test_a_damaged_cache_closes_its_question_and_no_more(tmp_path: Path) -> None:
    class Damaged(ReplyCache):
        def get(self, key: str) -> Any:
            raise RecursionError

    who = answerer(scripted(), cache=Damaged(tmp_path))

    ends = closed(await told_by(who, question("good"), question("empty")))

    assert all(one.failure is not None for one in ends.values())
    assert len(ends) == 2


async def test_closing_cancels_what_runs_and_gives_the_slots_back() -> None:
    class Hanging(ScriptedModel):
        async def ask(self, request: ModelRequest) -> Any:
            self.running += 1
            try:
                yield Doing("thinking")
                await asyncio.Event().wait()
            finally:
                self.running -= 1

    hanging = Hanging()
    who = answerer(hanging, at_once=2)
    inquiry = Inquiry(who, [question("good")] * 3, template_for(Lens.RISK), 0)
    answers = inquiry.answers()
    assert [await anext(answers) for _ in range(2)] == [Doing("good: thinking")] * 2
    assert (hanging.running, who.slots.locked()) == (2, True)

    await answers.aclose()

    assert hanging.running == 0
    after = replace(who, voice=replace(who.voice, model=scripted()))
    assert len(closed(await told_by(after, *[question("good")] * 3))) == 3


async def test_what_is_not_hard_goes_to_the_lighter_model() -> None:
    strong, light = scripted(), scripted()
    who = answerer(strong)
    who = replace(who, lighter=replace(who.voice, model=light))

    await told_by(who, question("good"), question("empty", is_hard=False))

    assert [one.question for one in strong.asked] == ["About good."]
    assert [one.question for one in light.asked] == ["About empty."]
    assert who.voice_for(is_hard=False).model is light


async def test_a_reply_is_remembered_for_the_model_that_gave_it(tmp_path: Path) -> None:
    other = ModelIdentity("gpt", "openai", "gpt-6.2-mini", "127.0.0.1:1")
    strong, light = scripted(), scripted(identity=other)
    who = answerer(strong, cache=ReplyCache(tmp_path))
    who = replace(who, lighter=replace(who.voice, model=light))

    await told_by(who, question("good"))
    again = await told_by(who, question("good"))
    await told_by(who, question("good", is_hard=False))
    await told_by(replace(who, effort=Effort.HIGH), question("good"))

    assert (len(strong.asked), len(light.asked)) == (2, 1)
    (end,) = closed(again).values()
    assert end == QuestionClosed(ending=Ending.ANSWERED)
    assert isinstance(again[-1], Asked)
    assert (again[-1].requests, again[-1].remembered, again[-1].host) == (0, 1, "")
    assert (
        Counter(type(one.what) for one in again if isinstance(one, QuestionSignal))[StatedFinding]
        == 1
    )


async def test_tools_and_answer_are_no_more_than_there_is_room_for() -> None:
    who = answerer(scripted(limits=ModelLimits(window=50_000), features=ModelFeatures()))
    assert who.tools == ()
    given: list[int] = []

    class Tools:
        def limited(self, most_bytes: int) -> "Tools":
            given.append(most_bytes)
            return self

    with_tools = replace(who, new_toolbox=Tools)
    window = await with_tools.window()
    assert window.tools > 0
    fitted = with_tools.within(room_in(window, 3_000))
    request = fitted.request(ModelRequest("", ""))
    assert request.tools == with_tools.tools != ()
    assert request.max_output_tokens == 12_500
    fitted.new_toolbox()
    assert 15_000 < given[0] < 30_000

    small = with_tools.within(room_in(replace(window, limits=ModelLimits(window=8_192)), 1_400))
    assert small.request(ModelRequest("", "")).tools == ()
    assert small.max_output == 2_048


async def test_of_two_models_the_narrower_window_counts() -> None:
    who = answerer(scripted(limits=ModelLimits(window=200_000)))
    light = scripted(limits=ModelLimits(window=8_192))
    both = replace(who, lighter=replace(who.voice, model=light))
    assert (await both.window()).size == 8_192


async def test_a_model_without_tools_needs_no_room_for_them() -> None:
    model = scripted(limits=ModelLimits(window=50_000), features=ModelFeatures(tools=False))
    with_tools = replace(answerer(model), new_toolbox=lambda: pytest.fail("not asked"))
    assert (await with_tools.window()).tools == 0
