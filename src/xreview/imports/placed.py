"""Results whose file in the change is known, and sentences on those whose file is not."""

from collections.abc import Sequence
from dataclasses import dataclass

from xreview.domain.text import count_of, shorten
from xreview.imports.placing import Lost
from xreview.imports.problem import ImportedProblem, Where

_SAY = ": say with --import-root in which folder the tool ran"
_SHOWN = 3
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Placed:
    """A result and that of its places which is in the change; `others` is how many it has more."""

    problem: ImportedProblem
    where: Where
    others: int = 0


class LostResults:
    """The results that are not about a file of the change, or may not be, by why."""

    def __init__(self) -> None:
        self._lost: dict[Lost | None, list[ImportedProblem]] = {}

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(map(len, self._lost.values()))

    def add(self, problem: ImportedProblem, why: Lost | None) -> None:
        """Count a result; None where it names no file."""
        self._lost.setdefault(why, []).append(problem)

    def sentence(self, tool: str, file: str, found: int) -> str:
        """What is not among the findings, so that their number is not taken for all; "" for
        nothing.

        Args:
            found: how many results the tool has in the file.
        """
        if not self.count:
            return ""
        here = found - self.count
        counts = [
            f"{here:,} of {count_of(found, 'result')} of {tool} in {file} "
            f"{'is' if here == 1 else 'are'} about files of this change"
        ]
        if outside := self._lost.get(Lost.OUTSIDE):
            counts.append(_tally(outside, "that is not in it", "that are not in it"))
        return f"{'; '.join((*counts, *self.gaps()))}."

    def gaps(self) -> list[str]:
        """What may be about the change, for which nobody knows."""
        gaps: list[str] = []
        if unknown := self._lost.get(Lost.UNKNOWN):
            gaps.append(_tally(unknown, "that the repository does not have") + _SAY)
        if ambiguous := self._lost.get(Lost.AMBIGUOUS):
            gaps.append(_tally(ambiguous, "that may be several files") + _SAY)
        if nowhere := self._lost.get(None):
            verb = "names" if len(nowhere) == 1 else "name"
            title = nowhere[0].title
            gaps.append(f"{count_of(len(nowhere), 'result')} {verb} no file (“{title}”)")
        return gaps


def _tally(problems: Sequence[ImportedProblem], one: str, several: str = "") -> str:
    """How many results there are, with the first of their paths.

    Args:
        one, several: what is wrong with the path, and with several.
    """
    names = dict.fromkeys(_name_of(problem) for problem in problems)
    shown = [shorten(name, _LONGEST_NAME) for name in list(names)[:_SHOWN]]
    more = ", …" if len(names) > _SHOWN else ""
    said = f"names a path {one}" if len(problems) == 1 else f"name paths {several or one}"
    return f"{count_of(len(problems), 'result')} {said} ({', '.join(shown)}{more})"


def _name_of(problem: ImportedProblem) -> str:
    readings = next((where.file.readings for where in problem.places if where.file), ())
    return readings[-1] if readings else "a name that is no path"
