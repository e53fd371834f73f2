"""Sentences about results that aren't about a file in the change, or may not be."""

from collections.abc import Sequence

from xreview.domain.text import count_of, shorten
from xreview.imports.placing.placing import Lost
from xreview.imports.statement import ImportedProblem

_SAY = ": give the folder in which the tool ran with --import-root"
_SHOWN = 3
_LONGEST_NAME = 80


class LostResults:
    """The results without a file in the change, by the reason."""

    def __init__(self) -> None:
        self._lost: dict[Lost | None, list[ImportedProblem]] = {}

    @property
    def count(self) -> int:
        """The number of these results."""
        return sum(map(len, self._lost.values()))

    def add(self, problem: ImportedProblem, why: Lost | None) -> None:
        """Add a result; `why` is None where it names no file."""
        self._lost.setdefault(why, []).append(problem)

    def sentence(self, tool: str, file: str, found: int) -> str:
        """The sentence about results that aren't among the findings; "" for none.

        Args:
            found: the number of results that the tool has in the file.
        """
        if not self.count:
            return ""
        here = found - self.count
        counts = [
            f"{here:,} of {count_of(found, 'result')} of {tool} in {file} "
            f"{'is' if here == 1 else 'are'} about files in this change"
        ]
        if outside := self._lost.get(Lost.OUTSIDE):
            counts.append(_tally(outside, "outside the change"))
        return f"{'; '.join((*counts, *self.gaps()))}."

    def gaps(self) -> list[str]:
        """Clauses about results that may be about the change."""
        gaps: list[str] = []
        if unknown := self._lost.get(Lost.UNKNOWN):
            gaps.append(_tally(unknown, "that the repository doesn't have") + _SAY)
        if ambiguous := self._lost.get(Lost.AMBIGUOUS):
            gaps.append(_tally(ambiguous, "that may be several files") + _SAY)
        if nowhere := self._lost.get(None):
            verb = "names" if len(nowhere) == 1 else "name"
            title = nowhere[0].title
            gaps.append(f"{count_of(len(nowhere), 'result')} {verb} no file (“{title}”)")
        return gaps


def _tally(problems: Sequence[ImportedProblem], what: str) -> str:
    """The number of results with the first of their paths; `what` is wrong with these."""
    names = dict.fromkeys(_name_of(problem) for problem in problems)
    shown = [shorten(name, _LONGEST_NAME) for name in list(names)[:_SHOWN]]
    more = ", …" if len(names) > _SHOWN else ""
    said = f"names a path {what}" if len(problems) == 1 else f"name paths {what}"
    return f"{count_of(len(problems), 'result')} {said} ({', '.join(shown)}{more})"


def _name_of(problem: ImportedProblem) -> str:
    readings = next((where.file.readings for where in problem.places if where.file), ())
    return readings[-1] if readings else "not a path"
