"""Which tier of the chosen models reads a change: as the user says, else as the stakes advise."""

from dataclasses import replace

from xreview.config.schema import TierSetting
from xreview.domain.stakes.advice import advise, touches_words
from xreview.domain.stakes.stakes import Stakes
from xreview.domain.stakes.tier import Tier, TierAdvice
from xreview.domain.text import visible
from xreview.review.choosing.choice import Assignment, ReaderChoice


def tier_advice(setting: TierSetting, stakes: Stakes | None) -> TierAdvice:
    """Return the tier for a review, and why; `stakes` is None if they couldn't be read."""
    match setting:
        case TierSetting.DEEP:
            return TierAdvice(Tier.DEEP, "deep: as you chose")
        case TierSetting.FAST:
            risks = stakes.risks if stakes else ()
            although = f", although {touches_words(risks)}" if risks else ""
            return TierAdvice(Tier.FAST, f"fast: as you chose{although}")
        case TierSetting.AUTO:
            return advise(stakes or Stakes())


def with_tier(choice: ReaderChoice, advice: TierAdvice, stakes: Stakes | None) -> ReaderChoice:
    """Return the choice with its models in the advised tier, and with the reason in its sentence.

    A model without a fast tier stays deep, which is said. Nothing is said of tiers if no chosen
    model has two.
    """
    models = [one for one in choice.assignments if one.candidate.is_model]
    if not any(one.candidate.fast for one in models):
        return choice
    single = dict.fromkeys(one.candidate.name for one in models if not one.candidate.fast)
    reason = advice.reason
    if single and advice.tier is Tier.FAST:
        reason += f"; {' and '.join(map(visible, single))} has no fast model, so its deep one reads"
    return replace(
        choice,
        assignments=tuple(_in_tier(one, advice.tier) for one in choice.assignments),
        sentence=f"{choice.sentence} {reason[:1].upper()}{reason[1:]}.",
        advice=replace(advice, reason=reason),
        stakes=stakes,
    )


def _in_tier(one: Assignment, tier: Tier) -> Assignment:
    has_tier = one.candidate.is_model and (tier is Tier.DEEP or bool(one.candidate.fast))
    return replace(one, tier=tier if has_tier else Tier.DEEP)
