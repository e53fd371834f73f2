"""The question before code leaves, and the one before the budget is exceeded."""

import asyncio

import pytest

from tests.tui.harness import Stage, until
from xreview.review.egress.consent import Egress
from xreview.tui.dialogs.question import QuestionScreen, budget_question, egress_question
from xreview.tui.listener import Listener
from xreview.tui.screens.triage.screen import TriageScreen

EGRESS = Egress("openai", "api.openai.com", ("gpt/risk", "gpt/economy"), 3, 20_480)


@pytest.fixture
def stage(monkeypatch, tmp_path):
    return Stage(monkeypatch, tmp_path)


def listening(app) -> Listener:
    return Listener(app.triage, app.questions)


async def opened(app, pilot) -> None:
    """Wait for a question, and open it."""
    await until(pilot, lambda: app.questions.titles)
    await pilot.press("Q")
    assert isinstance(app.screen, QuestionScreen)


def header(app) -> str:
    return str(app.triage.query_one("#status").content)


def text(screen) -> str:
    return str(screen.query_one("#about").render())


@pytest.mark.parametrize("size", [(160, 48), (100, 30), (70, 24)])
async def test_the_question_says_what_goes_where_at_every_size(stage, size):
    async with stage.run(size=size) as (app, pilot):
        listener = listening(app)
        asking = asyncio.create_task(listener.egress_wanted(EGRESS))
        await opened(app, pilot)
        await pilot.pause()
        box = app.screen.children[-1]
        assert "api.openai.com (openai)" in str(box.border_title)
        assert "3 files, a 20 KiB diff" in " ".join(text(app.screen).split())
        assert box.region.bottom <= size[1]
        assert box.region.right <= size[0]
        assert box.size.height >= 6, "sentences and both answers are seen"
        await pilot.press("1")
        assert await asking is True


@pytest.mark.parametrize(
    ("keys", "answer"),
    [(("0",), False), (("escape",), False), (("enter",), False), (("up", "enter"), True)],
)
async def test_only_a_yes_lets_code_go(stage, keys, answer):
    async with stage.run() as (app, pilot):
        listener = listening(app)
        asking = asyncio.create_task(listener.egress_wanted(EGRESS))
        await opened(app, pilot)
        await pilot.press(*keys)
        assert await asking is answer
        assert isinstance(app.screen, TriageScreen)


@pytest.mark.parametrize("size", [(160, 48), (100, 30), (70, 24)])
async def test_a_question_waits_in_the_header_and_takes_no_key(stage, size):
    async with stage.run(size=size) as (app, pilot):
        asking = asyncio.create_task(listening(app).egress_wanted(EGRESS))
        await until(pilot, lambda: app.questions.titles)
        await pilot.press("1", "j", "a")
        assert isinstance(app.screen, TriageScreen)
        assert len(app.triage.snapshot.triage.undoable) == 1, "the keys went to the findings"
        line = header(app).splitlines()[1][: size[0]]
        assert "? 1 question · Q" in line
        assert "Send code to api.openai.com (openai)?" in line
        await pilot.press("Q", "1")
        assert await asking is True
        await until(pilot, lambda: "question" not in header(app))


async def test_questions_open_one_after_the_other(stage):
    async with stage.run() as (app, pilot):
        listener = listening(app)
        first = asyncio.create_task(listener.egress_wanted(EGRESS))
        second = asyncio.create_task(listener.budget_wanted(1.2, 1.0))
        await until(pilot, lambda: len(app.questions.titles) == 2)
        assert "? 2 questions · Q" in header(app)
        await pilot.press("Q", "0", "1", "a")
        assert (await first, await second) == (False, True)
        assert isinstance(app.screen, TriageScreen)
        assert len(app.triage.snapshot.triage.undoable) == 1, "no key was lost between them"


async def test_a_question_that_nobody_asks_any_more_disappears_even_while_it_is_open(stage):
    async with stage.run() as (app, pilot):
        asking = asyncio.create_task(listening(app).egress_wanted(EGRESS))
        await opened(app, pilot)
        asking.cancel()
        await until(pilot, lambda: isinstance(app.screen, TriageScreen))
        assert app.questions.titles == ()
        await pilot.press("Q")
        assert isinstance(app.screen, TriageScreen)


async def test_no_notice_lies_over_the_answers(stage):
    async with stage.run(size=(70, 24)) as (app, pilot):
        app.notify("Something long. " * 20, timeout=60)
        await pilot.pause()
        listener = listening(app)
        asking = asyncio.create_task(listener.egress_wanted(EGRESS))
        await opened(app, pilot)
        await pilot.pause()
        assert not list(app.screen.query("Toast"))
        await pilot.press("0")
        await asking


async def test_keys_of_triage_answer_nothing(stage):
    async with stage.run() as (app, pilot):
        listener = listening(app)
        asking = asyncio.create_task(listener.budget_wanted(1.2, 1.0))
        await opened(app, pilot)
        await pilot.press("a", "y", "j", "q")
        assert isinstance(app.screen, QuestionScreen)
        assert not asking.done()
        assert app.triage.snapshot.triage.undoable == ()
        await pilot.press("1")
        assert await asking is True


def test_the_questions_name_amounts():
    assert "$1.20" in budget_question(1.2, 1.0).sentences[0]
    assert "up to $2.00" in budget_question(1.2, 1.0).yes_means
    assert egress_question(Egress("", "host", ("x",), 1, 10)).title == "Send code to host?"
