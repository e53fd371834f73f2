"""The page of details on models: what was asked, of whom, what it used, and who answered."""

import json
import re
from dataclasses import replace

import pytest

from tests.fakes.forge import BOT
from tests.fakes.posting import remark
from tests.fakes.provider_server import openai as double
from tests.fakes.provider_server.server import ProviderServer
from tests.tui.harness import Stage, until
from tests.tui.widgets.test_status_bar import GPT, RISK, progress, snapshot, text
from xreview.config.schema import Settings
from xreview.domain.attention.attention import (
    Attention,
    AttentionQuestion,
    AttentionReason,
    ChangeAttention,
)
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.authorship.author_answer import AuthorAnswer
from xreview.domain.pull.sight import BotSight, Sight
from xreview.domain.related import RELATED_UNKNOWN, CoChange, RelatedCode
from xreview.ports.provider import ReviewerSettings
from xreview.ports.reviewer import Asked, Usage
from xreview.review.session.snapshot import Answering, ReviewerState
from xreview.tui.screens.details import DetailsScreen, details_content
from xreview.tui.widgets.status_bar import change_line, progress_line

ASKED = Asked("api.openai.com", "gpt-6.2-sol", ("gpt-6.2-sol",), "risk/1", "ab" * 32, 3, 2, 4)


def content(asked: Asked | None = ASKED, usage: Usage | None = None) -> str:
    used = usage or Usage(1200, 34, 0.0125)
    state = ReviewerState.DONE
    return str(
        details_content(
            snapshot(progress(GPT, state, usage=used, asked=asked), progress(RISK, state))
        )
    )


def test_the_choice_the_requests_and_the_cost_are_told() -> None:
    said = content()
    assert "Said.\n" in said
    assert "done, risk lens, 1,200 tokens in, 34 out, $0.0125\n" in said
    assert (
        "3 requests to api.openai.com, 2 answers from the cache, 4 lines withheld, "
        "prompt risk/1 (abababababab)\n"
    ) in said
    assert "served by" not in said
    assert "Cost\n$0.0125 so far\n" in said


def reason(question: AttentionQuestion, words: str, path: str = "") -> AttentionReason:
    return AttentionReason(question, words, path)


def test_the_attention_is_told_with_its_reasons_by_question_and_the_files_at_4_and_5() -> None:
    money = reason(AttentionQuestion.COST, "it touches money", "src/re\x1bfunds.py")
    untested = reason(AttentionQuestion.CHECK, "no test names `refund`", "src/re\x1bfunds.py")
    files = {
        "a.py": Attention(AttentionLevel.SKIM),
        "src/re\x1bfunds.py": Attention(AttentionLevel.STUDY, (money, untested)),
        **{
            f"{n:02}.py": Attention(
                AttentionLevel.DECIDE, (reason(AttentionQuestion.POLICY, "demanded"),)
            )
            for n in range(14)
        },
    }
    whole = ChangeAttention(Attention(AttentionLevel.DECIDE, (untested, money)), files)
    said = str(details_content(replace(snapshot(), attention=whole)))

    assert (
        "Attention\ndecide: a person decides, never in bulk\n"
        "14 files at decide, 1 at study, 1 at skim\n"
        "decide 00.py\n  demanded\n"
    ) in said
    assert "study src/re␛funds.py\n  it touches money; no test names `refund`\n" in said
    assert "a.py" not in said
    assert said.count("it touches money") == 1
    assert "Attention" not in content()


def test_only_the_first_files_are_listed_and_without_close_ones_the_reasons_of_the_change() -> None:
    cost = AttentionQuestion.COST
    many = {f"{n:02}.py": Attention(AttentionLevel.STUDY, (reason(cost, "x"),)) for n in range(25)}
    said = str(
        details_content(
            replace(
                snapshot(),
                attention=ChangeAttention(Attention(AttentionLevel.STUDY), many),
            )
        )
    )
    assert "25 files at study\n" in said
    assert "  … and 5 more files; `xreview-tui trust` prints all\n" in said

    word = reason(cost, "it may touch errors and time (“retry”)", "a.py")
    calm = {"a.py": Attention(AttentionLevel.READ, (word,))}
    whole = ChangeAttention(Attention(AttentionLevel.READ, (word,)), calm)
    said = str(details_content(replace(snapshot(), attention=whole)))
    assert "what a mistake costs\n• it may touch errors and time (“retry” in a.py)\n" in said


def test_what_is_related_is_told_or_why_it_is_not_known() -> None:
    related = RelatedCode((CoChange("db/x\x1b.sql", "a.py", 9, 10),))
    short = RelatedCode(why_none="The history has only 3 commits before this change.")
    told, unknown = (
        str(details_content(replace(snapshot(), related=one))) for one in (related, short)
    )
    why = "changed in 9 of the last 10 commits to a.py"
    assert f"Not in this change\ndb/x␛.sql:1 {why}\n" in told
    assert f"Not in this change\n{short.why_none}\n" in unknown
    assert f"Not in this change\n{RELATED_UNKNOWN.why_none}\n" in content()
    nothing = replace(snapshot(), related=RelatedCode())
    assert "Not in this change" not in str(details_content(nothing))


