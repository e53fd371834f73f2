"""What a change does to a file of tests: whether it checks more, the same, or less than before."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from xreview.domain.change import FileDiff, FileStatus, LineKind
from xreview.domain.stakes.stakes import TestEdit

_TEST_FILE = re.compile(
    r"(^|/)(test_[^/]*|[^/]*_test)\.py$|_test\.go$|\.(test|spec)\.[cm]?[jt]sx?$"
    r"|(Test|Tests|IT|Spec)\.(java|kt|scala|groovy)$|_(spec|test)\.rb$|_test\.(rs|exs|dart)$"
    r"|Tests?\.(cs|swift|php)$"
)
"""Files that hold nothing but tests by the conventions of their languages. A folder proves less:
the program can use what is in `tests/` or `examples/`."""

_LONGEST = 400
"""Characters of a line that are looked at."""

_MOST_LINES = 20_000
"""Added lines of other files in which the names of tests are looked for."""

_CHECK = re.compile(
    r"\b(assert\w*|expect\w*|should\w*|must\w*|require\w*|verify|raises|refute\w*|t\.(Error|Fatal)f?)\b"
    r"|\bdef test_|\bfunc Test|@Test\b|\b(it|test|scenario)\s*\(|\b(it|test|specify)\s+[\"']",
    re.IGNORECASE,
)
_SKIP = re.compile(
    r"\b(skip\w*|xfail|xit|xdescribe|xtest|todo|pending|ignore|disabled|only|fdescribe|fit)\b"
    r"|\bassert\s+true\b|\bexpect\(\s*true\s*\)|\|\|\s*true\b",
    re.IGNORECASE,
)


def used_test_files(files: Sequence[FileDiff]) -> frozenset[str]:
    """Return the paths of files that are tests by name only: other code of the change names them,
    so that the program may run them.

    Of a change with too many lines to look at, they are all that have such names.
    """
    tests: dict[str, str] = {file.path: _stem(file.path) for file in files if _is_test_file(file)}
    if sum(file.added for file in files) > _MOST_LINES:
        return frozenset(tests)
    used: set[str] = set()
    naming: Iterable[FileDiff] = [file for file in files if file.path not in tests]
    while tests and naming:
        stems = sorted(set(tests.values()), key=len, reverse=True)  # `test_ab` before `test_a`
        any_of = re.compile("|".join(map(re.escape, stems)))
        named = {hit[0] for file in naming for hit in any_of.finditer(_added_text(file))}
        found: set[str] = {
            path for path, stem in tests.items() if any(stem in one for one in named)
        }
        used |= found
        naming = [file for file in files if file.path in found]
        tests = {path: stem for path, stem in tests.items() if path not in found}
    return frozenset(used)


def _added_text(file: FileDiff) -> str:
    lines = (line for hunk in file.hunks for line in hunk.lines if line.kind is LineKind.ADDED)
    return "\n".join(line.text for line in lines)


def _stem(path: str) -> str:
    """A file's name without its last ending."""
    return path.rpartition("/")[2].rpartition(".")[0]


def _is_test_file(file: FileDiff) -> bool:
    return all(_TEST_FILE.search(path) for path in (file.path, file.old_path) if path)


def edit_of_tests(file: FileDiff) -> TestEdit:
    """Return what is done to a file, judged by its lines; NO_TEST for all that isn't a file of
    tests on both sides."""
    if not _is_test_file(file):
        return TestEdit.NO_TEST
    if file.status is FileStatus.DELETED:
        return TestEdit.WEAKENED
    counts: Counter[tuple[LineKind, str]] = Counter()
    for hunk in file.hunks:
        for line in hunk.lines:
            text = line.text[:_LONGEST]
            counts[line.kind, ""] += bool(text.strip())
            counts[line.kind, "check"] += bool(_CHECK.search(text))
            counts[line.kind, "skip"] += bool(_SKIP.search(text))
    added, removed = LineKind.ADDED, LineKind.REMOVED
    is_less = counts[removed, "check"] > counts[added, "check"]
    if is_less or counts[added, "skip"] > counts[removed, "skip"]:
        return TestEdit.WEAKENED
    return TestEdit.ALTERED if counts[removed, ""] else TestEdit.ADDED
