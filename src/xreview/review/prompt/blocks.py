"""The functions and classes around lines of a file: by syntax where there is a grammar.

    async with Blocks() as blocks:
        found = await blocks.around(path, text, lines)

Where there is no grammar, or the parser fails or takes too long, indentation tells the blocks
(`domain.outline`).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from xreview.analysers.plan import LANGUAGES
from xreview.analysers.process import WorkerLostError, WorkerProcess, command
from xreview.domain.identity.outline import Outline
from xreview.review.reply.quote import sendable

MOST_BYTES = 600_000
"""A larger file is not parsed: that takes about 40 times a file's size in memory."""

_SECONDS = 5.0
_MOST_LOSSES = 3
_MOST_LINES = 5_000  # whose blocks are looked for in one file
_START = (
    "import sys; sys.path.extend(sys.argv[1:]);"
    "from xreview.review.prompt.syntax_worker import main; main()"
)
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
    """Finds blocks; starts its process when it first needs one, and ends it on leaving.

    `asked` says how often the parser was asked.
    """

    def __init__(self) -> None:
        self.asked = 0
        self._process: WorkerProcess | None = None
        self._losses = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._process is not None:
            await self._process.end()

    async def around(self, path: str, text: str, lines: Sequence[int]) -> list[CodeBlock]:
        """The blocks that hold one of the 1-based lines, the outer ones first."""
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
                interpreter, isolated, option, _, *places = command()
                argv = [interpreter, isolated, option, _START, *places]
                self._process = await WorkerProcess.start(argv)
            answer = await self._process.ask(request, (content,), _SECONDS)
        except (OSError, WorkerLostError):
            # The context gets less exact, and that is all: the change itself is sent either way.
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
