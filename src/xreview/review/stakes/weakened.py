"""What a change does to a file of tests: whether it checks more, the same, or less than before."""

import re
from collections import Counter

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


def edit_of_tests(file: FileDiff) -> TestEdit:
    """Return what is done to a file, judged by its lines; NO_TEST for all that isn't a file of
    tests on both sides."""
    if not all(_TEST_FILE.search(path) for path in (file.path, file.old_path) if path):
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
