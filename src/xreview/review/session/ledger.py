"""Asynchronous access to the journal, in one thread of its own."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from xreview.domain.errors import JournalError, XReviewError
from xreview.domain.events.event import Event, Payload, StanceTaken
from xreview.domain.fault import fault
from xreview.domain.fixing.state import FixState
from xreview.domain.identity.history import History
from xreview.domain.proposal import Proposal
from xreview.domain.state import Triage
from xreview.journal.replay import fixes_of, proposals_of, recall, stances_of, views_of
from xreview.journal.store import PATIENCE, Journal
from xreview.review.past.carry import load_history
from xreview.review.past.missed import ReviewedSession, latest_reviewed

_Result = TypeVar("_Result")


class Ledger:
    """Opens the journal with the first call, and waits `patience` seconds for another program that
    writes. All methods raise JournalError."""

    def __init__(self, path: Path, *, patience: float = PATIENCE) -> None:
        self._path = path
        self._patience = patience
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        self._journal: Journal | None = None

    async def notice(self) -> str:
        """What the user must know about the journal; "" usually."""
        return await self._call(lambda journal: journal.notice)

    async def recall(self, repository: str, fingerprints: Collection[str]) -> Triage:
        """Earlier decisions about these fingerprints, for `domain.state.joined_state`."""
        return await self._call(lambda journal: recall(journal, repository, fingerprints))

    async def fixes(self, repository: str, fingerprints: Collection[str]) -> FixState:
        """What fixes did to these findings."""
        return await self._call(lambda journal: fixes_of(journal, repository, fingerprints))

    async def stances(
        self, repository: str, fingerprints: Collection[str]
    ) -> tuple[StanceTaken, ...]:
        """Earlier answers of models about these fingerprints, the oldest first."""
        return await self._call(lambda journal: stances_of(journal, repository, fingerprints))

    async def proposals(
        self, repository: str, fingerprints: Collection[str]
    ) -> tuple[Proposal, ...]:
        """Open proposals of others about these fingerprints."""
        return await self._call(lambda journal: proposals_of(journal, repository, fingerprints))

    async def history(self, repository: str, paths: Collection[str], session: str) -> History:
        """What other sessions of this repository knew about these files."""
        return await self._call(lambda journal: load_history(journal, repository, paths, session))

    async def views(self, repository: str) -> Mapping[str, str]:
        """The digests of the files viewed in a repository, by path."""
        return await self._call(lambda journal: views_of(journal, repository))

    async def reviewed(self, repository: str, path: str, session: str) -> ReviewedSession | None:
        """The latest session but this one in which a reviewer read the file."""
        return await self._call(
            lambda journal: latest_reviewed(journal, repository, path, without=session)
        )

    async def told(self, session: str) -> tuple[Payload, ...]:
        """What a session's events say, the oldest first."""
        return await self._call(
            lambda journal: tuple(one.payload for one in journal.events(session=session))
        )

    async def append(self, events: Sequence[Event]) -> None:
        """Write events. They are on disk when this returns."""
        if events:
            await self._call(lambda journal: journal.append(events))

    async def close(self) -> None:
        """Close the journal after the calls made before."""
        if self._journal is not None:
            await self._call(lambda journal: journal.close())
            self._journal = None
        self._thread.shutdown(wait=False)

    async def _call(self, work: Callable[[Journal], _Result]) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._run, work)

    def _run(self, work: Callable[[Journal], _Result]) -> _Result:
        if self._journal is None:
            self._journal = Journal.open(self._path, patience=self._patience)
        try:
            return work(self._journal)
        except XReviewError:
            raise
        except Exception as error:
            told = fault(error, "The journal")
            raise JournalError(told.message, told.advice) from error
