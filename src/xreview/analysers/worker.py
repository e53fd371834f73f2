"""The analysers' worker process: reads requests on standard input, answers on standard output.

A process of its own keeps hostile code that crashes or hangs a parser away from the program, never
blocks the interface, and returns its memory at the end.

A request is one line of JSON followed by as many bytes as its `sizes` say; an answer is one line of
JSON. Requests:

    {"do": "begin", "gives_way"}                              asks whether it runs
    {"do": "files", "files": [{"language", "is_test", "is_aside"}, ...],
     "selected": [...], "excepted": [...], "sizes": [content, body, ...]}
                                                              and what linters already enforce
    {"do": "added", "pass", "files": [{"file": index, "path", "is_read"}, ...],
     "sizes": [body, ...]}                                    input for the duplicates
    {"do": "duplicates", "pass", "count": files}              the places of duplicate blocks, or
                                                              {} if not so many files were added
    {"do": "block", "start_line", "end_line", "words", "sizes": [body]}   a report about one
    {"do": "symbols", "language", "names", "sizes": [content]}   `FileSymbols` in its JSON form
    {"do": "paths", "language", "sizes": [old, new]}          {"paths": [old, new]}
"""

import json
import os
import resource
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from xreview.analysers import analysis
from xreview.analysers.complexity import total_paths
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

NICENESS = 10
_AUTOGROUP = Path("/proc/self/autogroup")

SECONDS = 60
"""The time limit of a request; then the system ends this process."""


def serve(answer: Callable[[dict[str, Any], BinaryIO], dict[str, Any]]) -> None:
    """Answer requests until standard input ends; `answer` also gets the payload stream."""
    os.nice(NICENESS)
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
        self._duplicates: dict[int, Duplicates] = {}

    def answer(self, request: dict[str, Any], payloads: BinaryIO) -> dict[str, Any]:
        """Carry out one request."""
        parts = [payloads.read(size) for size in request.get("sizes", ())]
        match request["do"]:
            case "begin":
                if request["gives_way"]:
                    _give_way()
                return {}
            case "files":
                enforced = Enforced(tuple(request["selected"]), tuple(request["excepted"]))
                return {"files": _files(request["files"], parts, enforced)}
            case "added":
                self._add(request, parts)
                return {}
            case "duplicates":
                found = self._duplicates.pop(request["pass"], None)
                if found is None or found.count != request["count"]:
                    return {}
                return {"blocks": [asdict(block) for block in found.blocks()]}
            case "block":
                return _block(request, parts[0])
            case "symbols":
                return _symbols(request, parts[0])
            case "paths":
                return {"paths": [total_paths(_clean(one), request["language"]) for one in parts]}
            case other:
                raise ValueError(other)

    def _add(self, request: dict[str, Any], bodies: Sequence[bytes]) -> None:
        # Imported here: they are looked for at the end.
        from xreview.analysers.duplicates import Duplicates

        duplicates = self._duplicates.setdefault(request["pass"], Duplicates())
        for file, body in zip(request["files"], bodies, strict=True):
            duplicates.add(body=body, **file)


def _give_way() -> None:
    """Leave the processor to a person's keys; a command that only waits gains nothing by it."""
    # Linux mostly schedules each session as a group, inside of which alone niceness counts: this
    # process leads its own, so that it would have half of the time.
    with suppress(OSError):
        _AUTOGROUP.write_text(f"{NICENESS}")


def _files(
    files: Sequence[dict[str, Any]], parts: Sequence[bytes], enforced: Enforced
) -> list[dict[str, Any]]:
    sources = [
        Source.of(content=content, body=body, **file)
        for file, content, body in zip(files, parts[::2], parts[1::2], strict=True)
    ]
    texts = [source.clean for source in sources if source.language == "python"]
    ruff = RuffCheck(texts, analysis.ruff_codes(enforced) if texts else ())
    return [_file(source, enforced, ruff) for source in sources]


def _file(source: Source, enforced: Enforced, ruff: RuffCheck) -> dict[str, Any]:
    try:
        found = analysis.analyse(source, enforced, ruff)
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


def _symbols(request: dict[str, Any], content: bytes) -> dict[str, Any]:
    # Imported here, as not every change alters a function that something calls.
    from xreview.analysers.symbols import symbols_in
    from xreview.domain.events.codec import to_json

    return to_json(symbols_in(_clean(content), request["language"], request["names"]))


def _clean(content: bytes) -> str:
    """The text for parsers; the language doesn't matter for that."""
    return Source.of("", content, b"", is_test=False, is_aside=False).clean
