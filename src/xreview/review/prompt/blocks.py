"""Finding the functions and classes around lines of a file.

    async with aclosing(Blocks()) as blocks:
        found = await blocks.around(path, text, lines)

Without a grammar, or if the parser fails or takes too long, indentation decides
(`identity.outline`).
"""

import asyncio
from collections.abc import Sequence

from xreview.analysers.plan import LANGUAGES
from xreview.analysers.process import WorkerLostError, WorkerProcess, command
from xreview.domain.identity.outline import Outline
from xreview.domain.record import dataclass
from xreview.review.reply.quote import sendable

MOST_BYTES = 600_000
"""A larger file is not parsed: parsing needs about 40 times its size in memory."""

_SECONDS = 5.0
_MOST_LOSSES = 3
_MOST_LINES = 5_000  # of one file
_GRAMMARS = {
    **LANGUAGES,
    "kt": "kotlin",
    "kts": "kotlin",
    "swift": "swift",
    "cs": "csharp",
    "php": "php",
    "scala": "scala",
    "lua": "lua",
    "sh": "bash",
    "bash": "bash",
    "sol": "solidity",
    "dart": "dart",
}


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """A named piece of code: 1-based inclusive lines, and whether it is a function."""

    start: int
    end: int
    is_function: bool = False


class Blocks:
    """Finds blocks with a process that it starts when needed.

    `asked` counts the requests to the parser.
    """

    def __init__(self) -> None:
        self.asked = 0
        self._process: WorkerProcess | None = None
        self._losses = 0

    async def aclose(self) -> None:
        """End the process."""
        if self._process is not None:
            await self._process.end()

    async def around(self, path: str, text: str, lines: Sequence[int]) -> list[CodeBlock]:
        """The blocks that contain one of the 1-based lines, outer ones first."""
        content = sendable(text).encode("utf-8")
        language = _GRAMMARS.get(path.rpartition(".")[2].lower())
        if language is not None and len(content) <= MOST_BYTES and self._losses < _MOST_LOSSES:
            found = await self._parsed(language, content, lines)
            if found:
                return found
        return await asyncio.to_thread(_by_indentation, text, lines)

    async def _parsed(
        self, language: str, content: bytes, lines: Sequence[int]
    ) -> list[CodeBlock] | None:
        self.asked += 1
        request = {"language": language, "lines": list(lines[:_MOST_LINES])}
        try:
            if self._process is None:
                argv = command("xreview.review.prompt.syntax_worker")
                self._process = await WorkerProcess.start(argv)
            answer = await self._process.ask(request, (content,), _SECONDS)
        except (OSError, WorkerLostError):
            # Only the context gets less exact: the change is sent anyway.
            self._process = None
            self._losses += 1
            return None
        blocks: list[tuple[int, int, bool]] = answer["blocks"]
        return [CodeBlock(start, end, is_function) for start, end, is_function in blocks]


def _by_indentation(text: str, lines: Sequence[int]) -> list[CodeBlock]:
    outline = Outline(text.split("\n"))
    blocks = (outline.block(line, line) for line in lines[:_MOST_LINES])
    found = {CodeBlock(block.start, block.stop - 1) for block in blocks if len(block) > 1}
    return sorted(found, key=lambda block: (block.start, -block.end))
