"""How closely models read a change of some level."""

import pytest

from xreview.config.schema import Settings, TierSetting
from xreview.domain.attention.attention import (
    Attention,
    AttentionQuestion,
    AttentionReason,
    ChangeAttention,
)
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.stakes.tier import Tier
from xreview.review.choosing.reading_plan import ReadingPlan, reading_plan

MONEY = AttentionReason(AttentionQuestion.COST, "it touches money", "pay.py")


def weighed(**levels: int) -> ChangeAttention:
    """The attention of files, named without their ending."""
    files = {
        f"{name}.py": Attention(AttentionLevel(level), (MONEY,) if level > 3 else ())
        for name, level in levels.items()
    }
    top = max(files.values(), key=lambda one: one.level)
    return ChangeAttention(top, files)


def planned(attention: ChangeAttention | None, **settings: object) -> ReadingPlan:
    paths = list(attention.files) if attention else ["a.py"]
    return reading_plan(attention, Settings(**settings), paths)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("level", "tier", "cheap", "close", "words"),
    [
        (1, Tier.FAST, True, False, "Attention is “skip”, so a fast model reads it once"),
        (2, Tier.FAST, True, False, "Attention is “skim”, so a fast model reads it once"),
        (3, Tier.DEEP, False, False, "Attention is “read”, so the deep model reads it"),
        (4, Tier.DEEP, False, True, "Attention is “study”, so the deep model reads it; it is read "
         "for both risk and economy, and each finding there gets an answer"),
        (5, Tier.DEEP, False, True, "Attention is “decide”, so the deep model reads it; it is read "
         "for both risk and economy, and each finding there gets an answer"),
    ],
)  # fmt: skip
def test_the_level_says_how_closely(level, tier, cheap, close, words) -> None:
    plan = planned(weighed(a=level))

    assert (plan.tier, plan.is_cheap, plan.is_close) == (tier, cheap, close)
    assert plan.tier_words() == words


@pytest.mark.parametrize(
    ("level", "setting", "words"),
    [
        (1, "deep", "Deep, as you chose, although attention is “skip”"),
        (3, "deep", "Deep, as you chose"),
        (1, "fast", "Fast, as you chose"),
        (3, "fast", "Fast, as you chose, although attention is “read”"),
        (5, "fast", "Fast, as you chose, although attention is “decide”: it touches money (pay.py)"
         "; it is read for both risk and economy, and each finding there gets an answer"),
    ],
)  # fmt: skip
def test_the_tier_that_the_user_chose_wins_and_it_is_said(level, setting, words) -> None:
    plan = planned(weighed(a=level), tier=TierSetting(setting))

    assert plan.tier is Tier(setting)
    assert plan.tier_words() == words


def test_a_few_files_of_a_big_change_are_read_closely() -> None:
    plan = planned(weighed(a=2, b=1, pay=4, c=2))

    assert plan.close == {"pay.py"}
    assert plan.tier is Tier.DEEP
    assert "1 of 4 files is read for both risk and economy" in plan.tier_words()


def test_a_file_that_models_dont_read_raises_no_price() -> None:
    plan = planned(weighed(a=2, pay=5), repository_ignore=("pay.py",))

    assert (plan.tier, plan.is_cheap) == (Tier.FAST, True)


def test_without_answers_it_is_said() -> None:
    assert planned(weighed(a=4), rebuttals=False).tier_words().endswith("no answers, as you set")


@pytest.mark.parametrize("setting", list(TierSetting))
def test_what_isnt_known_is_read_as_before(setting: TierSetting) -> None:
    plan = planned(None, tier=setting)

    assert plan.tier is (Tier.FAST if setting is TierSetting.FAST else Tier.DEEP)
    assert not plan.is_cheap
    assert not plan.is_close


def test_many_files_together_can_deserve_more_than_each() -> None:
    each = weighed(a=3, b=3)
    plan = planned(ChangeAttention(Attention(AttentionLevel.STUDY), each.files))

    assert (plan.is_close, plan.close) == (True, None)
