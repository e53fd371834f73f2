"""Which tier of the chosen models reads, and what is said about it."""

import pytest

from tests.review.choosing.test_opponent import ANALYSERS, LOCAL, by
from xreview.config.schema import TierSetting
from xreview.domain.report import ReviewerKind
from xreview.domain.stakes.stakes import FileToCheck, Risk, Stakes, WorkForm, WorkKind
from xreview.domain.stakes.tier import Tier, TierAdvice
from xreview.review.choosing.choice import Candidate, ReaderChoice
from xreview.review.choosing.opponent import choose
from xreview.review.choosing.tiers import tier_advice, with_tier

GPT = Candidate("gpt", "openai", ReviewerKind.MODEL, fast="luna")
GROK = Candidate("grok", "xai", ReviewerKind.MODEL)
TEXT = FileToCheck("a.md", WorkForm.TEXT, 1)
CHEAP = Stakes(parts=(TEXT,))
RISKY = Stakes(risks=(Risk("money", WorkKind.MONEY, "pay.py"),), parts=(TEXT,))
FAST, DEEP = TierAdvice(Tier.FAST, "fast: it is cheap"), TierAdvice(Tier.DEEP, "deep: it isn't")


@pytest.mark.parametrize(
    ("setting", "stakes", "tier", "words"),
    [
        (TierSetting.AUTO, CHEAP, Tier.FAST, "fast: a mistake is cheap"),
        (TierSetting.AUTO, RISKY, Tier.DEEP, "deep: it touches money (pay.py)"),
        (TierSetting.AUTO, None, Tier.DEEP, "deep: nothing is known"),
        (TierSetting.DEEP, CHEAP, Tier.DEEP, "deep: as you chose"),
        (TierSetting.FAST, CHEAP, Tier.FAST, "fast: as you chose"),
        (TierSetting.FAST, None, Tier.FAST, "fast: as you chose"),
        (TierSetting.FAST, RISKY, Tier.FAST, "as you chose, although it touches money (pay.py)"),
    ],
)
def test_the_setting_goes_over_the_stakes(
    setting: TierSetting, stakes: Stakes | None, tier: Tier, words: str
) -> None:
    advice = tier_advice(setting, stakes)

    assert advice.tier is tier
    assert words in advice.reason


def tiers(choice: ReaderChoice) -> dict[str, Tier]:
    return {one.candidate.name: one.tier for one in choice.assignments}


def test_models_read_in_the_advised_tier_and_the_sentence_says_why() -> None:
    choice = choose(by("anthropic"), [GPT, *ANALYSERS])
    fast = with_tier(choice, FAST, CHEAP)

    assert tiers(fast) == {"gpt": Tier.FAST, "risk": Tier.DEEP, "economy": Tier.DEEP}
    assert fast.sentence == f"{choice.sentence} Fast: it is cheap."
    assert (fast.advice, fast.stakes) == (FAST, CHEAP)
    assert tiers(with_tier(choice, DEEP, RISKY))["gpt"] is Tier.DEEP


def test_a_model_without_a_fast_one_stays_deep_which_is_said() -> None:
    choice = choose(by("anthropic"), [GPT, GROK], ["gpt", "grok"])

    fast = with_tier(choice, FAST, CHEAP)

    assert tiers(fast) == {"gpt": Tier.FAST, "grok": Tier.DEEP}
    assert fast.sentence.endswith("; grok has no fast model, so its deep one reads.")


@pytest.mark.parametrize("candidates", [[GROK, *ANALYSERS], [LOCAL], ANALYSERS])
def test_nothing_is_said_of_tiers_where_there_is_one(candidates: list[Candidate]) -> None:
    choice = choose(by("anthropic"), candidates)

    assert with_tier(choice, FAST, CHEAP) == choice
