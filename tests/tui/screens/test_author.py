"""Who wrote the change, on the screen: the question, the header, the details, the file tree."""

from dataclasses import replace

import pytest

from tests.fakes.reviewer import ScriptedReviewer
from tests.tui.asked import notices
from tests.tui.harness import Stage, until
from xreview.config.schema import Settings
from xreview.domain.authorship.author import Attribution, Author
from xreview.domain.authorship.author_answer import AuthorAnswer
from xreview.domain.errors import ReviewerError
from xreview.domain.events.event import AuthorAnswered, OpponentChosen
from xreview.domain.report import Lens, ReviewerIdentity, ReviewerKind
from xreview.journal.store import Journal
from xreview.review.choosing.choice import Candidate
from xreview.review.choosing.panel import Panel
from xreview.tui.screens.author import AuthorScreen
from xreview.tui.screens.details import DetailsScreen
from xreview.tui.widgets.file_tree import file_authors

GPT = Candidate("gpt", "openai", ReviewerKind.MODEL)
OPUS = Candidate("opus", "anthropic", ReviewerKind.MODEL)
ANALYSERS = tuple(Candidate(name, "", ReviewerKind.ANALYSER) for name in ("risk", "economy"))
CLAUDE = "second\n\nCo-Authored-By: Claude Opus 4.8 <noreply@anthropic.com>"


@pytest.fixture
def stage(monkeypatch, tmp_path):
    return Stage(monkeypatch, tmp_path)


@pytest.fixture
def models(stage, monkeypatch):
    """Two models beside the analysers."""
    for one in (GPT, OPUS):
        identity = ReviewerIdentity(one.name, ReviewerKind.MODEL, one.vendor)
        stage.reviewers[one.name] = lambda identity=identity: ScriptedReviewer(identity, Lens.RISK)

    async def find(panel):
        return (GPT, OPUS, *ANALYSERS)

    def reviewers(panel, assignments, context):
        names = [one.candidate.name for one in assignments if one.candidate.is_model]
        return [stage.reviewers[name]() for name in dict.fromkeys(names)]

    monkeypatch.setattr(Panel, "find", find)

    def nobody_answers(panel, name):
        raise ReviewerError("These models answer nothing.")

    monkeypatch.setattr(Panel, "reviewers", reviewers)
    monkeypatch.setattr(Panel, "answerer", nobody_answers)
    monkeypatch.setattr(
        "xreview.review.assembly.parts.all_reviewers", lambda own: {"gpt": 0, "opus": 0}
    )


def asking(app):
    return isinstance(app.screen, AuthorScreen)


def is_attributed(app):
    snapshot = app.triage.snapshot
    return snapshot is not None and snapshot.attribution is not None and not snapshot.is_running


def written(stage, kind):
    with Journal.open(stage.journal) as journal:
        return [event.payload for event in journal.events(types=(kind,))]


def header(app) -> str:
    return str(app.triage.query_one("#status").content)


@pytest.mark.parametrize(
    ("size", "said"),
    [
        ((160, 48), "author anthropic Claude Opus 4.8 (trailer, high)"),
        ((100, 30), "author anthropic Claude Opus 4.8 · read by"),
        ((70, 24), "by anthropic · read by"),
    ],
)
async def test_the_header_says_as_much_of_the_author_as_fits(stage, size, said):
    stage.repository.commit(CLAUDE)
    async with stage.run(size=size) as (app, _):
        assert said in header(app)


async def test_nothing_is_asked_where_analysers_are_all_there_is(stage):
    async with stage.run() as (app, pilot):
        await until(pilot, lambda: is_attributed(app))
        await pilot.pause()
        assert app.questions.titles == ()
        assert "author unknown" in header(app)


async def test_the_header_says_who_wrote_it_and_what_that_rests_on(stage):
    stage.repository.commit(CLAUDE)
    async with stage.run() as (app, pilot):
        await until(pilot, lambda: is_attributed(app))
        await pilot.pause()
        assert "author anthropic Claude Opus 4.8 (trailer, high)" in header(app)


async def test_an_answer_chooses_the_opponent_and_is_asked_for_once(stage, models):
    app = stage.app()
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await until(pilot, lambda: app.questions.titles)
        await pilot.press("Q", "2")
        await until(pilot, lambda: is_attributed(app))
        assert app.triage.snapshot.choice.reviewers == ("opus", "risk", "economy")
    assert written(stage, AuthorAnswered)[0].vendor == "openai"
    assert written(stage, OpponentChosen)[-1].same_family == ()
    again = stage.app()
    async with again.run_test(size=(100, 30), notifications=True) as pilot:
        await until(pilot, lambda: is_attributed(again))
        assert again.triage.snapshot.author.vendor == "openai"


