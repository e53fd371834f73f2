"""The journal as the asynchronous floors use it: one thread of its own, one caller at a time."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from xreview.domain.errors import JournalError, XReviewError
from xreview.domain.events.event import Event, StanceTaken
from xreview.domain.fault import fault
from xreview.domain.identity.history import History
from xreview.domain.proposal import Proposal
from xreview.domain.state import Triage
from xreview.journal.replay import proposals_of, recall, stances_of
from xreview.journal.store import PATIENCE, Journal
from xreview.review.past.carry import load_history

_Result = TypeVar("_Result")


class Ledger:
    """Opens the journal in a thread of its own and keeps every call to it there.

    `patience` are the seconds to wait for another program that is writing. An `append` that returns
    has its events on disk. All methods raise JournalError.
    """

    def __init__(self, path: Path, *, patience: float = PATIENCE) -> None:
        self._path = path
        self._patience = patience
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        self._journal: Journal | None = None

    async def notice(self) -> str:
        """What a person must know about the journal as it is, "" usually."""
        return await self._call(lambda journal: journal.notice)

    async def recall(self, repository: str, fingerprints: Collection[str]) -> Triage:
        """What was decided before about these fingerprints, however much else there is.

        Ask when they are first reported, and take it up with `domain.state.joined`.
        """
        return await self._call(lambda journal: recall(journal, repository, fingerprints))

    async def stances(
        self, repository: str, fingerprints: Collection[str]
    ) -> tuple[StanceTaken, ...]:
        """What models answered before to the reports of these fingerprints, in time."""
        return await self._call(lambda journal: stances_of(journal, repository, fingerprints))

    async def proposals(
        self, repository: str, fingerprints: Collection[str]
    ) -> tuple[Proposal, ...]:
        """What others propose about these fingerprints, and nobody took up."""
        return await self._call(lambda journal: proposals_of(journal, repository, fingerprints))

    async def history(self, repository: str, paths: Collection[str], session: str) -> History:
        """What the sessions of this repository but this one knew about these files."""
        return await self._call(lambda journal: load_history(journal, repository, paths, session))

    async def append(self, events: Sequence[Event]) -> None:
        """Write events; they are on disk when this returns."""
        if events:
            await self._call(lambda journal: journal.append(events))

    async def close(self) -> None:
        """Close the journal after what was asked for before is done."""
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
