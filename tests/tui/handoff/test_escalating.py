"""What follows `e`: an opinion, a letter, a test; the decision stays whatever becomes of it."""

from dataclasses import replace

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
from tests.tui.harness import Stage, reviewed, until
from xreview.domain.decision import Reason, Verdict
from xreview.domain.events.event import Exported, ModelAsked, OpinionGiven, UsageReceived
from xreview.hardening.address import address_of
from xreview.review.escalate.letters import letter_names
from xreview.review.escalate.person import answer_in
from xreview.tui.dialogs.choice import ChoiceScreen
from xreview.tui.dialogs.prompt import PromptScreen

OPINION = {
    **{name: SAID[name] for name in ("path", "side", "start_line", "quote", "settle")},
    "argument": "Nothing in this file takes a lock.",
    "bears_out": "both",
}
MEASURE = {
    "settles": "It fails where two threads pay at once.",
    "limits": "",
    "code": "def test_two_threads() -> None:\n    assert True\n",
}


@pytest.fixture
def stage(monkeypatch, tmp_path):
    return prepared(Stage(monkeypatch, tmp_path))


@pytest.fixture
async def server():
    async with ProviderServer() as running:
        says(running, OPINION)
        yield running


def shown(app) -> str:
    return str(app.triage.query_one("#disagreement Static").content)


def drawn(app) -> str:
    return "\n".join(str(one.render()) for one in app.screen.query("Static"))


def is_escalated(app, to: Reason) -> bool:
    decided = app.triage.snapshot.triage.decided(titled(app))
    return decided is not None and decided.decision.reason is to


async def test_a_third_vendors_model_gives_an_opinion_that_decides_nothing(stage, server):
    given = settings(model("gpt", server, vendor="openai"), model("gem", server, vendor="google"))
    async with stage.run(settings=given) as (app, pilot):
        go_to(app)
        await pilot.press("e", "a")
        await until(pilot, lambda: "Opinion, not a verdict: gem thinks both" in notices(app))
        await until(pilot, lambda: events(stage, OpinionGiven))
        go_to(app)
        await until(pilot, lambda: "Nothing in this file takes a lock." in shown(app))
        assert "An opinion that you asked for, not a decision." in shown(app)
        assert titled(app).disagreement.value == "lone"
        assert is_escalated(app, Reason.ARBITER)
        await until(pilot, lambda: [one.party.name for one in app.triage.snapshot.answered])
        (used,) = app.triage.snapshot.answered
        assert used.party.name == "gem"
        assert used.usage.input_tokens > 0
        await pilot.press("u")
        await until(pilot, lambda: not is_escalated(app, Reason.ARBITER))
        await until(pilot, lambda: "takes a lock" not in shown(app))
        await pilot.press("U")
        await until(pilot, lambda: "takes a lock" in shown(app))
    (opinion,) = events(stage, OpinionGiven)
    assert opinion.party.family == "google"
    asked = [one for one in events(stage, ModelAsked) if one.prompt.startswith("arbiter/")]
    assert [one.reviewer for one in asked] == ["gem"]
    assert "gem" in {one.reviewer for one in events(stage, UsageReceived)}

    async with stage.run(settings=given) as (app, pilot):
        await until(pilot, lambda: app.triage.precedents is not None)
        go_to(app)
        await until(pilot, lambda: "takes a lock" in shown(app))


async def test_of_several_selected_each_gets_an_opinion_of_its_own(stage, server):
    given = settings(model("gpt", server, vendor="openai"), model("gem", server, vendor="google"))
    async with stage.run(settings=given) as (app, pilot):
        for title in (UNLOCKED_TITLE, "Weak randomness"):
            go_to(app, title)
            await pilot.press("x")
        await pilot.press("e", "a")
        await until(pilot, lambda: len(events(stage, OpinionGiven)) == 2)
        asked = {titled(app, one).fingerprint for one in (UNLOCKED_TITLE, "Weak randomness")}
        await until(pilot, lambda: len(app.triage.snapshot.answered) == 2)
        await pilot.press("u")
        await until(pilot, lambda: not is_escalated(app, Reason.ARBITER))
    opinions = events(stage, OpinionGiven)
    assert {subject for one in opinions for subject in one.subjects} == asked
    assert len({one.action for one in opinions}) == 1, "one key, one action, one undo"


async def test_without_a_third_vendor_an_arbiter_is_not_offered_and_the_menu_says_why(
    stage, server
):
    given = settings(model("gpt", server, vendor="openai"))
    async with stage.run(settings=given) as (app, pilot):
        go_to(app)
        await pilot.press("e", "a")
        assert isinstance(app.screen, ChoiceScreen)
        assert "No third vendor's model can be asked" in drawn(app)
        assert "arbiter" not in drawn(app)
        await pilot.press("escape")
        assert app.triage.snapshot.triage.verdict(titled(app)) is None
    assert server.requests == []


