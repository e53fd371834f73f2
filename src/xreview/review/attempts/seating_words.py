"""Why the writers of a trial have their tiers."""

from collections.abc import Sequence

from xreview.domain.attempt.seat import Preset, Seat
from xreview.domain.stakes.tier import Tier, TierAdvice
from xreview.review.attempts.seating import parse_writer


def seating_words(
    names: Sequence[str], preset: Preset | None, advice: TierAdvice, seats: Sequence[Seat]
) -> str:
    """Return why the writers have these tiers, and whether all are of one family.

    It names no writer, since it is shown beside their labels.

    Args:
        names: those that the user or the settings name; () for the default.
    """
    families = {one.writer.family for one in seats}
    is_single = len(seats) > 1 and len(families) == 1
    said = _reason(names, preset, advice, seats)
    return f"{said} All writers are of one family." if is_single else said


def _reason(
    names: Sequence[str], preset: Preset | None, advice: TierAdvice, seats: Sequence[Seat]
) -> str:
    if preset is Preset.FAST_DEEP:
        return "As the preset says: fast models write, and deep ones review."
    tiers = [parse_writer(name)[1] for name in names]
    if tiers and None not in tiers:
        return "As you chose."
    why = advice.reason.removeprefix(f"{advice.tier}: ")
    said = f"{advice.tier.capitalize()} models write: {why}"
    if any(tiers):
        said += "; where you named another tier, that one"
    elif any(one.tier is not advice.tier for one in seats):
        said += f"; where there is no fast model, the {Tier.DEEP} one writes"
    return f"{said}."
