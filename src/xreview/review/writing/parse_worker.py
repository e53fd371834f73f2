"""The worker process of `review.writing.syntax`, which tells whether files parse.

It is a process for the same reasons as the analysers' worker, and answers in the same form:

    {"language": "python", "sizes": [n, m]}   →   {"flaws": [0, 12]}

For each text, the 1-based line of its first syntax error; 0 for none.
"""

import ast
import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO

from ast_grep_py import SgNode, SgRoot

from xreview.analysers.worker import serve


def main() -> None:
    """Run the worker."""
    serve(_answer)


def _answer(request: dict[str, Any], payloads: BinaryIO) -> dict[str, Any]:
    texts = [payloads.read(size).decode("utf-8") for size in request["sizes"]]
    return {"flaws": [first_flaw(text, request["language"]) for text in texts]}


def first_flaw(text: str, language: str) -> int:
    """The 1-based line of the first syntax error, 0 for none; `text` has no lone surrogates."""
    if find := _PARSERS.get(language):
        return find(text)
    flaws = (node.range().start.line + 1 for node in _flaws(SgRoot(text, language).root()))
    return min(flaws, default=0)


def _flaws(root: SgNode) -> Iterator[SgNode]:
    """The nodes of errors, and those that the parser made up for missing signs."""
    left = [root]
    while left:
        node = left.pop()
        kind = node.kind()
        if kind == "ERROR" or (not kind[:1].isalpha() and node.is_leaf() and not node.text()):
            yield node
        left += node.children()


def _python(text: str) -> int:
    try:
        ast.parse(text)
    except SyntaxError as error:
        return error.lineno or 1
    except (ValueError, RecursionError, MemoryError):  # a NUL character; nested too deeply
        return 1
    return 0


def _json(text: str) -> int:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return error.lineno
    except (ValueError, RecursionError):
        return 1
    return 0


def _toml(text: str) -> int:
    try:
        tomllib.loads(text)
    except (ValueError, RecursionError):
        return 1
    return 0


_PARSERS: Mapping[str, Callable[[str], int]] = {"python": _python, "json": _json, "toml": _toml}
