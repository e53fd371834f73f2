"""Changes made by hand: diff bodies without git, and a reader of contents in a dictionary."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field

from xreview.analysers.source import Source
from xreview.domain.change import Change, ChangeKind, ChangeSource, FileDiff, FileStatus, Side
from xreview.ports.reviewer import ReviewRequest


def diff_body(old: str, new: str) -> bytes:
    """The hunks of a unified diff, with three lines of context."""
    rows = list(difflib.unified_diff(_rows(old), _rows(new), n=3, lineterm=""))[2:]
    return "".join(f"{row}\n" for row in rows).encode("utf-8", "surrogateescape")


def _rows(text: str) -> list[str]:
    rows = text.split("\n")
    return rows[:-1] if not rows[-1] else rows


def source(
    language: str, new: str, old: str = "", *, is_test: bool = False, is_aside: bool = False
) -> Source:
    content = new.encode("utf-8", "surrogateescape")
    body = diff_body(old, new)
    return Source.of(language, content, body, is_test=is_test, is_aside=is_test or is_aside)


@dataclass
class Contents:
    """A ContentReader over dictionaries; counts what was read."""

    new: Mapping[str, bytes]
    old: Mapping[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, Side]] = field(default_factory=list)

    async def read(self, file: FileDiff, side: Side) -> bytes | None:
        self.asked.append((file.path, side))
        return (self.new if side is Side.NEW else self.old).get(file.path)


def request(
    new: Mapping[str, str], old: Mapping[str, str] | None = None, *extra: FileDiff
) -> ReviewRequest:
    """A request about files given by their texts; `extra` are file diffs without contents."""
    before = old or {}
    files = tuple(
        FileDiff(
            path,
            FileStatus.MODIFIED if path in before else FileStatus.ADDED,
            body=diff_body(before.get(path, ""), text),
        )
        for path, text in new.items()
    )
    contents = Contents(
        {path: text.encode("utf-8", "surrogateescape") for path, text in new.items()},
        {path: text.encode("utf-8", "surrogateescape") for path, text in before.items()},
    )
    change = Change(ChangeSource(ChangeKind.WORKTREE, "test", ""), files + extra)
    return ReviewRequest(change, contents)
