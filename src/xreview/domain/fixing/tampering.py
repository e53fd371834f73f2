"""Finding what a patch does to make checks pass that isn't a fix.

A fixer is told not to touch tests and the settings of checks. A repair agent that can't fix the
code "fixes" what complains: it deletes tests, turns assertions around, silences rules. Nothing here
is proof of bad intent; a person looks at it.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum

from xreview.domain.change import FileDiff, FileStatus, Line, LineKind
from xreview.domain.fixing import guarded, silencers
from xreview.domain.fixing.weakened_tests import (
    LONGEST_LINE,
    MovedLines,
    WeakenedLine,
    Weakening,
    weakened_lines,
    weakening_words,
)
from xreview.domain.record import dataclass
from xreview.domain.tests import is_test
from xreview.domain.text import shorten

MOST_BYTES_READ = 16 * 1024 * 1024
"""Of the diffs of one patch; the rest counts as not judged."""

MOST_TEST_BYTES = 2 * 1024 * 1024
"""Of the diffs of its tests, whose lines are read more closely."""

_MOST_TOLD = 50  # of one file
_LONGEST = 120
_NO_LINE = 2**62
_LONG = re.compile(rb"^[+-].{%d}" % (LONGEST_LINE + 1), re.MULTILINE)


class TamperingKind(StrEnum):
    """What a patch does to the checks; `UNREAD` means that it can't be told."""

    TESTS = "tests weakened"
    EXPECTED = "expected output rewritten"
    SETTINGS = "settings of checks edited"
    SILENCED = "a rule silenced"
    TOLERATED = "a check that can't fail"
    DETECTED = "code that detects tests"
    UNREAD = "not judged"


@dataclass(frozen=True, slots=True)
class Tampering:
    """One thing that a patch does to the checks.

    Args:
        path: in the patch. line: 1-based, 0 for the whole file.
        what: the rest of a sentence about the path, raw: it can quote code.
    """

    kind: TamperingKind
    path: str
    line: int
    what: str

    @property
    def words(self) -> str:
        """`tests/test_pay.py:12: the test test_pay is gone`."""
        return f"{self.path}:{self.line}: {self.what}" if self.line else f"{self.path}: {self.what}"


NewText = Callable[[str], str | None]
"""Reads the new side of a file of the patch; None if it isn't there."""


def tampering_in(
    files: Iterable[FileDiff],
    about: Callable[[str], bool],
    new_text: NewText = lambda _: None,
) -> tuple[Tampering, ...]:
    """What a patch does to the checks, in the order of its files.

    A diff that can't be judged (binary, incomplete, too large) is an `UNREAD` entry, never nothing.

    Args:
        about: whether an accepted finding is about a file. Then an edit of it isn't tampering by
            itself, but a removed assertion still is.
    """
    patch = [file for file in files if not guarded.is_lock_file(file.path)]
    tests = [file for file in patch if _may_hold_tests(file)]
    others = [file for file in patch if not _may_hold_tests(file)]
    unread = _over_limit(tests, MOST_TEST_BYTES) | _over_limit(others, MOST_BYTES_READ)
    moved = MovedLines(file for file in patch if _may_hold_tests(file) and file.path not in unread)
    found: list[Tampering] = []
    for file in patch:
        if file.path in unread:
            found.append(Tampering(TamperingKind.UNREAD, file.path, 0, "the diff is too large"))
            continue
        told = list(_of_file(file, about(file.path), moved, new_text))
        found += told[:_MOST_TOLD]
    return tuple(found)


def tampering_is_certain(found: Iterable[Tampering]) -> bool:
    """Whether something was found, rather than not judged."""
    return any(one.kind is not TamperingKind.UNREAD for one in found)


def _is_test_file(file: FileDiff) -> bool:
    return is_test(file.path) or is_test(file.old_path or file.path)


def _may_hold_tests(file: FileDiff) -> bool:
    """Whether it is a file of tests, or can hold some beside code, as in Rust."""
    return _is_test_file(file) or file.path.endswith(".rs")


def _over_limit(files: Iterable[FileDiff], room: int) -> set[str]:
    """The files whose diffs aren't read."""
    unread: set[str] = set()
    for file in files:
        if len(file.body) > room:
            unread.add(file.path)
        else:
            room -= len(file.body)
    return unread


def _of_file(
    file: FileDiff, is_about: bool, moved: MovedLines, new_text: NewText
) -> Iterator[Tampering]:
    yield from _whole_file(file, is_about)
    if file.unread:
        yield Tampering(
            TamperingKind.UNREAD, file.path, 0, f"the diff is incomplete: {file.unread}"
        )
    if _is_test_file(file) and file.status is not FileStatus.ADDED and _LONG.search(file.body):
        what = f"a line of over {LONGEST_LINE:,} characters changed"
        yield Tampering(TamperingKind.UNREAD, file.path, 0, what)
    if _may_hold_tests(file):
        yield from _weakened(file, is_about, moved, new_text)
    elif guarded.is_mixed_settings(file.path) and not is_about:
        yield from _guarded_parts(file, new_text)
    yield from _silenced(file)


