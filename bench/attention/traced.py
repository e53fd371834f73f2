"""The hunks of a repository's past changes, and which of their lines a later fix removed.

A commit along the first parents is a change, so that a merged branch counts once. Lines are
followed through the diffs: that is what `git blame` does for SZZ (Śliwerski, Zimmermann & Zeller,
"When do changes induce fixes?", MSR 2005), in one pass. As in the later variants, comments, blank
lines, renames, tests and huge fixes blame nothing (Kim et al., ASE 2006; da Costa et al., TSE
2017).
"""

import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from xreview.analysers.plan import LANGUAGES, is_test, rules_language

YEAR = 365 * 24 * 3600
FIXED_WITHIN = 2 * YEAR
MOST_FIX_FILES, MOST_FIX_LINES = 15, 300
"""A larger fix does more than fix."""
CONTEXT = 3
NEAR = 10

COMMENT = re.compile(
    r"\s*(//|/\*|\*|\"\"\"|'''|#(?!\s*(include|if|ifdef|ifndef|else|endif|define)))"
)
_FIX = re.compile(
    r"\b(fix(e[sd]|ing)?|bug(s|fix)?|hotfix|regress(ion|ions|ed)?|crash(e[sd]|ing)?|broken|leaks?"
    r"|deadlock|panics?|segfault|overflow|incorrect(ly)?|wrong(ly)?)\b",
    re.IGNORECASE,
)
_OTHER_FIX = re.compile(
    r"\b(typos?|docs?|documentation|comments?|readme|changelog|lint(er|ing)?|formatting|whitespace"
    r"|spelling|style|tests?|ci|flaky)\b",
    re.IGNORECASE,
)
_HEADER = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_DIFF = ("-p", "-U0", "-M", "-l200", "--no-ext-diff", "--no-textconv")
_CODE = tuple(f"*.{end}" for end in LANGUAGES)
"""Only code is diffed: a clone can lack its largest other files."""


@dataclass(slots=True)
class Past:
    """What was known of a file before a change."""

    at: list[int] = field(default_factory=list)
    fixed_at: list[int] = field(default_factory=list)
    authors: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class PastChange:
    """A commit along the first parents. `sizes`: changed lines by path."""

    number: int
    at: int
    author: str
    is_fix: bool
    is_base: bool = False
    sizes: dict[str, int] = field(default_factory=dict)
    has_tests: bool = False
    experience: int = 0


@dataclass(slots=True)
class TracedHunk:
    """A hunk, what was known before it, and what came after.

    Args:
        added: its new lines. removed: the changes that the lines it removed came from.
        near: those of the lines around it. past: commits, commits in the last year, fixes, fixes in
            the last year, authors, the author's own commits, age in days, days since the last one.
        fixed: the indexes of added lines that a fix removed later.
    """

    change: PastChange
    path: str
    added: list[str] = field(default_factory=list)
    removed: list[PastChange] = field(default_factory=list)
    near: list[PastChange] = field(default_factory=list)
    past: tuple[int, ...] = ()
    file_lines: int = 0
    is_new_file: bool = False
    fixed: set[int] = field(default_factory=set)


@dataclass(slots=True)
class _File:
    path: str = ""
    old: str = ""
    is_gone: bool = False
    pieces: list[tuple[int, list[str], list[str]]] = field(default_factory=list)

    @property
    def is_code(self) -> bool:
        return rules_language(self.path) is not None and not is_test(self.path)


def says_fix(message: str) -> bool:
    """Whether a commit says that it fixes code; of a merge, the line under its subject counts."""
    lines = [line for line in message.split("\n") if line.strip()] or [""]
    subject = lines[1] if lines[0].startswith("Merge ") and len(lines) > 1 else lines[0]
    return bool(_FIX.search(subject)) and not _OTHER_FIX.search(subject)


def traced_hunks(clone: Path, commits: int) -> list[TracedHunk]:
    """Return the hunks of code, without tests, of the newest `commits` changes, oldest first."""
    tracer = _Tracer()
    for change, files in _changes(clone, commits):
        tracer.take(change, files)
    return tracer.hunks


