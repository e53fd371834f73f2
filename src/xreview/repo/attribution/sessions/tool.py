"""What every coding agent's file implements, so that its transcripts can be searched."""

from collections.abc import Iterator
from typing import Protocol

from xreview.repo.attribution.sessions.edit import Edit
from xreview.repo.attribution.sessions.place import Place
from xreview.repo.attribution.sessions.reading import Reading
from xreview.repo.attribution.sessions.transcript import Transcript


class SessionTool(Protocol):
    """A coding agent that keeps transcripts of its sessions on this machine."""

    @property
    def name(self) -> str:
        """The tool as evidence names it."""
        ...

    def transcripts(self, place: Place, reading: Reading) -> Iterator[Transcript]:
        """Where sessions of the worktree may be, in no order; nothing of them is read yet."""
        ...

    def edits(self, transcript: Transcript, place: Place, reading: Reading) -> Iterator[Edit]:
        """The edits to files of the worktree in sessions that were at work in it, as written.

        Read as they are asked for, and no further than `reading` allows. What is not understood
        is passed over; raises nothing for what a transcript holds.
        """
        ...
