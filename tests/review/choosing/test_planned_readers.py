"""Who reads, with which lens and in which tier, by the plan."""

import pytest

from tests.review.choosing.test_opponent import ANALYSERS, LOCAL, by, mixed, reading
from tests.review.choosing.test_reading_plan import planned, weighed
from xreview.config.schema import TierSetting
from xreview.domain.report import ReviewerKind
from xreview.domain.stakes.tier import Tier
from xreview.review.choosing.choice import Candidate, ReaderChoice
from xreview.review.choosing.opponent import choose

GPT = Candidate("gpt", "openai", ReviewerKind.MODEL, fast="luna")
OPUS = Candidate("opus", "anthropic", ReviewerKind.MODEL, fast="haiku")
GROK = Candidate("grok", "xai", ReviewerKind.MODEL)


def tiers(choice: ReaderChoice) -> set[Tier]:
    return {one.tier for one in choice.assignments if one.candidate.is_model}


def chosen(attribution, candidates, wanted=(), *, settings=None, **levels) -> ReaderChoice:
    attention = weighed(**levels)
    plan = planned(attention, **(settings or {}))
    return choose(attribution, candidates, wanted, list(attention.files), plan)


@pytest.mark.parametrize("level", [1, 2])
def test_at_a_low_level_one_fast_model_reads_once(level: int) -> None:
    choice = chosen(by(""), [GPT, OPUS, *ANALYSERS], a=level)

    assert reading(choice) == {("gpt", "risk", None)}
    assert tiers(choice) == {Tier.FAST}
    assert choice.reviewers == ("gpt", "risk", "economy")
    assert "reads it for risk, whatever" in choice.sentence
    assert choice.sentence.endswith("so a fast model reads it once.")


def test_in_between_the_lenses_against_the_author_are_used() -> None:
    assert reading(chosen(by("anthropic"), [GPT], a=3)) == {("gpt", "economy", None)}
    both = chosen(by(""), [GPT], a=3)
    assert reading(both) == {("gpt", "risk", None), ("gpt", "economy", None)}
    assert tiers(both) == {Tier.DEEP}


@pytest.mark.parametrize("level", [4, 5])
def test_at_a_high_level_an_opposing_deep_model_reads_with_both_lenses(level: int) -> None:
    choice = chosen(by("anthropic"), [OPUS, GPT, *ANALYSERS], a=level)

    assert reading(choice) == {("gpt", "economy", None), ("gpt", "risk", None)}
    assert tiers(choice) == {Tier.DEEP}
    assert "reads it for economy and risk" in choice.sentence


def test_only_the_files_that_deserve_it_get_the_second_lens() -> None:
    choice = chosen(by("anthropic"), [GPT], a=1, pay=4, b=2)

    assert reading(choice) == {("gpt", "economy", None), ("gpt", "risk", ("pay.py",))}
    assert [one.is_second for one in choice.assignments] == [False, True]


def test_each_author_is_still_opposed_and_each_file_read_once() -> None:
    author = mixed(**{"a.py": "anthropic", "b.py": "openai"})
    low = chosen(author, [GPT, OPUS], a=1, b=2)
    assert reading(low) == {("gpt", "economy", ("a.py",)), ("opus", "risk", ("b.py",))}
    high = chosen(author, [GPT, OPUS], a=1, b=4)
    assert reading(high) == reading(low) | {("opus", "economy", ("b.py",))}


def test_named_models_all_read_with_their_lenses_whatever_the_level() -> None:
    choice = chosen(by(""), [GPT, OPUS], ["gpt", "opus"], a=1)

    assert len(reading(choice)) == 4
    assert "so the fast models that you named read it." in choice.sentence


def test_a_named_model_of_the_authors_family_stays_marked_with_both_lenses() -> None:
    choice = chosen(by("anthropic"), [OPUS], ["opus"], a=5)

    assert len(reading(choice)) == 2
    assert choice.same_family == ("opus",)
    assert all(one.is_same_family for one in choice.assignments)


def test_no_other_candidate_reads_than_without_a_plan() -> None:
    """So that no place gets code that the user isn't asked about."""
    for level in (1, 3, 5):
        choice = chosen(by("anthropic"), [GPT, GROK, LOCAL, OPUS], a=level)
        assert choice.reviewers == choose(by("anthropic"), [GPT, GROK, LOCAL, OPUS]).reviewers


def test_a_model_without_a_fast_one_stays_deep_which_is_said() -> None:
    choice = chosen(by("anthropic"), [GPT, GROK], ["gpt", "grok"], a=1)

    assert {one.candidate.name: one.tier for one in choice.assignments} == {
        "gpt": Tier.FAST,
        "grok": Tier.DEEP,
    }
    assert choice.sentence.endswith("; grok has no fast model, so its deep one reads.")


def test_the_users_tier_wins_at_every_level() -> None:
    for level in range(1, 6):
        for setting in (TierSetting.FAST, TierSetting.DEEP):
            choice = chosen(by("anthropic"), [GPT], settings={"tier": setting}, a=level)
            assert tiers(choice) == {Tier(setting.value)}


@pytest.mark.parametrize("candidates", [[GROK, *ANALYSERS], [LOCAL], ANALYSERS])
def test_nothing_is_said_of_tiers_where_there_is_one(candidates: list[Candidate]) -> None:
    assert "Attention" not in chosen(by("anthropic"), candidates, a=1).sentence
