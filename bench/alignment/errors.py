"""What is joined wrongly and what is missed, by class, as pairs of reports of two tools."""

import re
from collections import Counter
from collections.abc import Mapping
from itertools import combinations

from alignment.aligned import Candidate, Sample, groups_at, samples
from alignment.fixtures import Fixtures

_NAME = re.compile(r"[A-Za-z]+(?:_[A-Za-z]+|[a-z][A-Z][A-Za-z]*)+")
_TERSE = 12
"""Words."""


def error_table(fixtures: Fixtures, chosen: Mapping[str, Candidate]) -> None:
    """Print the classes, with the groups chosen on other repositories."""
    wrong, missed = Counter[str](), Counter[str]()
    for sample in samples(fixtures):
        if not sample.is_whole:
            continue
        one = chosen[fixtures.repositories[sample.pr]]
        ((_, groups),) = groups_at(sample, one.measure, [one.enough])
        of = {at: number for number, group in enumerate(groups) for at in group}
        for i, j in combinations(range(len(sample.reports)), 2):
            ids = (sample.reports[i].fingerprint, sample.reports[j].fingerprint)
            is_joined, label = of[i] == of[j], fixtures.label(sample.pr, *ids)
            if label is False and is_joined:
                wrong[_why_joined(sample, i, j)] += 1
            elif label is True and not is_joined:
                missed[_why_missed(sample, i, j)] += 1
    print("\nErrors (pairs, by a guess at the reason)")
    for name, counts in (("wrong joins", wrong), ("missed joins", missed)):
        told = ", ".join(f"{what} {number}" for what, number in sorted(counts.items()))
        print(f"  {name} {sum(counts.values())}: {told}")


def _names(sample: Sample, at: int) -> set[str]:
    return set(_NAME.findall(sample.reports[at].claim))


def _why_joined(sample: Sample, i: int, j: int) -> str:
    left, right = sample.wordings[i].numbers, sample.wordings[j].numbers
    if left and right and left.isdisjoint(right):
        return "other quantities"
    return "a name in common" if _names(sample, i) & _names(sample, j) else "only words in common"


def _why_missed(sample: Sample, i: int, j: int) -> str:
    if min(len(sample.wordings[at].words) for at in (i, j)) <= _TERSE:
        return "one is terse"
    has_no_names = not _names(sample, i) or not _names(sample, j)
    return "one names nothing" if has_no_names else "paraphrase or compound"
