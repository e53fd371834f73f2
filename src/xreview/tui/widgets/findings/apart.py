"""Telling findings with the same title apart, by what differs: pure, no Textual."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import combinations

from xreview.domain.change import FileDiff, Hunk, LineKind, Side
from xreview.domain.finding import Finding
from xreview.domain.identity.outline import Outline
from xreview.domain.record import dataclass
from xreview.domain.text import visible

_MOST_ALIKE = 48
"""In a larger group, functions aren't looked up: their names help little, and cost time."""
_LARGEST_BODY = 128 * 1024
_FUNCTIONS = frozenset({"def", "func", "function", "fn"})

FunctionOf = Callable[[Finding], str]
"""Returns the function that a finding is in, as `load()`; "" for unknown or none."""


def told_apart(findings: Iterable[Finding], function_of: FunctionOf) -> dict[str, str]:
    """Return what to add to the titles that several findings share, by fingerprint.

    That is the function or the file: as few of them as make the difference. The line is left out:
    it stands below the title.
    """
    alike: dict[str, list[Finding]] = {}
    for finding in findings:
        alike.setdefault(finding.lead.title.casefold(), []).append(finding)
    additions: dict[str, str] = {}
    for group in alike.values():
        if len(group) > 1:
            names = zip(group, _differences(group, function_of), strict=True)
            additions |= {finding.fingerprint: name for finding, name in names}
    return additions


def _differences(group: Sequence[Finding], function_of: FunctionOf) -> list[str]:
    is_much = len(group) > _MOST_ALIKE
    functions = [""] * len(group) if is_much else [function_of(one) for one in group]
    files = [visible(one.anchor.path.rpartition("/")[2]) for one in group]
    parts = [part for part in (functions, files) if len(set(part)) > 1]
    joined: list[str] = [""] * len(group)
    for count in range(1, len(parts) + 1):
        for chosen in combinations(parts, count):
            joined = [", ".join(filter(None, words)) for words in zip(*chosen, strict=True)]
            if len(set(joined)) == len(group):
                return joined
    return joined


class ToldApart:
    """What to add to equal titles, worked out once for the findings and files of a snapshot."""

    def __init__(self) -> None:
        self._files: Sequence[FileDiff] = ()
        self._functions = Functions()
        self._findings: Sequence[Finding] = ()
        self._additions: Mapping[str, str] = {}

    def use(self, files: Sequence[FileDiff]) -> None:
        """Look functions up in these files."""
        if files is not self._files:
            self._files, self._functions, self._findings = files, Functions(files), ()

    def additions(self, findings: Sequence[Finding]) -> Mapping[str, str]:
        """Return what to add to titles, by fingerprint."""
        if findings is not self._findings:
            self._findings = findings
            self._additions = told_apart(findings, self._functions.around)
        return self._additions


class Functions:
    """Looks up the functions around findings in the diffs of a change."""

    def __init__(self, files: Iterable[FileDiff] = ()) -> None:
        self._files: Mapping[str, FileDiff] = {file.path: file for file in files}
        self._passages = lru_cache(64)(self._read)

    def around(self, finding: Finding) -> str:
        """Return the innermost function that the finding's code defines or is in."""
        anchor = finding.anchor
        if not finding.is_anchored:
            return ""
        names = list(_names_in(anchor.quote.partition("\n")[0]))
        for passage in self._passages(anchor.path, anchor.side):
            if anchor.start_line in passage.lines:
                around = passage.outline.headers(anchor.start_line - passage.lines.start + 1)
                names = [*_names_in(passage.section), *around, *names]
        return next((called for name in reversed(names) if (called := _called(name))), "")

    def _read(self, path: str, side: Side) -> list["_Passage"]:
        file = self._files.get(path)
        if file is None or len(file.body) > _LARGEST_BODY:
            return []
        return [_passage(hunk, side) for hunk in file.hunks]


@dataclass(frozen=True, slots=True)
class _Passage:
    """One side of a hunk: its line numbers, its blocks, and what git says it is in."""

    lines: range
    outline: Outline
    section: str


def _passage(hunk: Hunk, side: Side) -> _Passage:
    is_old = side is Side.OLD
    gone = LineKind.ADDED if is_old else LineKind.REMOVED
    texts = [line.text for line in hunk.lines if line.kind is not gone]
    start = hunk.old_start if is_old else hunk.new_start
    return _Passage(range(start, start + len(texts)), Outline(texts), hunk.section)


def _names_in(line: str) -> Sequence[str]:
    """Return the block that a line opens, if it is a header."""
    return Outline([line.strip(), " x"]).headers(2) if line.strip() else ()


def _called(header: str) -> str:
    """Return a block's name as a call; "" for a block that isn't a function."""
    kind, _, name = header.partition(" ")
    return f"{visible(name.rpartition('.')[2] or name)}()" if kind in _FUNCTIONS and name else ""
