"""The lines of a message that its author wrote: not what they quote or show as an example.

A bot's report of another commit, a dependency's release notes and a paragraph about a footer hold
signatures of other changes: behind `>`, in a code fence, in a `<blockquote>` or an HTML comment.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

_FENCE = re.compile(r"[\s*•-]*(?P<mark>`{3,}|~{3,})(?P<rest>.*)")
_QUOTED = re.compile(r"[\s*•-]*>")
_BLOCKS = (("<blockquote", "</blockquote>"), ("<!--", "-->"))


def own_lines(lines: Iterable[str]) -> Iterator[str]:
    """The lines without quotations and examples, of which blank lines are left.

    What is never closed hides nothing: git's own trailers stand at a message's end.
    """
    ends: _Ends | None = None
    held: list[str] = []
    for line in lines:
        if ends is None and (ends := _opened(line)) is None:
            yield "" if _QUOTED.match(line) else line
            continue
        held.append(line)
        if ends(line, is_first=len(held) == 1):
            ends, held = None, []
            yield ""
    yield from ("" if _QUOTED.match(line) else line for line in held)


def _opened(line: str) -> "_Ends | None":
    """What tells the end of what a line opens; None where it opens nothing."""
    mark = _FENCE.match(line)
    if mark and not (mark["mark"][0] == "`" and "`" in mark["rest"]):
        return _FenceEnds(mark["mark"])
    lower = line.lstrip().lower()
    return next((_BlockEnds(end) for start, end in _BLOCKS if lower.startswith(start)), None)


class _Ends(Protocol):
    def __call__(self, line: str, *, is_first: bool) -> bool: ...


@dataclass(frozen=True)
class _FenceEnds:
    mark: str

    def __call__(self, line: str, *, is_first: bool) -> bool:
        found = _FENCE.match(line)
        is_closing = found and found["mark"].startswith(self.mark) and not found["rest"].strip()
        return bool(is_closing) and not is_first


@dataclass(frozen=True)
class _BlockEnds:
    end: str

    def __call__(self, line: str, *, is_first: bool) -> bool:
        del is_first  # a comment may end on the line that opens it
        return self.end in line.lower()
