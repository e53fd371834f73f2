"""Asking the worker for the definitions and calls in files."""

from collections.abc import Collection

from xreview.analysers import plan
from xreview.analysers.process import WorkerLostError, WorkerProcess, command
from xreview.analysers.signatures import FileSymbols
from xreview.analysers.source import MOST_BYTES
from xreview.domain.events.codec import from_json

SECONDS = 10.0
"""For one file; most take a few milliseconds."""

NO_SYMBOLS = FileSymbols()


class SymbolsReader:
    """Reads one file after the other; ends its worker with the context."""

    def __init__(self) -> None:
        self._process: WorkerProcess | None = None

    async def __aenter__(self) -> "SymbolsReader":
        return self

    async def __aexit__(self, *raised: object) -> None:
        await self._end()

    async def read(self, path: str, content: bytes, names: Collection[str] = ()) -> FileSymbols:
        """Return the definitions and calls of these names, or all definitions if no name is given.

        Nothing for a file that can't be parsed in time. Raises OSError if no worker can be started.
        """
        language = plan.rules_language(path)
        if language is None or len(content) > MOST_BYTES or plan.skip_content(content):
            return NO_SYMBOLS
        if self._process is None:
            self._process = await WorkerProcess.start(command("xreview.analysers.symbols_worker"))
        request = {"language": language, "names": sorted(names)}
        try:
            answer = await self._process.ask(request, [content], SECONDS)
        except WorkerLostError:
            # The hints are only about what could be read; the next file gets a new worker.
            self._process = None
            return NO_SYMBOLS
        return from_json(FileSymbols, answer)

    async def _end(self) -> None:
        if self._process is not None:
            await self._process.end()
            self._process = None
