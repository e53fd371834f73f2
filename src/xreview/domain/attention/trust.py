"""What happened with earlier changes, as reasons to raise a level or to lower it."""

from collections.abc import Collection

from xreview.domain.attention.experience import Experience, PathExperience
from xreview.domain.scorecard.proportion import Proportion
from xreview.domain.text import count_of

RARELY = 0.05
"""The largest share of files that proved wrong which still earns trust: the rate of failed changes
of the best performers (DORA, "Accelerate State of DevOps", 2024). It must lie above the 95 % Wilson
interval, so none of at least 73 files."""


def experience_words(found: PathExperience) -> str:
    """What came to light in a file, with the date."""
    what = count_of(found.wrong, "problem")
    return f"{what} came to light after reviews of it, the last on {found.last}"


def is_trusted(experience: Experience, topics: Collection[str]) -> bool:
    """Whether files of these topics rarely proved wrong, and those of none as well.

    Both, so that touching one topic more never earns trust.
    """
    return all(_is_rarely(experience.topics.get(topic)) for topic in ("", *topics))


def trusting_words(experience: Experience, topics: Collection[str]) -> str:
    """The worst record of the topics."""
    known = [experience.topics[topic] for topic in ("", *topics)]
    worst = max(known, key=_upper_bound)
    return f"{worst.count} of {worst.of} files like it proved wrong later"


def _is_rarely(found: Proportion | None) -> bool:
    return found is not None and not found.is_thin and _upper_bound(found) < RARELY


def _upper_bound(found: Proportion) -> float:
    return 1.0 if found.interval is None else found.interval.high