class _Tracer:
    """Follows every line of code from the change that added it."""

    def __init__(self) -> None:
        self.hunks: list[TracedHunk] = []
        self._lines: dict[str, list[tuple[TracedHunk, int]]] = {}
        self._past: dict[str, Past] = {}
        self._experience: Counter[str] = Counter()

    def take(self, change: PastChange, files: list[_File]) -> None:
        change.experience = self._experience[change.author]
        self._experience[change.author] += 1
        for file in files:
            change.sizes[file.path] = sum(len(old) + len(new) for _, old, new in file.pieces)
            change.has_tests |= is_test(file.path)
        code = [file for file in files if file.is_code]
        removed = sum(len(old) for file in code for _, old, _ in file.pieces)
        can_blame = change.is_fix and len(code) <= MOST_FIX_FILES and removed <= MOST_FIX_LINES
        for file in code:
            self._take_file(change, file, can_blame)

    def _take_file(self, change: PastChange, file: _File, can_blame: bool) -> None:
        before = self._lines.pop(file.old or file.path, [])
        past = self._past.pop(file.old or file.path, None) or Past()
        after: list[tuple[TracedHunk, int]] = []
        at, hunk, end = 0, None, 0
        for start, old, new in file.pieces:
            if hunk is None or start - end > 2 * CONTEXT:
                hunk = TracedHunk(change, file.path, is_new_file=not before)
                hunk.past = _known(past, change)
                hunk.file_lines = len(before)
                hunk.near = [
                    origin.change for origin, _ in before[max(0, start - NEAR) : start + NEAR]
                ]
                if not change.is_base:
                    self.hunks.append(hunk)
            after += before[at:start]
            at = end = start + len(old)
            for (origin, index), text in zip(before[start:at], old, strict=False):
                hunk.removed.append(origin.change)
                is_blamed = can_blame and text.strip() and not COMMENT.match(text)
                if is_blamed and change.at - origin.change.at <= FIXED_WITHIN:
                    origin.fixed.add(index)
            after += [(hunk, len(hunk.added) + number) for number in range(len(new))]
            hunk.added += new
        if not file.is_gone:
            self._lines[file.path] = after + before[at:]
        if not change.is_base:
            past.at.append(change.at)
            past.authors[change.author] += 1
            if change.is_fix:
                past.fixed_at.append(change.at)
        self._past[file.path] = past


def _known(past: Past, change: PastChange) -> tuple[int, ...]:
    day, last_year = 24 * 3600, change.at - YEAR
    return (
        len(past.at),
        sum(at > last_year for at in past.at),
        len(past.fixed_at),
        sum(at > last_year for at in past.fixed_at),
        len(past.authors),
        past.authors[change.author],
        (change.at - past.at[0]) // day if past.at else 0,
        (change.at - past.at[-1]) // day if past.at else 0,
    )


def _changes(clone: Path, commits: int) -> Iterator[tuple[PastChange, list[_File]]]:
    ids = _git(clone, "rev-list", "--first-parent", f"--max-count={commits + 1}", "HEAD")
    base = [line.strip() for line in ids][-1]
    yield (
        PastChange(0, 0, "", False, True),
        list(_files(_git(clone, "diff", *_DIFF, _EMPTY_TREE, base, "--", *_CODE))),
    )
    log = _git(
        clone,
        *("log", "--reverse", "--first-parent", "--diff-merges=first-parent", *_DIFF),
        "--format=%x00%at%x01%ae%x01%s%n%b%x01",
        *(f"{base}..HEAD", "--", *_CODE),
    )
    for number, chunk in enumerate(_chunks(log), 1):
        at, author, message, diff = chunk.split("\1", 3)
        change = PastChange(number, int(at), author.lower(), says_fix(message))
        yield change, list(_files(iter(diff.split("\n"))))


def _chunks(log: Iterator[str]) -> Iterator[str]:
    """One text for each commit. A diff of a text file has no NUL in it."""
    found: list[str] = []
    for line in log:
        if line.startswith("\0"):
            if found:
                yield "".join(found)
            found = [line[1:]]
        else:
            found.append(line)
    if found:
        yield "".join(found)


def _files(diff: Iterator[str]) -> Iterator[_File]:
    file: _File | None = None
    for line in diff:
        if line.startswith("diff --git "):
            if file is not None and file.path:
                yield file
            file = _File()
        elif file is None:
            continue
        elif line.startswith(("rename from ", "--- a/")):
            file.old = line.partition("/" if line[0] == "-" else "from ")[2].rstrip("\t\n")
        elif line.startswith(("rename to ", "+++ b/")):
            file.path = line.partition("/" if line[0] == "+" else "to ")[2].rstrip("\t\n")
        elif line.startswith("+++ /dev/null"):
            file.path, file.is_gone = file.old, True
        elif header := _HEADER.match(line):
            file.pieces.append(_piece(header, diff))
    if file is not None and file.path:
        yield file


def _piece(header: re.Match[str], diff: Iterator[str]) -> tuple[int, list[str], list[str]]:
    """Where the old lines begin, counted from 0; the old lines; the new lines."""
    old_count, new_count = (int(header[at]) if header[at] else 1 for at in (2, 4))
    old: list[str] = []
    new: list[str] = []
    while len(old) < old_count or len(new) < new_count:
        line = next(diff)
        if line[0] in "-+":
            (old if line[0] == "-" else new).append(line[1:].rstrip("\n"))
    start = int(header[1])
    return (start - 1 if old_count else start), old, new


def _git(clone: Path, *arguments: str) -> Iterator[str]:
    command = ["git", "-C", str(clone), "-c", "core.quotePath=false", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for line in process.stdout:
            yield line.decode("utf-8", "replace")
    if process.returncode:
        raise SystemExit(f"git {arguments[0]} failed in {clone}.")
