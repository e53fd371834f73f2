"""Removing quotations and examples from commit messages.

Reports about other commits, release notes and texts about footers contain signatures of other
changes: behind `>`, in a code fence, in a `<blockquote>` or an HTML comment.
"""

import re
from collections.abc import Callable, Iterable, Iterator

_FENCE = re.compile(r"[\s*•-]*(?P<mark>`{3,}|~{3,})(?P<rest>.*)")
_QUOTED = re.compile(r"[\s*•-]*>")
_BLOCKS = (("<blockquote", "</blockquote>"), ("<!--", "-->"))
_BlockEnd = Callable[[str, bool], bool]  # a line, and whether it's the first of the block


def own_lines(lines: Iterable[str]) -> Iterator[str]:
    """The lines, with blank ones for quotations and examples.

    An unclosed block hides nothing, because trailers are at the end of a message.
    """
    is_end: _BlockEnd | None = None
    held: list[str] = []
    for line in lines:
        if is_end is None and (is_end := _block_end(line)) is None:
            yield "" if _QUOTED.match(line) else line
            continue
        held.append(line)
        if is_end(line, len(held) == 1):
            is_end, held = None, []
            yield ""
    yield from ("" if _QUOTED.match(line) else line for line in held)


def _block_end(opening: str) -> _BlockEnd | None:
    """The test for the last line of the block that a line opens, or None."""
    fence = _FENCE.match(opening)
    if fence and not (fence["mark"][0] == "`" and "`" in fence["rest"]):
        mark = fence["mark"]
        return lambda line, is_first: not is_first and _closes(mark, line)
    lower = opening.lstrip().lower()
    end = next((end for start, end in _BLOCKS if lower.startswith(start)), "")
    return (lambda line, _: end in line.lower()) if end else None


def _closes(mark: str, line: str) -> bool:
    found = _FENCE.match(line)
    return bool(found and found["mark"].startswith(mark) and not found["rest"].strip())
