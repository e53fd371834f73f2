"""Results whose file in the change is known, and sentences on those whose file is not."""

from collections.abc import Sequence
from dataclasses import dataclass

from xreview.domain.text import count_of, shorten
from xreview.reviewers.imported.problem import Problem, Where

_SHOWN = 3
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Placed:
    """A result and that of its places which is in the change; `others` is how many it has more."""

    problem: Problem
    where: Where
    others: int = 0


def tally(problems: Sequence[Problem], one: str, several: str) -> str:
    """How many results there are and what they do, with the first of their paths.

    Args:
        one, several: what one of them does, and what several do.
    """
    names = dict.fromkeys(_name_of(problem) for problem in problems)
    shown = [shorten(name, _LONGEST_NAME) for name in list(names)[:_SHOWN]]
    more = ", …" if len(names) > _SHOWN else ""
    verb = one if len(problems) == 1 else several
    return f"{count_of(len(problems), 'result')} {verb} ({', '.join(shown)}{more})"


def _name_of(problem: Problem) -> str:
    readings = next((where.file.readings for where in problem.places if where.file), ())
    return readings[-1] if readings else "a name that is no path"
