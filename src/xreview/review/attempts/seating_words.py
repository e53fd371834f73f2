"""Why the writers of a trial have their tiers."""

from collections.abc import Sequence

from xreview.domain.attempt.seat import Preset, Seat
from xreview.domain.stakes.tier import Tier, TierAdvice
from xreview.domain.text import visible
from xreview.review.attempts.seating import WriterChoice


def seating_words(
    seats: Sequence[Seat],
    choices: Sequence[WriterChoice],
    advice: TierAdvice,
    preset: Preset | None = None,
) -> str:
    """Why the writers have their tiers, and what else to know of them, as one line; names are
    safe to show. It says nothing of who has which label."""
    if preset is Preset.FAST_DEEP:
        said = ["fast models write, and deep ones review"]
    else:
        said = [advice.reason]
        with_fast = {one.identity.name for one in choices if one.tier is Tier.FAST}
        others = [seat.writer.name for seat in seats if seat.tier is not advice.tier]
        single = sorted({visible(name) for name in others if name not in with_fast})
        if single and advice.tier is Tier.FAST:
            said.append(f"without a fast model, so deep: {', '.join(single)}")
        if chosen := sorted({visible(name) for name in others if name in with_fast}):
            tier = Tier.DEEP if advice.tier is Tier.FAST else Tier.FAST
            said.append(f"{tier} as you chose: {', '.join(chosen)}")
    families = {seat.writer.family for seat in seats}
    if len(seats) > 1 and len(families) == 1:
        family = visible(families.pop()) or "family unknown"
        said.append(f"all writers are of one family ({family})")
    return "; ".join(said)
