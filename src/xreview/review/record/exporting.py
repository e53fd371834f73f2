"""Exporting the session that runs: the same bytes that `xreview-tui export` gives for it."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from xreview.domain.errors import JournalError
from xreview.export.base import ExportDocument
from xreview.review.record.document import document_of, stored_document
from xreview.review.session.session import ReviewSession


@dataclass(frozen=True, slots=True)
class Exportable:
    """What may be exported, and what is wrong with it: "" where it is what the journal holds."""

    document: ExportDocument
    trouble: str = ""


async def exportable(session: ReviewSession, journal: Path) -> Exportable:
    """All that the running session amounts to.

    What waits for the journal is written first. Where the journal can't be used, it is what is in
    memory, and `trouble` says so.
    """
    try:
        await session.save_now()
        document = await asyncio.to_thread(
            stored_document,
            journal,
            session.repository,
            [session.snapshot.session],
            user=session.snapshot.actor,
        )
    except JournalError as error:
        return Exportable(document_of(session.snapshot), f"Not out of the journal: {error}")
    return Exportable(document)
