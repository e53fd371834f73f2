"""What every coding agent's file implements, so that its transcripts can be searched."""

from collections.abc import Iterator
from typing import Protocol

from xreview.repo.attribution.sessions.edit import SessionEdit
from xreview.repo.attribution.sessions.place import SessionPlace
from xreview.repo.attribution.sessions.reading import SearchBounds
from xreview.repo.attribution.sessions.transcript import Transcript


class SessionTool(Protocol):
    """A coding agent that keeps transcripts of its sessions on this machine."""

    @property
    def name(self) -> str:
        """The tool as evidence names it."""
        ...

    def transcripts(self, place: SessionPlace, reading: SearchBounds) -> Iterator[Transcript]:
        """Where sessions of the worktree may be, in no order; nothing of them is read yet."""
        ...

    def edits(
        self, transcript: Transcript, place: SessionPlace, reading: SearchBounds
    ) -> Iterator[SessionEdit]:
        """The edits to files of the worktree in sessions that were at work in it, as written.

        Read as they are asked for, and no further than `reading` allows. What is not understood
        is passed over; raises nothing for what a transcript holds.
        """
        ...
