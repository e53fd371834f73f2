"""The aims, and the figures of a run that they judge."""

import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from app_parts.rounds import APP, BEFORE, Results

Read = Callable[[Results, str], float | None]
"""A figure out of the results; the text is the prefix of the app's subjects."""


def of(subject: str, name: str) -> Read:
    """The median of one of the harness's figures; all but the app's own have no prefix."""

    def read(results: Results, prefix: str) -> float | None:
        summary = results.get(own(subject, prefix), {}).get("summary", {})
        return summary.get(name, {}).get("median")

    return read


def key(subject: str, label: str, part: str) -> Read:
    """A quantile of the time from a key to its first effect, over all rounds."""

    def read(results: Results, prefix: str) -> float | None:
        summary = results.get(own(subject, prefix), {}).get("summary", {})
        return summary.get("keys", {}).get(label, {}).get("first", {}).get(part)

    return read


def seconds(what: str) -> Read:
    """The median of a review or of the engines, in milliseconds like all else."""

    def read(results: Results, prefix: str) -> float | None:
        taken = results.get(prefix + what if what == "review" else what)
        return statistics.median(taken) * 1000 if taken else None

    return read


def peak(results: Results, prefix: str) -> float | None:
    """The most memory of a process tree, in MB, with analysers alone."""
    found = [of(name, "peak_rss_mb")(results, prefix) for name in ("start", "finding", "read")]
    return max((mb for mb in found if mb is not None), default=None)


def unanswered(results: Results, prefix: str) -> float:
    """Keys that changed nothing in time; the quantiles don't know of them."""
    keys = results[own("running", prefix)]["summary"].get("keys", {})
    return sum(of_label.get("none", 0) for of_label in keys.values())


def bad_ends(results: Results, prefix: str) -> float:
    """Launches that did not end by themselves with the terminal as it was, or showed no text."""
    runs = [run for name in APP for run in results[own(name, prefix)]["runs"]]
    return sum(not run["clean"] or "error" in run for run in runs)


def own(subject: str, prefix: str) -> str:
    return prefix + subject if subject in APP else subject


@dataclass(frozen=True)
class Aim:
    """A figure and the most that it, or its ratio to `base`, may be, by workload."""

    what: str
    ours: Read
    base: Read | None = None
    against: str = ""
    most: Mapping[str, float] = field(default_factory=dict[str, float])
    unit: str = "ms"


def both(small: float, large: float) -> Mapping[str, float]:
    return {"w1": small, "w3": large}


WHEN = (("running", "while reviewers run"), ("read", "after"))
KEYS = tuple(
    Aim(
        f"{label}-down {part}, {when}",
        key(subject, label, part),
        key("lazy", label, part),
        "lazy",
        both(1.0, 1.0) if part == "p50" else both(1.15, 1.2),
    )
    for subject, when in WHEN
    for label in ("line", "page")
    for part in ("p50", "p99")
)
HUNK = Aim(
    "page-down p50, after",
    key("read", "page", "p50"),
    key("hunk", "page", "p50"),
    "hunk",
    both(2, 2),
)
TEXT = of("hello", "text_ms")
AIMS = (
    Aim("change on screen", of("start", "text_ms"), TEXT, "hello", both(0.45, 0.6)),
    Aim("answers a key", of("start", "ready_ms"), TEXT, "hello", both(1.5, 1.8)),
    Aim("first finding", of("finding", "text_ms"), most=both(1000, 1500)),
    *KEYS,
    HUNK,
    Aim("peak memory of the tree", peak, most=both(95, 130), unit="MB"),
    # In the small repository a model streams then, which has no aim of its own.
    Aim("memory while keys are pressed", of("running", "peak_rss_mb"), unit="MB"),
    Aim("quit, while reviewers run", of("running", "exit_ms"), most=both(150, 200)),
    Aim("quit, after", of("read", "exit_ms"), most=both(150, 200)),
    Aim(
        "everything read in the app",
        of("read", "text_ms"),
        seconds("review"),
        "review",
        both(1.2, 1.2),
    ),
    Aim("review without the app", seconds("review"), seconds("engines"), "engines", {"w3": 1.3}),
    Aim("keys without an effect", unanswered, most=both(0, 0), unit=""),
    Aim("launches that ended badly", bad_ends, most=both(0, 0), unit=""),
)


@dataclass(frozen=True)
class Figure:
    """One line of the table. A figure that is None could not be measured."""

    workload: str
    aim: Aim
    ours: float | None
    base: float | None
    before: float | None = None
    before_base: float | None = None

    @property
    def most(self) -> float | None:
        return self.aim.most.get(self.workload)

    @property
    def judged(self) -> float | None:
        """The ratio where the aim has a baseline, else the value itself."""
        return self._ratio(self.ours, self.base)

    @property
    def judged_before(self) -> float | None:
        """The same of the other checkout."""
        return self._ratio(self.before, self.before_base)

    @property
    def is_missed(self) -> bool:
        if self.most is None:
            return False
        return self.judged is None or self.judged > self.most

    def _ratio(self, value: float | None, base: float | None) -> float | None:
        if value is None or self.aim.base is None:
            return value
        return value / base if base else None


def figures_of(workload: str, results: Results) -> list[Figure]:
    has_before = any(name.startswith(BEFORE) for name in results)
    return [
        Figure(
            workload,
            aim,
            aim.ours(results, ""),
            aim.base(results, "") if aim.base else None,
            aim.ours(results, BEFORE) if has_before else None,
            aim.base(results, BEFORE) if has_before and aim.base else None,
        )
        for aim in AIMS
        if aim is not HUNK or "hunk" in results
    ]