def _whole_file(file: FileDiff, is_about: bool) -> Iterator[Tampering]:
    before = file.old_path or file.path
    is_gone = file.status is FileStatus.DELETED
    if _is_test_file(file):
        if is_gone:
            yield Tampering(TamperingKind.TESTS, file.path, 0, "the file of tests is deleted")
        elif is_test(before) and file.status is FileStatus.RENAMED and not _runs_like(file):
            what = f"a file of tests got another kind of name; it was {before}"
            yield Tampering(TamperingKind.TESTS, file.path, 0, what)
        elif file.status is FileStatus.TYPE_CHANGED:
            yield Tampering(TamperingKind.TESTS, file.path, 0, "a file of tests became a link")
    if is_about:
        return
    if guarded.is_pipeline(file.path) or guarded.is_pipeline(before):
        yield Tampering(TamperingKind.SETTINGS, file.path, 0, f"CI is edited ({file.status.word})")
    elif guarded.is_check_settings(file.path) or guarded.is_check_settings(before):
        what = f"settings of tests, linters, types or coverage are edited ({file.status.word})"
        yield Tampering(TamperingKind.SETTINGS, file.path, 0, what)
    elif guarded.is_mixed_settings(file.path) and is_gone:
        yield Tampering(TamperingKind.SETTINGS, file.path, 0, "the file is deleted")
    elif _is_expected(file) and file.status is not FileStatus.ADDED and not is_gone:
        yield Tampering(
            TamperingKind.EXPECTED, file.path, 0, "what tests compare with is rewritten"
        )
    elif file.binary and _is_test_file(file) and file.status is not FileStatus.ADDED:
        yield Tampering(TamperingKind.UNREAD, file.path, 0, "a binary file of the tests changed")


def _is_expected(file: FileDiff) -> bool:
    names = (file.path, file.old_path or file.path)
    return any(is_test(one) or one.endswith((".snap", ".ambr")) for one in names) and any(
        map(guarded.is_expected_output, names)
    )


def _runs_like(file: FileDiff) -> bool:
    """Whether a renamed file of tests is still one, of the same kind of name."""
    before, now = file.old_path or file.path, file.path
    if not is_test(now) or before.rpartition(".")[2] != now.rpartition(".")[2]:
        return False
    return _has_test_name(now) or not _has_test_name(before)


def _has_test_name(path: str) -> bool:
    """Whether the file's own name is a test's, without its folder."""
    return is_test(path.rpartition("/")[2])


def _weakened(
    file: FileDiff, is_about: bool, moved: MovedLines, new_text: NewText
) -> Iterator[Tampering]:
    if file.status is FileStatus.DELETED and _is_test_file(file):
        return
    first = 0 if _is_test_file(file) else _first_inner_test(file, new_text)
    for one in weakened_lines(file, moved):
        if is_about and one.how is Weakening.ASSERTION_CHANGED:
            continue
        if first and one.how is not Weakening.TEST_REMOVED and one.line < first:
            continue
        yield Tampering(TamperingKind.TESTS, file.path, one.line, _told(one))


def _first_inner_test(file: FileDiff, new_text: NewText) -> int:
    """The line from which a Rust file holds tests, on either side."""
    for number, row in enumerate((new_text(file.path) or "").split("\n"), start=1):
        if row.lstrip().startswith("#[cfg(test)"):
            return max(1, number - abs(file.added - file.removed))
    return _NO_LINE


def _told(one: WeakenedLine) -> str:
    return shorten(weakening_words(one), _LONGEST)


def _guarded_parts(file: FileDiff, new_text: NewText) -> Iterator[Tampering]:
    text = new_text(file.path)
    if text is None:
        if file.status is not FileStatus.DELETED:
            yield Tampering(TamperingKind.UNREAD, file.path, 0, "its sections aren't known")
        return
    lines = text.split("\n")
    told: set[str] = set()
    for hunk in file.hunks:
        at = hunk.new_start
        for line in hunk.lines:
            at = line.new_number or at
            if line.kind is LineKind.CONTEXT or not line.text.strip():
                continue
            part = guarded.guarded_part(file.path, lines, at, line.text)
            if part and part not in told:
                told.add(part)
                yield Tampering(TamperingKind.SETTINGS, file.path, at, f"“{part}” is edited")


def _silenced(file: FileDiff) -> Iterator[Tampering]:
    if guarded.is_prose(file.path) or not silencers.may_silence(file.body):
        return
    for hunk in file.hunks:
        told = [one for one in hunk.lines if silencers.may_silence(_raw(one))]
        removed = {_plain(one) for one in told if one.kind is LineKind.REMOVED}
        for line in told:
            if line.kind is LineKind.ADDED and _plain(line) not in removed:
                yield from _silencing(file, line)


def _raw(line: Line) -> bytes:
    return line.text[:LONGEST_LINE].encode("utf-8", "surrogateescape")


def _plain(line: Line) -> str:
    return " ".join(line.text.split())


def _silencing(file: FileDiff, line: Line) -> Iterator[Tampering]:
    raw = _raw(line)
    number = line.new_number or 0
    if said := silencers.silencing_comment(raw):
        yield Tampering(TamperingKind.SILENCED, file.path, number, f"“{said}” silences a rule")
    if guarded.is_script(file.path) and (said := silencers.loose_command(raw)):
        yield Tampering(TamperingKind.TOLERATED, file.path, number, f"“{said}” hides failures")
    if not is_test(file.path) and (said := silencers.detects_tests(raw)):
        yield Tampering(TamperingKind.DETECTED, file.path, number, f"“{said}” detects tests")
