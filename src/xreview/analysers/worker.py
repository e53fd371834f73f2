"""The analysers' own process: reads files on standard input, writes what it found on its output.

It is a process so that hostile code that crashes or hangs a parser takes nothing else with it, so
that the interface's thread is never kept waiting, and so that the memory goes back at the end.

Each request is one line of JSON and then as many bytes as its `sizes` say; each answer is one line
of JSON. Requests:

    {"do": "begin", "selected": [...], "excepted": [...]}     what linters enforce already
    {"do": "file", "language", "is_test", "sizes": [content, body]}
    {"do": "added", "file": index, "sizes": [body]}           for the blocks that are there twice
    {"do": "duplicates"}                                      the places of those blocks
    {"do": "block", "start_line", "end_line", "words", "sizes": [body]}   a report about one
"""

import json
import os
import resource
import signal
import sys
from dataclasses import asdict
from typing import Any, BinaryIO

from xreview.analysers import analysis, wire
from xreview.analysers.duplicates import Duplicates
from xreview.analysers.linters import Enforced
from xreview.analysers.problem import RuleMatch
from xreview.analysers.rules import computed_rule
from xreview.analysers.source import QUOTED_LINES, OutOfDateError, Source, lines_added_in

MOST_MEMORY = 320 * 1024 * 1024
"""Bytes of data that this process and each that it starts may hold; a parser that wants more ends
it. A file of ordinary code takes a tenth of that."""

SECONDS = 60
"""The longest any request may take: past it the system ends this process, whatever it is in."""


def main() -> None:
    """Answer requests until standard input ends."""
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    sys.argv[:] = [""]  # lizard puts the folder of argv[0] on the import path
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    # What a library prints must not be taken for an answer.
    sys.stdout = sys.stderr
    worker = Worker()
    while line := requests.readline():
        signal.alarm(SECONDS)
        answer = worker.answer(json.loads(line), requests)
        signal.alarm(0)
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


class Worker:
    """What the process remembers between requests."""

    def __init__(self) -> None:
        self._enforced = Enforced()
        self._duplicates = Duplicates()

    def answer(self, request: dict[str, Any], payloads: BinaryIO) -> dict[str, Any]:
        """Carry out one request; its payloads are read from `payloads`."""
        parts = [payloads.read(size) for size in request.get("sizes", ())]
        match request["do"]:
            case "begin":
                self._enforced = Enforced(tuple(request["selected"]), tuple(request["excepted"]))
                return {}
            case "file":
                return self._file(request, *parts)
            case "added":
                self._duplicates.add(request["file"], lines_added_in(parts[0]))
                return {}
            case "duplicates":
                return {"blocks": [asdict(block) for block in self._duplicates.blocks()]}
            case "block":
                return _block(request, parts[0])
            case other:
                raise ValueError(other)

    def _file(self, request: dict[str, Any], content: bytes, body: bytes) -> dict[str, Any]:
        source = Source.of(request["language"], content, body, is_test=request["is_test"])
        try:
            found = analysis.analyse(source, self._enforced)
        except OutOfDateError:
            return {"outdated": True}
        reports = [wire.encode_match(problem) for problem in found.problems]
        return {"reports": reports, "lines": found.lines, "gap": found.gap}


def _block(request: dict[str, Any], body: bytes) -> dict[str, Any]:
    start = request["start_line"]
    end = min(request["end_line"], start + QUOTED_LINES - 1)
    rows = [text for number, text in lines_added_in(body) if start <= number <= end]
    rule = computed_rule("any/duplicated-block")
    problem = RuleMatch(rule, start, end, "\n".join(rows), words=request["words"])
    return {"reports": [wire.encode_match(problem)]}
