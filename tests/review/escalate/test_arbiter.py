"""One opinion of a third vendor's model on a finding with two sides."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from tests.fakes.model import ScriptedModel
from tests.fakes.reports import report as made
from tests.review.rebut.building import AUTHOR, CHANGE, CRITIC, RACE, answerer, finding, turn
from xreview.disagreement.stances import TakenStances, with_stances
from xreview.domain.errors import ReviewerError, UsageError
from xreview.domain.events.escalation_events import Favour, OpinionGiven
from xreview.domain.events.event import StanceTaken
from xreview.domain.finding import Finding
from xreview.domain.report import Direction, ReviewerIdentity, ReviewerKind
from xreview.domain.stance import Stance, StanceKind
from xreview.ports.model import Finished, Stop
from xreview.ports.reviewer import Asked, Notice
from xreview.review.escalate.arbiter import OPINION_SCHEMA, ask_arbiter
from xreview.review.escalate.positions import NO_ANSWER, positions_in

ARBITER = ReviewerIdentity("gemini", ReviewerKind.MODEL, "google", "gemini-4")
REBUTTAL = Stance(
    AUTHOR,
    StanceKind.REBUTS,
    "The lock of the order is held.",
    "    with locks.of(order):",
    "A test with two threads.",
    "shop/pay.py",
    7,
)


def answered(*stances: Stance) -> Finding:
    taken = TakenStances().with_more(StanceTaken((RACE.fingerprint,), one) for one in stances)
    return with_stances(finding(RACE), taken)


CONTESTED = answered(REBUTTAL)


def opinion(bears_out: str = "A", **changed: Any) -> dict[str, Any]:
    return {
        "path": "shop/pay.py",
        "side": "new",
        "start_line": 7,
        "quote": "    with locks.of(order):",
        "argument": "The charge stands inside of the lock.",
        "bears_out": bears_out,
        "settle": "",
        **changed,
    }


async def judged(
    model: ScriptedModel,
    about: Finding = CONTESTED,
    *,
    is_report_second: bool = False,
    identity: ReviewerIdentity = ARBITER,
    **given: Any,
) -> list[Any]:
    stream = ask_arbiter(
        about,
        "a1",
        CHANGE.change,
        CHANGE.contents,
        answerer(model, identity=identity),
        author="openai",
        is_report_second=is_report_second,
        **given,
    )
    async with aclosing(stream) as signals:
        return [signal async for signal in signals]


def given_in(signals: Sequence[Any]) -> OpinionGiven:
    (given,) = [one for one in signals if isinstance(one, OpinionGiven)]
    return given


@pytest.mark.parametrize(
    ("bears_out", "is_report_second", "favours"),
    [
        ("A", False, Favour.REPORT),
        ("B", False, Favour.ANSWER),
        ("A", True, Favour.ANSWER),
        ("B", True, Favour.REPORT),
        ("both", True, Favour.BOTH),
        ("neither", False, Favour.NEITHER),
    ],
)
async def test_an_opinion_is_for_a_side_whatever_letter_it_had(
    bears_out: str, is_report_second: bool, favours: Favour
) -> None:
    model = ScriptedModel(turn(opinion(bears_out)))

    given = given_in(await judged(model, is_report_second=is_report_second))

    assert (given.favours, given.is_report_second) == (favours, is_report_second)
    assert (given.action, given.subjects, given.party) == ("a1", (RACE.fingerprint,), ARBITER)
    assert (given.path, given.line, given.anchored) == ("shop/pay.py", 7, True)


@pytest.mark.parametrize("is_report_second", [False, True])
async def test_the_sides_are_sent_without_names_in_the_order_that_was_drawn(
    is_report_second: bool,
) -> None:
    model = ScriptedModel(turn(opinion()))

    await judged(model, is_report_second=is_report_second)

    (sent,) = model.asked
    report = sent.question.index("Nothing keeps two requests apart.")
    answer = sent.question.index("The lock of the order is held.")
    assert (answer < report) is is_report_second
    text = f"{sent.instructions}\n{sent.shared}\n{sent.question}".lower()
    for hint in (CRITIC.name, AUTHOR.name, "anthropic", "claude", "openai", "reviewer's", "author"):
        assert hint not in text.replace("as its author or its commits say", "")


async def test_a_quote_that_is_made_up_is_marked() -> None:
    model = ScriptedModel(turn(opinion(quote="    with locks.none():")))
    assert not given_in(await judged(model)).anchored


async def test_two_opinions_are_one() -> None:
    signals = await judged(ScriptedModel(turn(opinion("A"), opinion("B"))))
    assert given_in(signals).favours is Favour.REPORT


async def test_no_opinion_is_a_notice() -> None:
    signals = await judged(ScriptedModel([Finished(Stop.REFUSED, detail="policy")]))
    assert not any(isinstance(one, OpinionGiven) for one in signals)
    (notice,) = [one for one in signals if isinstance(one, Notice)]
    assert "gemini gave no opinion: the model refused: policy" in notice.sentence
    empty = await judged(ScriptedModel(turn()))
    assert any(isinstance(one, Notice) for one in empty)


@pytest.mark.parametrize("family", ["openai", "anthropic", ""])
async def test_who_took_part_is_no_third_party(family: str) -> None:
    model = ScriptedModel()
    with pytest.raises(UsageError, match=r"already involved|unknown"):
        await judged(model, identity=replace(ARBITER, family=family))
    assert not model.asked


async def test_silence_is_not_taking_part() -> None:
    silent = answered(REBUTTAL, Stance(replace(ARBITER, name="other"), StanceKind.SILENT))
    assert given_in(await judged(ScriptedModel(turn(opinion())), silent)).favours is Favour.REPORT


async def test_code_that_is_not_in_the_change_is_a_sentence() -> None:
    elsewhere = finding(made("Elsewhere", path="other.py", reviewer=CRITIC))
    with pytest.raises(ReviewerError, match=r"other\.py, isn.t in the change"):
        await judged(ScriptedModel(), elsewhere)


async def test_the_prompt_is_told() -> None:
    signals = await judged(ScriptedModel(turn(opinion())))
    assert next(one for one in signals if isinstance(one, Asked)).prompt == "arbiter/2"


async def test_closing_cancels_what_runs() -> None:
    started, ended = asyncio.Event(), asyncio.Event()

    class Endless(ScriptedModel):
        async def ask(self, request):
            started.set()
            try:
                await asyncio.Event().wait()
                yield Finished(Stop.OK)
            finally:
                ended.set()

    task = asyncio.create_task(judged(Endless()))
    await started.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert ended.is_set()


def test_what_stands_most_against_a_report_is_its_other_side() -> None:
    conceded = replace(REBUTTAL, kind=StanceKind.CONCEDES, argument="Yes.")
    weighed = replace(REBUTTAL, kind=StanceKind.TRADE_OFF, argument="It costs.")
    made_up = replace(REBUTTAL, argument="Made up.", anchored=False)
    other, third = replace(AUTHOR, name="x"), replace(AUTHOR, name="y")

    def against(*stances: Stance) -> str:
        return positions_in(answered(*stances)).answer.argument

    assert against() == NO_ANSWER
    assert against(replace(conceded, party=other), REBUTTAL) == REBUTTAL.argument
    assert against(conceded, replace(weighed, party=other)) == "It costs."
    assert against(made_up, replace(weighed, party=other)) == "It costs."
    assert against(made_up, replace(REBUTTAL, party=third)) == REBUTTAL.argument
    assert against(made_up) == "Made up."


def test_a_report_that_asks_for_the_opposite_is_the_other_side() -> None:
    more = made("More checks", request=(Direction.ADD, "validation"), reviewer=CRITIC, quote="x")
    less = made("Fewer checks", request=(Direction.REMOVE, "input checks"), reviewer=ARBITER)
    both = Finding((more, less), (), finding(more).disagreement)
    assert positions_in(both).answer.argument.startswith("Fewer checks")


def test_what_would_settle_it_is_gathered_once() -> None:
    asked = replace(RACE, settle="A test with two threads.")
    about = replace(CONTESTED, reports=(asked,))
    assert positions_in(about).settles == ("A test with two threads.",)


def test_the_schema_takes_what_is_asked_for() -> None:
    jsonschema.Draft202012Validator.check_schema(OPINION_SCHEMA)
    jsonschema.validate(json.loads(json.dumps({"findings": [opinion("both")]})), OPINION_SCHEMA)
