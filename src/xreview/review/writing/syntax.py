"""Finding out whether a file still parses after an edit, where a parser is at hand.

async with aclosing(SyntaxCheck()) as syntax:
    line = await syntax.broken_at("a.py", before, after)
"""

from xreview.analysers.plan import LANGUAGES
from xreview.analysers.process import WorkerLostError, WorkerProcess, command

_MOST_BYTES = 600_000  # parsing needs about 40 times a file's size in memory
_SECONDS = 10.0
_LANGUAGES = {**LANGUAGES, "json": "json", "toml": "toml"}


class SyntaxCheck:
    """Parses files in a process that it starts when needed."""

    def __init__(self) -> None:
        self._process: WorkerProcess | None = None

    async def aclose(self) -> None:
        """End the process."""
        if self._process is not None:
            await self._process.end()

    async def broken_at(self, path: str, before: bytes, after: bytes) -> int:
        """The 1-based line of the first syntax error that an edit makes.

        0 if the file still parses, didn't parse before, or if no parser can tell.
        """
        language = _LANGUAGES.get(path.rpartition(".")[2].lower())
        if language is None or max(len(before), len(after)) > _MOST_BYTES:
            return 0
        texts = [text for text in map(_sendable, (before, after)) if text is not None]
        if len(texts) < 2:
            return 0
        try:
            if self._process is None:
                argv = command("xreview.review.writing.parse_worker")
                self._process = await WorkerProcess.start(argv)
            answer = await self._process.ask({"language": language}, texts, _SECONDS)
        except (OSError, WorkerLostError):
            # Only this check is missing: the patch is judged anyway.
            self._process = None
            return 0
        flaws: list[int] = answer["flaws"]
        return 0 if flaws[0] else flaws[1]


def _sendable(content: bytes) -> bytes | None:
    """The text of a file for the parser, None if it isn't UTF-8."""
    text = content.decode("utf-8-sig", "surrogateescape").replace("\r\n", "\n")
    return text.encode("utf-8") if text.isascii() or not _has_surrogates(text) else None


def _has_surrogates(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)