async def test_escape_goes_on_with_both_lenses_and_asks_again_next_time(stage, models):
    for _ in range(2):
        app = stage.app()
        async with app.run_test(size=(70, 24), notifications=True) as pilot:
            await until(pilot, lambda app=app: app.questions.titles)
            await pilot.press("Q", "escape")
            await until(pilot, lambda app=app: is_attributed(app))
            lenses = {one.lens for one in app.triage.snapshot.choice.assignments if one.lens}
            assert lenses == {Lens.RISK, Lens.ECONOMY}
    assert written(stage, AuthorAnswered) == []


async def test_not_to_know_is_remembered_and_not_asked_again(stage, models):
    app = stage.app()
    async with app.run_test(size=(70, 24), notifications=True) as pilot:
        await until(pilot, lambda: app.questions.titles)
        await pilot.press("Q", "enter")
        await until(pilot, lambda: is_attributed(app))
    again = stage.app()
    async with again.run_test(size=(70, 24), notifications=True) as pilot:
        await until(pilot, lambda: is_attributed(again))
        assert not again.triage.snapshot.author.is_known


async def test_a_person_needs_no_opposing_family_and_is_remembered(stage, models):
    app = stage.app()
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await until(pilot, lambda: app.questions.titles)
        await pilot.press("Q", "p")
        await until(pilot, lambda: is_attributed(app))
        assert "since a person wrote it" in app.triage.snapshot.choice.sentence
        await until(pilot, lambda: "author person" in header(app))
        await pilot.press("b")
        await until(pilot, lambda: "A person wrote this change" in notices(app))
    again = stage.app()
    async with again.run_test(size=(100, 30), notifications=True) as pilot:
        await until(pilot, lambda: is_attributed(again))
        assert again.triage.snapshot.author.is_person


async def test_offline_nothing_is_asked(stage, models):
    async with stage.run(settings=Settings(offline=True)) as (app, _):
        assert app.questions.titles == ()
        assert not app.triage.snapshot.author.is_known


async def test_stopping_the_review_withdraws_the_question_and_shows_the_author(stage, models):
    app = stage.app()
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await until(pilot, lambda: app.questions.titles)
        await until(pilot, lambda: "the models wait for your answer" in header(app))
        await pilot.press("ctrl+x")
        await until(pilot, lambda: is_attributed(app))
        await pilot.pause()
        assert app.questions.titles == ()
        assert "author unknown" in header(app)
        assert "question" not in header(app)
        assert "bug" not in "".join(notice.message for notice in app._notifications)


async def test_reviewing_again_asks_anew(stage, models):
    app = stage.app()
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await until(pilot, lambda: app.questions.titles)
        await pilot.press("F")
        await until(pilot, lambda: app.questions.titles)
        assert len(app.questions.titles) == 1


async def test_known_authors_are_not_asked_for(stage, models):
    stage.repository.commit(CLAUDE)
    async with stage.run() as (app, pilot):
        await until(pilot, lambda: is_attributed(app))
        assert app.triage.snapshot.choice.reviewers == ("gpt", "risk", "economy")


async def test_the_same_family_is_marked_in_the_header_and_in_the_journal(stage, models):
    stage.repository.commit(CLAUDE)
    settings = Settings(review_with=("opus", "risk"))
    async with stage.run(settings=settings) as (app, pilot):
        await until(pilot, lambda: is_attributed(app))
        await pilot.pause()
        assert "opus ✓ (same family as the author)" in header(app)
    assert written(stage, OpponentChosen)[-1].same_family == ("opus",)


async def test_details_take_an_answer_and_show_it(stage):
    async with stage.run() as (app, pilot):
        await until(pilot, lambda: is_attributed(app))
        await pilot.press("d")
        assert isinstance(app.screen, DetailsScreen)
        await pilot.press("w")
        await until(pilot, lambda: asking(app))
        await pilot.press("1")
        await until(pilot, lambda: app.triage.snapshot.author.vendor == "anthropic")
        await pilot.pause()
        assert "author anthropic (your answer, high)" in header(app)
    assert [one.vendor for one in written(stage, AuthorAnswered)] == ["anthropic"]


async def test_the_author_given_for_the_run_is_not_remembered(stage, models):
    app = stage.app()
    app.options = replace(app.options, said=AuthorAnswer("anthropic"))
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await until(pilot, lambda: is_attributed(app))
        assert app.triage.snapshot.choice.reviewers == ("gpt", "risk", "economy")
    assert written(stage, AuthorAnswered) == []


def test_files_are_marked_only_where_there_is_something_to_tell_apart():
    one = {"a": Author(vendor="openai"), "b": Author(vendor="openai")}
    two = {"a": Author(vendor="openai"), "b": Author(vendor="anthropic")}
    assert file_authors(None) == {}
    assert file_authors(Attribution(Author(vendor="openai"), one)) == {}
    assert file_authors(Attribution(Author(vendor="mixed"), two)) == {
        "a": "openai",
        "b": "anthropic",
    }
