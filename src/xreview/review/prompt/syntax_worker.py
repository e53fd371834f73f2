"""The process that parses files to find their blocks; `review.prompt.blocks` starts and asks it.

It is a process of its own for the same reasons as the analysers' (`reviewers.embedded.worker`):
hostile code can keep a parser busy for seconds, and the parser does not let go of the interpreter
meanwhile. A request is one line of JSON and the text it announces; an answer is one line of JSON:

    {"language": "python", "lines": [12, 40], "sizes": [n]}   →   {"blocks": [[10, 31, 1], …]}

Blocks are 1-based inclusive lines and 1 for a function, 0 for anything else that has a name (a
class, a trait, a module), the outer ones before the inner ones.
"""

import json
import os
import re
import signal
import sys
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Sequence

from ast_grep_py import SgNode, SgRoot

SECONDS = 60
"""The longest any request may take: past it the system ends this process, whatever it is in."""

_FUNCTION = re.compile(
    r"(function|method|constructor|destructor|lambda|closure|singleton_method|func|arrow_function"
    r"|init|deinit|subroutine)(_(definition|declaration|item|literal|expression|statement))?"
)
_NAMED = re.compile(
    r"(decorated|class|struct|interface|trait|impl|enum|union|record|object|module|namespace|type"
    r"|protocol|extension|contract|package|mod|companion_object|data)"
    r"(_(definition|declaration|item|specifier|body))?"
)


def main() -> None:
    """Answer requests until standard input ends."""
    os.nice(10)
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what a library prints must not be taken for an answer
    while line := requests.readline():
        signal.alarm(SECONDS)
        request = json.loads(line)
        content = requests.read(request["sizes"][0])
        blocks = blocks_around(content.decode("utf-8"), request["language"], request["lines"])
        signal.alarm(0)
        answers.write(json.dumps({"blocks": blocks}).encode() + b"\n")
        answers.flush()


def blocks_around(text: str, language: str, lines: Sequence[int]) -> list[tuple[int, int, bool]]:
    """The blocks that hold one of the 1-based `lines`, by one walk down the tree.

    `text` must hold no lone surrogates.
    """
    found: set[tuple[int, int, bool]] = set()
    left = deque([(SgRoot(text, language).root(), sorted(set(lines)))])
    while left:
        node, inside = left.popleft()
        for child in node.children():
            start, end = _lines_of(child)
            held = inside[bisect_left(inside, start) : bisect_right(inside, end)]
            if not held or end == start:
                continue
            is_function = _is_function(child)
            if is_function or _NAMED.fullmatch(child.kind()):
                found.add((start, end, is_function))
            left.append((child, held))
    return sorted(found, key=lambda block: (block[0], -block[1]))


def _is_function(node: SgNode) -> bool:
    """Whether a node is a function; one with its decorators is one too."""
    if node.kind() == "decorated_definition":
        return any(_is_function(child) for child in node.children())
    return _FUNCTION.fullmatch(node.kind()) is not None


def _lines_of(node: SgNode) -> tuple[int, int]:
    span = node.range()
    # A node that takes its line feed with it ends at the start of the next line.
    ends_before = span.end.column == 0 and span.end.line > span.start.line
    return span.start.line + 1, span.end.line + (0 if ends_before else 1)
