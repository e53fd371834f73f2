"""The analysers' worker process: reads requests on standard input, answers on standard output.

A process of its own keeps hostile code that crashes or hangs a parser away from the program, never
blocks the interface, and returns its memory at the end.

A request is one line of JSON followed by as many bytes as its `sizes` say; an answer is one line of
JSON. Requests:

    {"do": "begin", "selected": [...], "excepted": [...]}     what linters already enforce
    {"do": "files", "files": [{"language", "is_test", "is_aside"}, ...],
     "sizes": [content, body, ...]}
    {"do": "added", "file": index, "path", "is_read", "sizes": [body]}   input for the duplicates
    {"do": "duplicates"}                                      the places of duplicate blocks
    {"do": "block", "start_line", "end_line", "words", "sizes": [body]}   a report about one
"""

import json
import os
import resource
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import cached_property
from typing import TYPE_CHECKING, Any, BinaryIO

from xreview.analysers import analysis
from xreview.analysers.linters import Enforced
from xreview.analysers.match import RuleMatch
from xreview.analysers.ruff import RuffCheck
from xreview.analysers.rules import computed_rule
from xreview.analysers.source import QUOTED_LINES, OutOfDateError, Source, lines_added_in

if TYPE_CHECKING:
    from xreview.analysers.duplicates import Duplicates

MOST_MEMORY = 320 * 1024 * 1024
"""Bytes of data for this process and for each child; two workers can take twice as much.

An ordinary file takes a tenth of that.
"""

SECONDS = 60
"""The time limit of a request; then the system ends this process."""


def serve(answer: Callable[[dict[str, Any], BinaryIO], dict[str, Any]]) -> None:
    """Answer requests until standard input ends; `answer` also gets the payload stream."""
    os.nice(10)
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # so that a library's output can't pass for an answer
    while line := requests.readline():
        signal.alarm(SECONDS)
        answered = answer(json.loads(line), requests)
        signal.alarm(0)
        answers.write(json.dumps(answered).encode() + b"\n")
        answers.flush()


def main() -> None:
    """Run the analysers' worker."""
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    serve(Worker().answer)


class Worker:
    """The state between requests."""

    def __init__(self) -> None:
        self._enforced = Enforced()

    @cached_property
    def _duplicates(self) -> "Duplicates":
        # Imported here: they are looked for at the end.
        from xreview.analysers.duplicates import Duplicates

        return Duplicates()

    def answer(self, request: dict[str, Any], payloads: BinaryIO) -> dict[str, Any]:
        """Carry out one request."""
        parts = [payloads.read(size) for size in request.get("sizes", ())]
        match request["do"]:
            case "begin":
                self._enforced = Enforced(tuple(request["selected"]), tuple(request["excepted"]))
                return {}
            case "files":
                return {"files": self._files(request["files"], parts)}
            case "added":
                file, path, is_read = request["file"], request["path"], request["is_read"]
                self._duplicates.add(file, path, parts[0], is_read=is_read)
                return {}
            case "duplicates":
                return {"blocks": [asdict(block) for block in self._duplicates.blocks()]}
            case "block":
                return _block(request, parts[0])
            case other:
                raise ValueError(other)

    def _files(
        self, files: Sequence[dict[str, Any]], parts: Sequence[bytes]
    ) -> list[dict[str, Any]]:
        sources = [
            Source.of(content=content, body=body, **file)
            for file, content, body in zip(files, parts[::2], parts[1::2], strict=True)
        ]
        texts = [source.clean for source in sources if source.language == "python"]
        ruff = RuffCheck(texts, analysis.ruff_codes(self._enforced) if texts else ())
        return [self._file(source, ruff) for source in sources]

    def _file(self, source: Source, ruff: RuffCheck) -> dict[str, Any]:
        try:
            found = analysis.analyse(source, self._enforced, ruff)
        except OutOfDateError:
            return {"outdated": True}
        reports = [match.to_json() for match in found.problems]
        rest = {"lines": found.lines, "gap": found.gap, "silenced": found.silenced}
        return {"reports": reports, **rest}


def _block(request: dict[str, Any], body: bytes) -> dict[str, Any]:
    start = request["start_line"]
    end = min(request["end_line"], start + QUOTED_LINES - 1)
    rows = [text for number, text in lines_added_in(body) if start <= number <= end]
    rule = computed_rule("any/duplicated-block")
    match = RuleMatch(rule, start, end, "\n".join(rows), words=request["words"])
    return {"reports": [match.to_json()]}
