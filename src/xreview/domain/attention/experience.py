"""What happened with earlier changes, as far as it moves levels."""

from collections.abc import Mapping

from xreview.domain.record import dataclass, field
from xreview.domain.scorecard.proportion import Proportion


@dataclass(frozen=True, slots=True)
class PathExperience:
    """What came to light in a file after reviews of it.

    Args:
        wrong: reverts, follow-up fixes, and problems found later.
        last: the day of the latest (ISO 8601: `2026-01-31`).
        called: the highest level that the file had in a review that proved wrong; 0 for unknown.
    """

    wrong: int
    last: str
    called: int = 0


@dataclass(frozen=True)
class Experience:
    """What happened, by file and by topic (`Risk.what`; "" for files that touch none).

    Args:
        topics: how many of the files that touch a topic, and that a person decided about, proved
            wrong later.
    """

    paths: Mapping[str, PathExperience] = field(default_factory=dict[str, PathExperience])
    topics: Mapping[str, Proportion] = field(default_factory=dict[str, Proportion])


NO_EXPERIENCE = Experience()
