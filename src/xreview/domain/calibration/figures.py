"""The figures of a calibration: what was called what, and how often it proved wrong."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from xreview.domain.attention.level import AttentionLevel
from xreview.domain.calibration.reviewed import ProvedWrong, ReviewedFile
from xreview.domain.decision import Verdict
from xreview.domain.record import dataclass, field
from xreview.domain.report import Confidence
from xreview.domain.scorecard.proportion import Proportion

LOW_LEVELS = (AttentionLevel.SKIP, AttentionLevel.SKIM)


@dataclass(frozen=True, slots=True)
class LevelRecord:
    """What came of the files that were called one level.

    Args:
        wrong: how many proved wrong, of all that count.
        by_sign: how many of these, by what showed it; a file can have several signs.
    """

    level: AttentionLevel
    wrong: Proportion
    by_sign: Mapping[ProvedWrong, int] = field(default_factory=dict[ProvedWrong, int])


@dataclass(frozen=True, slots=True)
class ConfidenceRecord:
    """What people decided about reports of one confidence.

    Args:
        accepted: of those accepted or rejected.
        working: how many of the accepted have a fix that works.
    """

    confidence: Confidence
    accepted: Proportion
    working: int = 0


class Agreement(StrEnum):
    """Whether low levels proved wrong less often than higher ones, as they should."""

    UNKNOWN = "unknown"
    """Too few decisions about one of the two."""
    HOLDS = "holds"
    DOUBTFUL = "doubtful"
    """As often or more often, but it may be chance: the 95 % intervals overlap."""
    BROKEN = "broken"
    """More often, and the intervals don't overlap."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Every level and every confidence, even without any files or reports; the lowest first."""

    levels: tuple[LevelRecord, ...] = ()
    confidences: tuple[ConfidenceRecord, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether no file and no report counts."""
        records = (*self.levels, *self.confidences)
        return not any(_share(record).of for record in records)

    @property
    def low(self) -> Proportion:
        """The files called 1 or 2 that proved wrong."""
        return _sum(one.wrong for one in self.levels if one.level in LOW_LEVELS)

    @property
    def high(self) -> Proportion:
        """The files called 3, 4 or 5 that proved wrong."""
        return _sum(one.wrong for one in self.levels if one.level not in LOW_LEVELS)

    @property
    def agreement(self) -> Agreement:
        """Whether levels agree with what happened."""
        low, high = self.low, self.high
        if low.is_thin or high.is_thin or low.interval is None or high.interval is None:
            return Agreement.UNKNOWN
        if low.count * high.of < high.count * low.of or not low.count:
            return Agreement.HOLDS
        is_apart = low.interval.low > high.interval.high
        return Agreement.BROKEN if is_apart else Agreement.DOUBTFUL


class JudgedReport(NamedTuple):
    """A report with the verdict that holds; None while it is open."""

    confidence: Confidence
    verdict: Verdict | None
    is_working: bool = False


def calibrate(files: Iterable[ReviewedFile], reports: Iterable[JudgedReport]) -> Calibration:
    """Count files by level and reports by confidence."""
    by_level: dict[AttentionLevel, list[ReviewedFile]] = {level: [] for level in AttentionLevel}
    for file in files:
        by_level[file.level].append(file)
    counts = {confidence: [0, 0, 0] for confidence in Confidence}
    for report in reports:
        count = counts[report.confidence]
        if report.verdict is Verdict.ACCEPT:
            count[0] += 1
            count[2] += report.is_working
        elif report.verdict is Verdict.REJECT:
            count[1] += 1
    return Calibration(
        tuple(_level_record(level, listed) for level, listed in by_level.items()),
        tuple(
            ConfidenceRecord(confidence, Proportion(accepted, accepted + rejected), working)
            for confidence, (accepted, rejected, working) in counts.items()
        ),
    )


def _level_record(level: AttentionLevel, files: list[ReviewedFile]) -> LevelRecord:
    wrong = [file for file in files if file.wrong]
    by_sign = {sign: sum(sign in file.wrong for file in wrong) for sign in ProvedWrong}
    return LevelRecord(level, Proportion(len(wrong), len(files)), by_sign)


def _share(record: LevelRecord | ConfidenceRecord) -> Proportion:
    return record.wrong if isinstance(record, LevelRecord) else record.accepted


def _sum(shares: Iterable[Proportion]) -> Proportion:
    listed = list(shares)
    return Proportion(sum(one.count for one in listed), sum(one.of for one in listed))
