"""The experiment's result as one table, and as JSON."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median

from experiment_parts.commits import SampledCommit
from experiment_parts.counting import (
    ARMS,
    ArmCount,
    KnownProblem,
    ProblemSource,
    count_arm,
    independent,
    pair,
)
from xreview.cli.table import Column, table
from xreview.domain.scorecard.proportion import Proportion
from xreview.domain.scorecard.scored import Arm
from xreview.domain.text import count_of, visible

_COLUMNS = (
    Column(""),
    Column("SAME FAMILY", is_number=True),
    Column("CROSS FAMILY", is_number=True),
)


@dataclass(frozen=True, slots=True)
class ArmEffort:
    """What an arm said and took.

    Args:
        findings: distinct reports. dollars: None if a price is unknown. seconds: of each commit.
    """

    reviewer: str
    family: str
    findings: int
    dollars: float | None
    seconds: tuple[float, ...]

    @property
    def minutes(self) -> float:
        """All of it."""
        return sum(self.seconds) / 60


@dataclass(frozen=True)
class ExperimentResult:
    """Everything that the table says.

    Args:
        commits: those that both arms read. unpaired: how many others there are.
    """

    repository: str
    author: str
    commits: tuple[SampledCommit, ...]
    unpaired: int
    problems: tuple[KnownProblem, ...]
    efforts: Mapping[Arm, ArmEffort]
    notices: tuple[str, ...] = ()


def result_text(result: ExperimentResult) -> str:
    """The table and what to know about it."""
    mine = independent(result.problems)
    paired = pair(mine)
    counts = {arm: count_arm(arm, mine) for arm in ARMS}
    same, cross = (result.efforts[arm] for arm in ARMS)
    lines = [
        f"{visible(result.repository)}: {count_of(len(result.commits), 'commit')} by "
        f"{visible(result.author)}, read by both arms; {count_of(len(mine), 'known problem')}",
        f"same family: {_label(same)}; cross family: {_label(cross)}",
        "",
        table(_COLUMNS, [*_rows(counts), *_source_rows(result.problems), *_effort_rows(result)]),
        "",
        f"Both arms caught {paired.both}, only the same family {paired.only_same}, only the cross "
        f"family {paired.only_cross}, neither {paired.neither}.",
        f"Exact McNemar p = {paired.p:.3f}: {paired.verdict}.",
    ]
    if result.unpaired:
        lines.append(
            f"{count_of(result.unpaired, 'commit')} left out: not reviewed by both arms yet."
        )
    return "\n".join([*lines, *result.notices])


def _label(effort: ArmEffort) -> str:
    return visible(f"{effort.reviewer} ({effort.family})")


def _rows(counts: Mapping[Arm, ArmCount]) -> list[tuple[str, ...]]:
    def row(name: str, told: Callable[[ArmCount], str]) -> tuple[str, ...]:
        return (name, *(told(counts[arm]) for arm in ARMS))

    return [
        row("caught", lambda one: _share(one.caught)),
        row("  95 % interval", lambda one: _interval(one.caught)),
        row("  expected by chance", lambda one: f"{one.by_chance:.1f}"),
        row("missed", lambda one: str(one.missed)),
        row("  in files it didn't read", lambda one: str(one.unread)),
        row("would have shipped", lambda one: str(one.shipped)),
    ]


def _source_rows(problems: Sequence[KnownProblem]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for source in ProblemSource:
        some = [one for one in problems if one.source is source]
        if some:
            apart = ", not counted above" if source is ProblemSource.ACCEPTED else ""
            told = (_share(count_arm(arm, some).caught) for arm in ARMS)
            rows.append((f"caught: {source}{apart}", *told))
    return rows


def _effort_rows(result: ExperimentResult) -> list[tuple[str, ...]]:
    efforts = [result.efforts[arm] for arm in ARMS]
    return [
        ("findings to read", *(str(one.findings) for one in efforts)),
        ("dollars", *(_dollars(one.dollars) for one in efforts)),
        ("minutes", *(f"{one.minutes:.1f}" for one in efforts)),
        ("  median of a commit", *(f"{_median(one):.1f}" for one in efforts)),
    ]


def _median(effort: ArmEffort) -> float:
    return median(effort.seconds) / 60 if effort.seconds else 0.0


def _dollars(amount: float | None) -> str:
    return "unknown" if amount is None else f"{amount:.2f}"


def _share(one: Proportion) -> str:
    return f"{one.count} of {one.of}"


def _interval(one: Proportion) -> str:
    if one.interval is None:
        return "–"
    return f"{one.interval.low * 100:.0f}–{one.interval.high * 100:.0f} %"


def result_json(result: ExperimentResult) -> dict[str, object]:
    """The result as JSON values."""
    mine = independent(result.problems)
    paired = pair(mine)
    return {
        "schema": 1,
        "repository": result.repository,
        "author": result.author,
        "commits": [asdict(one) for one in result.commits],
        "unpaired": result.unpaired,
        "arms": {
            arm.value: {
                "reviewer": result.efforts[arm].reviewer,
                "family": result.efforts[arm].family,
                "findings": result.efforts[arm].findings,
                "dollars": result.efforts[arm].dollars,
                "minutes": round(result.efforts[arm].minutes, 3),
                **_count_json(count_arm(arm, mine)),
            }
            for arm in ARMS
        },
        "pairs": {**asdict(paired), "p": paired.p, "verdict": paired.verdict},
        "problems": [_problem_json(one) for one in result.problems],
        "notices": list(result.notices),
    }


def _count_json(one: ArmCount) -> dict[str, object]:
    return {
        "caught": one.caught.count,
        "of": one.caught.of,
        "interval": list(one.caught.interval) if one.caught.interval else None,
        "by_words": one.by_words,
        "by_chance": round(one.by_chance, 3),
        "missed": one.missed,
        "missed_unread": one.unread,
        "would_have_shipped": one.shipped,
    }


def _problem_json(one: KnownProblem) -> dict[str, object]:
    return {
        "id": one.id,
        "source": one.source.value,
        "has_shipped": one.has_shipped,
        "caught_by": sorted(one.caught_by),
        "by_words": sorted(one.by_words),
        "unread_by": sorted(one.unread_by),
        "chance": {arm.value: round(chance, 3) for arm, chance in one.chance},
        "spots": [
            {"commit": spot.commit, "path": spot.path, "lines": spot.lines} for spot in one.spots
        ],
    }
