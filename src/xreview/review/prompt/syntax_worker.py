"""The worker process of `review.prompt.blocks`, which parses files to find their blocks.

It is a process for the same reasons as the analysers' worker, and answers in the same form:

    {"language": "python", "lines": [12, 40], "sizes": [n]}   →   {"blocks": [[10, 31, 1], …]}

Blocks have 1-based inclusive lines, and 1 for a function or 0 for anything else with a name (a
class, a trait, a module); outer ones come first.
"""

import re
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Sequence
from typing import Any, BinaryIO

from ast_grep_py import SgNode, SgRoot

from xreview.analysers.syntax import last_line
from xreview.analysers.worker import serve

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
    """Run the worker."""
    serve(_answer)


def _answer(request: dict[str, Any], payloads: BinaryIO) -> dict[str, Any]:
    text = payloads.read(request["sizes"][0]).decode("utf-8")
    return {"blocks": blocks_around(text, request["language"], request["lines"])}


def blocks_around(text: str, language: str, lines: Sequence[int]) -> list[tuple[int, int, bool]]:
    """The blocks that contain one of the 1-based `lines`; `text` must have no lone surrogates."""
    found: set[tuple[int, int, bool]] = set()
    left = deque([(SgRoot(text, language).root(), sorted(set(lines)))])
    while left:
        node, inside = left.popleft()
        for child in node.children():
            start, end = child.range().start.line + 1, last_line(child)
            held = inside[bisect_left(inside, start) : bisect_right(inside, end)]
            if not held or end == start:
                continue
            is_function = _is_function(child)
            if is_function or _NAMED.fullmatch(child.kind()):
                found.add((start, end, is_function))
            left.append((child, held))
    return sorted(found, key=lambda block: (block[0], -block[1]))


def _is_function(node: SgNode) -> bool:
    """Whether a node is a function, possibly with decorators."""
    if node.kind() == "decorated_definition":
        return any(_is_function(child) for child in node.children())
    return _FUNCTION.fullmatch(node.kind()) is not None
