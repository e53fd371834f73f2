"""What `xreview-tui log verify` names."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JournalProblem:
    """What is wrong at one place of the journal.

    Args:
        sequence: the first bad row, None where it is the file as a whole.
        session: the session of that row, "" where it is not known.
        what: one sentence.
    """

    sequence: int | None
    session: str
    what: str

    def __str__(self) -> str:
        return self.what if self.sequence is None else f"Row {self.sequence}: {self.what}"