async def test_nothing_goes_to_a_third_vendor_after_a_no(stage, server, monkeypatch):
    elsewhere = lambda url: replace(address_of(url), is_local=False)  # noqa: E731 - short
    monkeypatch.setattr("xreview.review.asking.prospects.address_of", elsewhere)
    app = stage.app(settings(model("gem", server, vendor="google")))
    async with app.run_test(size=(160, 48), notifications=True) as pilot:
        await until(pilot, lambda: app.questions.titles)
        await pilot.press("Q", "0")
        await reviewed(app, pilot)
        go_to(app)
        await pilot.press("e")
        assert "code can't go to" in drawn(app)
        await pilot.press("a", "escape")
        assert app.triage.snapshot.triage.verdict(titled(app)) is None
    assert server.requests == []
    assert events(stage, OpinionGiven) == []


async def test_escape_in_the_letters_prompt_undoes_the_escalation_alone(stage):
    async with stage.run() as (app, pilot):
        go_to(app)
        await pilot.press("e", "p")
        await until(pilot, lambda: isinstance(app.screen, PromptScreen))
        assert is_escalated(app, Reason.PERSON)
        await pilot.press("escape")
        await until(pilot, lambda: not is_escalated(app, Reason.PERSON))
        assert "Escalation undone." in notices(app)
        assert app.triage.findings.current.lead.title == UNLOCKED_TITLE
    assert events(stage, Exported) == []


async def test_a_colleague_gets_a_letter_that_can_be_answered(stage, tmp_path):
    target = tmp_path / "letter.md"
    async with stage.run() as (app, pilot):
        go_to(app)
        await pilot.press("e", "p")
        await until(pilot, lambda: isinstance(app.screen, PromptScreen))
        app.screen._input.value = str(target)
        await pilot.press("enter")
        await until(pilot, lambda: "xreview-tui escalation answer" in notices(app))
        assert is_escalated(app, Reason.PERSON)
        action = app.triage.snapshot.triage.decided(titled(app)).action
        fingerprint = titled(app).fingerprint
    written = target.read_text().replace("answer:", "answer: both").replace("by:", "by: Ada", 1)
    answer = answer_in(written)
    assert (answer.action, answer.finding, answer.by) == (action, fingerprint, "Ada")
    (kept,) = events(stage, Exported)
    assert (kept.format, kept.target, kept.count) == ("letter", str(target), 1)


async def test_a_letter_never_takes_the_place_of_what_is_there(stage, tmp_path):
    target = tmp_path / "letter.md"
    target.write_text("an answer\n")
    async with stage.run() as (app, pilot):
        await pilot.press("e", "p")
        await until(pilot, lambda: isinstance(app.screen, PromptScreen))
        app.screen._input.value = str(target)
        await pilot.press("enter")
        await until(pilot, lambda: "already exists" in notices(app))
        await until(pilot, lambda: isinstance(app.screen, PromptScreen))
        await pilot.press("escape")
    assert target.read_text() == "an answer\n"
    assert events(stage, Exported) == []


async def test_a_model_writes_the_test_that_would_settle_it(stage, server):
    says(server, MEASURE)
    given = settings(model("gpt", server, vendor="openai"), model("gem", server, vendor="google"))
    async with stage.run(settings=given) as (app, pilot):
        go_to(app)
        await pilot.press("e", "m")
        await until(pilot, lambda: "Read it before you run it" in notices(app))
    (file,) = (stage.journal.parent / "state" / "measures").iterdir()
    text = file.read_text()
    assert "def test_two_threads()" in text
    assert "gem" in text
    assert UNLOCKED_TITLE in text
    assert not file.stat().st_mode & 0o111
    (kept,) = events(stage, Exported)
    assert (kept.format, kept.target) == ("measure", str(file))
    asked = [one for one in events(stage, ModelAsked) if one.prompt.startswith("measure/")]
    assert [one.reviewer for one in asked] == ["gem"]


async def test_without_a_model_the_test_is_an_honest_skeleton(stage):
    async with stage.run() as (app, pilot):
        go_to(app)
        await pilot.press("e", "m")
        await until(pilot, lambda: "Wrote the skeleton of a test" in notices(app))
        assert app.triage.snapshot.triage.verdict(titled(app)) is Verdict.ESCALATE
    (file,) = (stage.journal.parent / "state" / "measures").iterdir()
    assert "no model wrote this test" in file.read_text()
    assert str(file) in notices(app)


async def test_with_something_in_the_way_no_letter_is_written_and_the_next_folder_gets_them_all(
    stage, tmp_path
):
    folders = [tmp_path / name for name in ("taken", "free")]
    for folder in folders:
        folder.mkdir()
    async with stage.run() as (app, pilot):
        go_to(app)
        await pilot.press("x", "x", "e", "p")
        await until(pilot, lambda: isinstance(app.screen, PromptScreen))
        triage = app.triage.snapshot.triage
        chosen = [
            one for one in app.triage.snapshot.findings if triage.verdict(one) is Verdict.ESCALATE
        ]
        assert len(chosen) == 2
        names = letter_names(chosen)
        (folders[0] / names[1]).write_text("an answer\n")
        for folder, said in zip(folders, ("already exists", "2 letters written"), strict=True):
            await until(pilot, lambda: isinstance(app.screen, PromptScreen))
            app.screen._input.value = str(folder)
            await pilot.press("enter")
            await until(pilot, lambda said=said: said in notices(app))
    assert [one.name for one in folders[0].iterdir()] == [names[1]]
    assert sorted(one.name for one in folders[1].iterdir()) == sorted(names)
