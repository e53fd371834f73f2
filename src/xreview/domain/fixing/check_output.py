"""The names of failed tests and the number of passed ones, from what test runners print.

Formats: pytest, unittest, jest and vitest, go test, cargo test, TAP, and the summaries of Maven,
Gradle, dotnet, RSpec, minitest and mocha. What isn't recognised is left to the exit code.
"""

import re
from collections.abc import Iterable

from xreview.domain.record import dataclass

MOST_NAMES = 2_000
"""Failed tests that are kept."""

_LONGEST_NAME = 300
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")

_FAILED = (
    re.compile(
        r"(?:FAILED|ERROR) (?!\((?:failures|errors)=)(\S+(?:::\S.*?)?)(?: - .*)?$"
    ),  # pytest
    re.compile(r"(?:FAIL|ERROR): (\w+ \([\w.<>]+\))"),  # unittest
    re.compile(r"\s*--- FAIL: (\S+)"),  # go
    re.compile(r"test (\S+)(?: - .*)? \.\.\. FAILED$"),  # cargo
    re.compile(r"\s*not ok \d+ ?-? ?((?:(?!# (?:TODO|SKIP)).)*)$", re.IGNORECASE),  # TAP
    re.compile(r"\s+● (.+)$"),  # jest
    re.compile(r"\s*(?:FAIL|❯|×)\s+(\S+\.\w+(?: > .+)?)$"),  # jest, vitest
    re.compile(r"\[ERROR\]\s+(\w[\w.$]*\.\w+)(?::\d+|\s+Time)"),  # Maven
    re.compile(r"(\w+ > .+) FAILED$"),  # Gradle
    re.compile(r"\s+Failed (\S+) \["),  # dotnet
    re.compile(r"rspec (\./\S+)"),  # RSpec
)
_PASSED = (
    re.compile(r"=*\s?(?:.*, )?(\d+) passed\b.* in [\d.]+"),  # pytest
    re.compile(r"\s*Tests?:?\s+(?:.*[,|] )?(\d+) passed"),  # jest, vitest
    re.compile(r"test result: \w+\. (\d+) passed"),  # cargo
    re.compile(r"\s*(\d+) passing\b"),  # mocha
    re.compile(r"# pass +(\d+)"),  # TAP
    re.compile(r"Passed! .*Passed: +(\d+)"),  # dotnet
)
_RUN = (
    re.compile(r"Ran (\d+) tests? in ()()"),  # unittest
    re.compile(r"(?:\[\w+\] )?Tests run: (\d+), Failures: (\d+), Errors: (\d+)(?!.*Time elapsed)"),
    re.compile(r"(\d+) examples?, (\d+) failures?()"),  # RSpec
    re.compile(r"(\d+) runs, \d+ assertions, (\d+) failures, (\d+) errors"),  # minitest
)
_UNITTEST_FAILED = re.compile(r"FAILED \((.+)\)$")
_COUNTS = re.compile(r"(failures|errors)=(\d+)")
_GO_PASSED = re.compile(r"\s*--- PASS: \S+")
_TAP_PASSED = re.compile(r"ok \d+\b(?!.*# SKIP)")


@dataclass(frozen=True, slots=True)
class CheckTally:
    """The failed tests, by their names, and how many passed; None if that isn't told."""

    failed: tuple[str, ...] = ()
    passed: int | None = None


def tally_of(output: str) -> CheckTally:
    """What a runner's output says of its tests; several runs in it are added up."""
    failed: dict[str, None] = {}
    passed: list[int] = []
    listed = 0
    for raw in output.splitlines():
        row = (_ESCAPES.sub("", raw) if "\x1b" in raw else raw).rstrip()
        if len(row) > 2_000:
            continue
        if (name := _first(_FAILED, row)) is not None and len(failed) < MOST_NAMES:
            failed[" ".join(name.split())[:_LONGEST_NAME]] = None
        if (count := _first(_PASSED, row)) is not None:
            passed.append(int(count[:9]))
        elif (run := _run(row)) is not None:
            passed.append(run)
        elif wrong := _UNITTEST_FAILED.match(row):
            passed.append(-sum(int(number[:9]) for _, number in _COUNTS.findall(wrong[1])))
        elif _GO_PASSED.match(row) or _TAP_PASSED.match(row):
            listed += 1
    total = max(0, sum(passed)) if passed else listed or None
    failed.pop("", None)
    return CheckTally(tuple(failed), total)


def _first(patterns: Iterable[re.Pattern[str]], row: str) -> str | None:
    return next((match[1] for one in patterns if (match := one.match(row))), None)


def _run(row: str) -> int | None:
    for pattern in _RUN:
        if match := pattern.match(row):
            total, *wrong = (int(one[:9]) for one in match.groups() if one)
            return total - sum(wrong)
    return None
