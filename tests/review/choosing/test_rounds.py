"""Who is asked at each level, with models behind loopback servers."""

# ruff: noqa: F401, F811 - fixtures

import json
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.provider_server import anthropic as double
from tests.fakes.provider_server import openai as gpt_double
from tests.fakes.provider_server.server import ProviderServer
from tests.repo.builder import Builder
from tests.review.assembly.test_headless import (
    CODE,
    options,
    repository,
    review,
    server,
)
from xreview.config.schema import Settings
from xreview.domain.attention.attention import Attention, ChangeAttention
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.authorship.author_answer import AuthorAnswer
from xreview.domain.events.event import AttentionWeighed
from xreview.domain.stakes.stakes import FileToCheck, Stakes
from xreview.domain.stance import StanceKind
from xreview.journal.store import Journal
from xreview.ports.provider import ReviewerSettings
from xreview.review.assembly.run_options import RunOptions
from xreview.review.attention import reading
from xreview.review.session.snapshot import ReviewSnapshot

CONCEDES = {
    "claim": 1, "path": "cart.py", "side": "new", "start_line": 1, "quote": "total = 0",
    "argument": "It is never reset.", "stance": "concedes", "settle": "",
}  # fmt: skip
DEEP, FAST = "claude-opus-5-5", "claude-haiku-5-5"


@pytest.fixture
async def other() -> AsyncGenerator[ProviderServer, None]:
    """A server of another family, which only answers."""
    async with ProviderServer() as running:
        said = gpt_double.message(json.dumps({"findings": [CONCEDES]}))
        running.on(gpt_double.PATH, gpt_double.response(said))
        yield running


def with_other(given: RunOptions, other: ProviderServer, **settings: Any) -> RunOptions:
    opus = replace(given.settings.reviewers["opus"], lighter=FAST)
    gpt = ReviewerSettings(
        "gpt", "openai", "gpt-6.2-sol", base_url=f"{other.url}/v1", key_variable="KEY"
    )
    both = {"opus": opus, "gpt": gpt}
    return replace(given, settings=replace(given.settings, reviewers=both, **settings))


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch):
    """What makes every file of a change deserve a level."""

    def call(level: int) -> None:
        one = Attention(AttentionLevel(level))

        def weighed(stakes: Stakes, *_: object) -> ChangeAttention:
            parts = [part for part in stakes.parts if isinstance(part, FileToCheck)]
            return ChangeAttention(one, {part.path: one for part in parts})

        monkeypatch.setattr(reading, "attention_of", weighed)

    return call


def asked(server: ProviderServer) -> list[tuple[Any, str]]:
    """The model and the lens of each request."""
    bodies = server.bodies(double.PATH)
    lenses = ["risk" if "- Security" in json.dumps(one) else "economy" for one in bodies]
    return sorted(zip([one["model"] for one in bodies], lenses, strict=True))


def answers(snapshot: ReviewSnapshot) -> list[tuple[str, StanceKind]]:
    (found,) = [one for one in snapshot.findings if one.lead.title == "Total is never reset"]
    said = (one for one in found.stances if one.kind not in (StanceKind.RAISES, StanceKind.SILENT))
    return [(one.party.name, one.kind) for one in said]


@pytest.mark.parametrize("level", [1, 2])
async def test_a_low_level_asks_one_fast_reader_once_and_no_answer(
    repository, server, other, tmp_path, call, level
):  # fmt: skip
    call(level)
    given = with_other(options(tmp_path, server), other)

    snapshot = await review(repository, given)

    assert asked(server) == [(FAST, "risk")]
    assert other.requests == []
    assert answers(snapshot) == []
    assert snapshot.is_complete


@pytest.mark.parametrize("level", [4, 5])
async def test_a_high_level_asks_a_deep_model_with_both_lenses_and_an_answer(
    repository, server, other, tmp_path, call, level
):  # fmt: skip
    call(level)
    given = with_other(options(tmp_path, server), other)

    snapshot = await review(repository, given)

    assert asked(server) == [(DEEP, "economy"), (DEEP, "risk")]
    assert answers(snapshot) == [("gpt", StanceKind.CONCEDES)]
    assert snapshot.is_complete


@pytest.mark.parametrize(("level", "is_answered"), [(3, False), (4, True)])
async def test_where_no_author_can_answer_another_family_does_at_a_high_level(
    repository, server, other, tmp_path, call, level, is_answered
):  # fmt: skip
    call(level)
    by_person = options(tmp_path, server, said=AuthorAnswer("person"))
    given = with_other(by_person, other, review_with=("opus",))

    snapshot = await review(repository, given)

    assert answers(snapshot) == ([("gpt", StanceKind.CONCEDES)] if is_answered else [])
    assert bool(other.requests) == is_answered


async def test_another_family_isnt_asked_where_code_needs_a_question_first(
    repository, server, other, tmp_path, call, monkeypatch
):  # fmt: skip
    from xreview.review.asking import prospects

    known = prospects.address_of
    monkeypatch.setattr(
        prospects,
        "address_of",
        lambda url: replace(known(url), is_local=str(other.port) not in url),
    )
    call(5)
    by_person = options(tmp_path, server, said=AuthorAnswer("person"))

    snapshot = await review(repository, with_other(by_person, other, review_with=("opus",)))

    assert other.requests == []
    assert not any("--yes-egress" in one for one in snapshot.notices)


async def test_no_answer_is_asked_for_if_the_user_wants_none(
    repository, server, other, tmp_path, call
):  # fmt: skip
    call(5)
    given = with_other(options(tmp_path, server), other, rebuttals=False)

    snapshot = await review(repository, given)

    assert other.requests == []
    assert snapshot.choice is not None
    assert snapshot.choice.sentence.endswith("and no answers, as you set.")


async def test_analysers_alone_weigh_the_change_and_record_it_once(repository, server, tmp_path):
    given = options(tmp_path, server, environ={}, settings=Settings())

    snapshot = await review(repository, given)

    assert snapshot.is_by_analysers
    assert snapshot.attention is not None
    assert set(snapshot.attention.files) == {"cart.py"}
    with Journal.open(given.journal) as opened:
        (event,) = opened.events(types=(AttentionWeighed,))
    assert isinstance(event.payload, AttentionWeighed)
    assert event.payload.level is snapshot.attention.change.level
    assert [one.path for one in event.payload.files] == ["cart.py"]


async def test_a_change_to_the_policy_doesnt_lower_its_own_level(
    repository: Builder,
    server: ProviderServer,
    tmp_path: Path,
):
    repository.write(".xreview.toml", 'ignore = ["cart.py"]\n')
    repository.write("cart.py", f"{CODE}\n\ndef refund(price):\n    add(-price)\n")
    repository.commit("ignore the cart")

    snapshot = await review(repository, options(tmp_path, server))

    assert snapshot.attention is not None
    assert snapshot.attention.files["cart.py"].level >= AttentionLevel.STUDY
    assert server.bodies(double.PATH)
