"""Choices of review tools on pull requests, with what these found and what there was to find."""

import json
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from pathlib import Path

from alignment.fixtures import Fixtures

from xreview.disagreement.align import align

_VERSIONS = {"greptile-v4": "greptile", "qodo-v2": "qodo"}
_MOST_CHOICES = 120
_POOLED = 3


@dataclass(frozen=True)
class Case:
    """What some readers found in one or more pull requests of a repository, and how many problems
    there are; `unit` names the pull requests."""

    repository: str
    unit: tuple[str, ...]
    readers: tuple[str, ...]
    captures: tuple[frozenset[str], ...]
    there: int

    @property
    def left(self) -> int:
        return self.there - len(self.captures)


@dataclass(frozen=True)
class ReadPull:
    """A pull request. Two versions of a tool are one reader, as two models of a family are.

    Args:
        known: who found each verified issue; () for an issue that no tool found.
        said: who raised each aligned problem, right or wrong.
    """

    repository: str
    readers: frozenset[str]
    known: tuple[frozenset[str], ...]
    said: tuple[frozenset[str], ...]


def read_pulls(folder: Path) -> dict[str, ReadPull]:
    fixtures = Fixtures(folder)
    pulls: dict[str, ReadPull] = {}
    for file in sorted((folder / "fixtures").glob("*.json")):
        read = json.loads(file.read_text(encoding="utf-8"))
        by: dict[str, set[str]] = defaultdict(set)
        for tool, said in read["reviewers"].items():
            for one in said:
                for issue in read["labels"][one["id"]]["golden"]:
                    by[issue].add(_VERSIONS.get(tool, tool))
        found = [frozenset(one) for one in by.values()]
        unseen = [frozenset[str]()] * (len(read["golden"]) - len(found))
        groups = align(fixtures.reports[read["pr"]])
        names = [[one.reviewer.name for one in group] for group in groups]
        pulls[read["pr"]] = ReadPull(
            read["repo"],
            frozenset(_VERSIONS.get(tool, tool) for tool in read["reviewers"]),
            (*found, *unseen),
            tuple(frozenset(_VERSIONS.get(name, name) for name in group) for group in names),
        )
    return pulls


def known_cases(pulls: Mapping[str, ReadPull], readers: int, pooled: int = _POOLED) -> list[Case]:
    """Verified issues; `pooled` pull requests of one repository are read as one, since a single
    one has one to five."""
    return list(_cases(pulls, readers, pooled, is_known=True))


def said_cases(pulls: Mapping[str, ReadPull], readers: int) -> list[Case]:
    """All that any tool said on one pull request, right or wrong."""
    return list(_cases(pulls, readers, 1, is_known=False))


def _cases(
    pulls: Mapping[str, ReadPull], readers: int, pooled: int, *, is_known: bool
) -> Iterator[Case]:
    dice = random.Random(0)
    for repository in sorted({one.repository for one in pulls.values()}):
        names = [name for name, one in pulls.items() if one.repository == repository]
        for unit in combinations(names, pooled):
            chosen = [pulls[name] for name in unit]
            problems = [each for one in chosen for each in (one.known if is_known else one.said)]
            tools = sorted(frozenset.intersection(*(one.readers for one in chosen)))
            for some in _choices(tools, readers, dice):
                captures = tuple(by for each in problems if (by := each.intersection(some)))
                yield Case(repository, unit, some, captures, len(problems))


def _choices(tools: Sequence[str], count: int, dice: random.Random) -> list[tuple[str, ...]]:
    every = list(combinations(tools, count))
    return every if comb(len(tools), count) <= _MOST_CHOICES else dice.sample(every, _MOST_CHOICES)
