"""What is handed to a fixer."""

from collections.abc import Iterable

from xreview.domain.fixing.outcome import FixVerdict
from xreview.domain.record import dataclass
from xreview.export.document import ExportEntry


@dataclass(frozen=True)
class FixOrder:
    """What to fix, and what else a fixer must know.

    Args:
        accepted: the findings to fix. rejected: those that must stay as they are.
        checks: the user's commands that must not get worse.
        note: what the user adds in a second round.
        earlier: how the first round was judged.
    """

    accepted: tuple[ExportEntry, ...]
    rejected: tuple[ExportEntry, ...] = ()
    checks: tuple[str, ...] = ()
    note: str = ""
    earlier: tuple[FixVerdict, ...] = ()

    @property
    def by_file(self) -> tuple[ExportEntry, ...]:
        """The accepted findings file by file, in the order of each file's first, then by line."""
        return batched_by_file(self.accepted)

    def earlier_of(self, entry: ExportEntry) -> FixVerdict | None:
        """How the first round was judged for a finding."""
        names = set(entry.finding.fingerprints)
        return next((one for one in self.earlier if names.intersection(one.subjects)), None)


def batched_by_file(entries: Iterable[ExportEntry]) -> tuple[ExportEntry, ...]:
    """The entries with those about the same file together, in the order of each file's first."""
    known = tuple(entries)
    first: dict[str, int] = {}
    for place, entry in enumerate(known):
        first.setdefault(entry.finding.anchor.path, place)
    return tuple(sorted(known, key=lambda one: (first[one.finding.anchor.path], _place(one))))


def _place(entry: ExportEntry) -> tuple[int, str]:
    return entry.finding.anchor.start_line, entry.finding.fingerprint
