"""Asking a worker how the cyclomatic complexity of files changes."""

from xreview.analysers import plan
from xreview.analysers.ahead import own_worker
from xreview.analysers.process import WorkerLostError
from xreview.analysers.source import MOST_BYTES

_SECONDS = 10.0
"""For one file; most take a few milliseconds."""


class PathCounts:
    """Compares one file after the other; ends its worker with the context, as `SymbolsReader`."""

    def __init__(self) -> None:
        self._worker = own_worker()

    async def __aenter__(self) -> "PathCounts":
        await self._worker.__aenter__()
        return self

    async def __aexit__(self, *raised: object) -> None:
        await self._worker.__aexit__(*raised)

    async def change(self, path: str, old: bytes, new: bytes) -> int | None:
        """How many more paths the functions of a file have; b"" for a side that isn't there.

        None for a file that can't be parsed in time, is too large, or in another language. Raises
        OSError if no worker can be started.
        """
        language = plan.rules_language(path)
        sides = (old, new)
        if language is None or max(map(len, sides)) > MOST_BYTES:
            return None
        if any(plan.skip_content(side) for side in sides):
            return None
        try:
            answer = await self._worker.ask({"do": "paths", "language": language}, sides, _SECONDS)
        except WorkerLostError:
            # Only this file isn't counted; the next one gets a new worker.
            return None
        before, after = answer["paths"]
        return None if before is None or after is None else after - before
