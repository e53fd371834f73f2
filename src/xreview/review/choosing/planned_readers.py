"""Which of the chosen models read, with which lens and in which tier, by the plan of a review."""

from collections.abc import Collection, Iterable, Sequence

from xreview.domain.record import replace
from xreview.domain.report import Lens
from xreview.domain.stakes.tier import Tier
from xreview.domain.text import visible
from xreview.review.choosing.choice import Assignment, Candidate
from xreview.review.choosing.reading_plan import ReadingPlan


def planned_readers(
    assignments: Sequence[Assignment],
    plan: ReadingPlan,
    paths: Collection[str],
    *,
    is_named: bool = False,
) -> list[Assignment]:
    """Return who reads by the plan, of models that can read the change with these paths.

    A cheap plan keeps one reader of each file, unless the user named them. A close one gives each
    model the lens that it lacks, for the files that it reads and that deserve it.
    """
    found = list(assignments)
    if plan.is_cheap and not is_named:
        found = list(_once(assignments, paths))
    elif plan.is_close:
        found += _second_lenses(assignments, plan.close, paths)
    return [replace(one, tier=_tier_of(one.candidate, plan.tier)) for one in found]


def tier_sentence(
    assignments: Iterable[Assignment], plan: ReadingPlan, *, is_named: bool = False
) -> str:
    """Return why these models read it like this; "" without a model, or if there is no choice.

    A model without a fast tier stays deep, which is said.
    """
    models = [one.candidate for one in assignments if one.candidate.is_model]
    if not models or not (plan.is_close or any(one.fast for one in models)):
        return ""
    reason = plan.tier_words(is_named=is_named)
    single = dict.fromkeys(visible(one.name) for one in models if not one.fast)
    if single and plan.tier is Tier.FAST:
        reason += f"; {' and '.join(single)} has no fast model, so its deep one reads"
    return f"{reason}."


def _once(assignments: Iterable[Assignment], paths: Collection[str]) -> Iterable[Assignment]:
    """Each file with the first lens that it would be read with."""
    left = set(paths)
    is_whole_read = False
    for one in assignments:
        if is_whole_read:
            return
        if one.paths is None:
            is_whole_read = True
            yield one
        elif own := one.paths & left:
            left -= own
            yield replace(one, paths=own)


def _second_lenses(
    assignments: Iterable[Assignment], close: frozenset[str] | None, paths: Collection[str]
) -> list[Assignment]:
    whole = frozenset(paths)
    wanted = whole if close is None else close
    reading: dict[tuple[Candidate, Lens], set[str]] = {}
    first: dict[tuple[Candidate, Lens], Assignment] = {}
    for one in assignments:
        if one.lens is not None:
            key = one.candidate, one.lens
            reading.setdefault(key, set()).update(whole if one.paths is None else one.paths)
            first.setdefault(key, one)
    added: list[Assignment] = []
    for (candidate, lens), own in reading.items():
        for other in Lens:
            missing = frozenset(own & wanted - reading.get((candidate, other), set()))
            if other is not lens and missing:
                part = None if missing == whole else missing
                given = first[candidate, lens]
                added.append(replace(given, lens=other, paths=part, is_second=part is not None))
    return added


def _tier_of(candidate: Candidate, tier: Tier) -> Tier:
    return Tier.FAST if tier is Tier.FAST and candidate.fast else Tier.DEEP
