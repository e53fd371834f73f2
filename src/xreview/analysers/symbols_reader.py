"""Asking the worker for the definitions and calls in files."""

from collections.abc import Collection

from xreview.analysers import plan
from xreview.analysers.ahead import own_worker
from xreview.analysers.process import WorkerLostError
from xreview.analysers.signatures import FileSymbols
from xreview.analysers.source import MOST_BYTES
from xreview.domain.events.codec import from_json

SECONDS = 10.0
"""For one file; most take a few milliseconds."""

NO_SYMBOLS = FileSymbols()


class SymbolsReader:
    """Reads one file after the other; ends its worker with the context, if nothing else uses it."""

    def __init__(self) -> None:
        self._worker = own_worker()

    async def __aenter__(self) -> "SymbolsReader":
        await self._worker.__aenter__()
        return self

    async def __aexit__(self, *raised: object) -> None:
        await self._worker.__aexit__(*raised)

    async def read(self, path: str, content: bytes, names: Collection[str] = ()) -> FileSymbols:
        """Return the definitions and calls of these names, or all definitions if no name is given.

        Nothing for a file that can't be parsed in time. Raises OSError if no worker can be started.
        """
        language = plan.rules_language(path)
        if language is None or len(content) > MOST_BYTES or plan.skip_content(content):
            return NO_SYMBOLS
        request = {"do": "symbols", "language": language, "names": sorted(names)}
        try:
            answer = await self._worker.ask(request, [content], SECONDS)
        except WorkerLostError:
            # The hints are only about what could be read; the next file gets a new worker.
            return NO_SYMBOLS
        return from_json(FileSymbols, answer)