@pytest.mark.parametrize("served", ["gpt-6.2-sol-2026-08-01", "gpt-6.2-sol"])
def test_a_snapshot_of_the_model_is_no_other_model(served: str) -> None:
    assert "served by" not in content(Asked("h", "gpt-6.2-sol", (served,), "risk/1", "ab", 1, 0, 0))


def test_another_model_that_answered_is_named() -> None:
    other = Asked("h", "gpt-6.2-sol", ("gpt-6.2-sol", "mini\x1b[2J"), "risk/1", "ab", 1, 0, 0)
    said = content(other)
    assert "asked for gpt-6.2-sol, served by mini" in said
    assert "\x1b" not in said


def test_an_unknown_price_is_named_and_never_zero() -> None:
    said = content(usage=Usage(5, 5, None))
    assert "cost unknown" in said
    assert "plus gpt (price unknown)" in said


def test_what_the_authors_model_answered_costs_too() -> None:
    answer = Answering(GPT, 1, 1, "", Usage(300, 20, 0.02))
    alone = replace(snapshot(progress(RISK, ReviewerState.DONE)), answered=(answer,))
    said = str(details_content(alone))
    assert "Cost\n$0.0200 so far\n" in said
    assert "responded to reports, 300 tokens in, 20 out, $0.0200" in said
    assert text(progress_line(alone)).endswith("$0.02")


def test_everything_known_from_before_sent_nothing() -> None:
    assert "nothing sent, 2 answers from the cache" in content(
        Asked("", "m", (), "risk/1", "ab", 0, 2, 0)
    )


async def test_the_page_tells_of_a_real_run(monkeypatch, tmp_path) -> None:
    stage = Stage(monkeypatch, tmp_path)
    stage.environ["GPT_KEY"] = "sk-test-Zq3R8vXk1LmT0pWd"
    stage.said = AuthorAnswer("openai")
    async with ProviderServer() as server:
        answer = double.message(json.dumps({"findings": []}))
        server.on(double.PATH, double.response(answer))
        gpt = ReviewerSettings(
            "gpt", "openai", "gpt-6.2-sol", base_url=f"{server.url}/v1",
            key_variable="GPT_KEY",
        )  # fmt: skip
        settings = Settings(review_with=("gpt",), reviewers={"gpt": gpt})
        async with stage.run(settings=settings) as (app, pilot):
            await until(pilot, lambda: not app.triage.snapshot.is_running)
            await pilot.pause()
            said = str(details_content(app.triage.snapshot))
        host = server.url.removeprefix("http://")
        assert re.search(rf"^[1-9]\d* requests? to {host}, prompt risk/", said, re.MULTILINE)
        assert "gpt (openai, on this machine, the author's own family), as requested" in said
        assert "same family" in text(change_line(app.triage.snapshot, 70))


def test_how_far_bots_have_seen_the_head_is_told() -> None:
    sights = (
        BotSight(BOT, Sight.REVIEWED),
        BotSight(BOT, Sight.STALE, "c" * 40),
        BotSight(BOT, Sight.BLIND, "Quota\x1b used up."),
        BotSight(BOT, Sight.SILENT),
    )
    told = str(details_content(replace(snapshot(), sights=sights)))
    who = "coderabbitai[bot]"
    assert f"On the pull request\n{who}: reviewed, it has read the present head\n" in told
    assert f"{who}: stale, it has read an older head (ccccccc), not the present one\n" in told
    assert f"{who}: blind, it says: Quota␛ used up.\n" in told
    assert f"{who}: silent, it was asked and has said nothing\n" in told
    assert "On the pull request" not in str(details_content(snapshot()))


def test_what_is_said_on_the_change_as_a_whole_is_shown_in_full() -> None:
    long = "**Looks** nice overall\x1b. " + "Really. " * 300
    remarks = (remark("1", BOT, long), remark("2", BOT, "And <b>tested</b>."))
    told = str(details_content(replace(snapshot(), said=remarks)))
    assert "Said on the change as a whole (2)\ncoderabbitai[bot] bot · " in told
    assert f"Looks nice overall␛. {'Really. ' * 300}".rstrip() in told
    assert "And tested.\n" in told
    assert f"{remarks[0].url}\n" in told
    assert "Said on" not in str(details_content(snapshot()))


def test_what_was_written_elsewhere_has_used_nothing_here() -> None:
    assert "tokens" not in content(None, Usage(cost=0.0))
    assert "0 tokens in" in content(ASKED, Usage(cost=0.0))


@pytest.mark.parametrize("size", [(160, 48), (70, 24)])
async def test_the_key_shows_the_attention_of_a_real_change(monkeypatch, tmp_path, size) -> None:
    stage = Stage(monkeypatch, tmp_path)
    async with stage.run(size=size) as (app, pilot):
        await until(pilot, lambda: app.triage.snapshot.attention is not None)
        attention = app.triage.snapshot.attention
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, DetailsScreen))
        said = str(app.screen.query_one("Static").content)
        assert f"Attention\n{attention.change.level.word}: " in said
        assert attention.change.reasons[0].words in said
