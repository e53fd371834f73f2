"""Reading lines of tests in several languages: which define a test, assert, skip, or end early.

Lines are read by patterns, not by parsers: a patch shows pieces of files, in any language.
"""

import re

_TEST_NAMES = (
    re.compile(r"\s*(?:async\s+)?def\s+(test\w*)\s*\("),  # Python, Ruby's minitest
    re.compile(r"\s*class\s+(Test\w*|\w+Tests?)\b"),
    re.compile(
        r"\s*(?:\w+\.)?(?:it|test|specify|scenario|fit|ftest|xit|xtest|Deno\.test)"
        r"(?:\.\w+(?:\(.*?\))?)*\s*\(?\s*[\"'`](.+?)[\"'`]"
    ),  # JavaScript, Ruby
    re.compile(r"\s*func\s+((?:Test|Fuzz|Benchmark|Example)\w*)\s*\("),  # Go
)
_MARKED_NAME = re.compile(
    r"\s*(?:(?:pub|public|private|internal|protected|static|async|final|override)\s+)*"
    r"(?:fn|fun|void|Task|ValueTask)\s+(`[^`]+`|\w+)\s*[(<]"
)  # Rust, Kotlin, Java, C#
_MARKERS = re.compile(
    r"\s*(#\[\w*:*:?test\b|@Test\b|@ParameterizedTest\b|\[(Fact|Theory|Test\w*)\b)"
)
_ASSERTION = re.compile(
    r"\bassert\b|\bassert\w*!?\s*[.(]|\b\w*[Aa]ssert\.\w+|\bself\.(assert|fail)\w*\("
    r"|\bexpect\w*\s*[(.{]"
    r"|\bpytest\.(raises|warns|fail)\b|\bt\.(Error|Fatal|Fail)\w*\(|\brequire\.\w+\(|\bshould\b\s*[.(]"
    r"|\.should\w*\b|\bmust_\w+|\bverify\s*\(|\bt\.(is|deepEqual|true|false|throws)\("
    r"|\bpanic!\s*\(|\.Should\(\)|\brefute\w*\b|\bis_expected\b"
)
_SKIP = re.compile(
    r"pytest\.mark\.(skip|skipif|xfail)\b|pytest\.(skip|xfail|importorskip|exit)\s*\("
    r"|unittest\.(skip\w*|expectedFailure)\b|@(skip\w*|expectedFailure)\b|\bself\.skipTest\("
    r"|\braise\s+(unittest\.)?SkipTest|\b__test__\s*=\s*False|\bcollect_ignore\w*\b"
    r"|\b(it|test|describe|context|suite|bench|specify)\.(skip\w*|only|todo|failing|fails|fixme"
    r"|runIf|concurrent\.(skip|only))\b|\b(xit|xdescribe|xtest|xcontext|xspecify|fit|fdescribe"
    r"|fcontext|ftest)\s*[(\"'{ ]|\bthis\.skip\(|\bpending\b\s*[(\"']|^\s*pending\b"
    r"|^\s*skip\b\s*[\"'(]?"
    r"|\bt\.Skip(f|Now)?\(|\btesting\.Short\(\)|//\s*\+build\s+ignore|//go:build\s+(ignore|never)"
    r"|#\[\s*ignore\b|#\[\s*should_panic\b|#\[\s*cfg\(\s*any\(\s*\)\s*\)"
    r"|@(Disabled|Ignore|EnabledIf\w*|DisabledOn\w*|DisabledIf\w*)\b|\bassum(e|ing)(True|False|That)\("
    r"|@Test\s*\([^)]*enabled\s*=\s*false|\bSkip\s*=\s*\"|\[\s*(Ignore|Explicit)\b"
    r"|\bAssert\.(Ignore|Inconclusive|Skip|Pass)\(|\bskip:\s*(true|[\"'])|\bfocus:\s*true"
    r"|\.skip\s*\(\s*[\"'`]"
)
_TRIVIAL = re.compile(
    r"\bassert\s+\(?(True|1|not\s+False|[\"']\w)|\bassert\b.*\bor\s+(True|1)\b"
    r"|\bassert\s+\(\s*[^()]+,\s*[\"'].*\)\s*$|\b(\w*)[Aa]ssert(True|\.True|\.IsTrue)?!?\s*\(\s*true\b"
    r"|\bassertTrue\(\s*True\b|\bassertFalse\(\s*False\b|\bassertFalse\(\s*false\b"
    r"|\bexpect\(\s*(true|1|!0)\s*\)\s*\.(to\.be\.true|toBe\w*|to\b|toEqual)"
    r"|\bassert\.(ok|equal|strictEqual)\(\s*(true|1)\b|\bassert!\(\s*true\b|\|\|\s*true\s*\)"
    r"|\bassert_(equal|eq!?)\(?\s*(\w+)\s*,\s*\2\s*\)"
)
_SAME_SIDES = re.compile(
    r"\bassert\s+(?P<a>[\w.\[\]\"'()]+)\s*(==|is)\s*(?P=a)\s*(,|#|$)"
    r"|\bexpect\((?P<b>[\w.\[\]\"']+)\)\.(toBe|toEqual|toStrictEqual|to\.equal)\((?P=b)\)"
    r"|\bassert\w*!?\.?\w*\((?:self,\s*)?(?P<c>[\w.\[\]\"']+)\s*,\s*(?P=c)\s*\)"
)
_SWALLOW = re.compile(
    r"^\s*except\b[^:]*:\s*(pass|\.\.\.|return|continue)?\s*(#.*)?$|\bcatch\s*(\([^)]*\))?\s*\{\s*\}"
    r"|suppress\(\s*(Assertion|Base)?(Error|Exception)|^\s*rescue\b|\brescue\s+(nil|true)\b"
    r"|catch_unwind|^\s*(if|while)\s*\(?\s*(False|false|0)\b|^\s*return\s+unless\s+false"
    r"|\.catch\(\s*\(\s*\w*\s*\)\s*=>\s*(\{\s*\}|null|undefined|true)"
)
_EXIT = re.compile(
    r"(return\b|raise\s+SystemExit|sys\.exit\(|os\._exit\(|exit\(|process\.exit\(|os\.Exit\("
    r"|std::process::exit\(|System\.exit\(|Environment\.Exit\(|break;?$|continue;?$|next$)"
)
_AFTER_EXIT = re.compile(
    r"[})\]]|(else|elif|except|finally|case|default|catch|rescue|ensure|end|when)\b"
    r"|(async\s+)?(def|fn|func|function|class)\b|@|#|//"
)
_NEGATIONS = (
    (re.compile(r"\bassert\s+not\s+"), "assert "),
    (re.compile(r"\bnot\s+in\b"), "in"),
    (re.compile(r"\bis\s+not\b"), "is"),
    (re.compile(r"\bassert!\(\s*!"), "assert!("),
    (re.compile(r"\.(not|never)\."), "."),
    (re.compile(r"\.(not_to|to_not)\b"), ".to"),
    (re.compile(r"!==?"), "=="),
    (re.compile(r"(?<=[Aa]ssert)(_)?(Not|not_)"), r"\1"),
    (re.compile(r"\b(is|Is|assert|to_be_|be_|toBe|\.)(False|Falsy|false|falsy|False)"), r"\1True"),
    (re.compile(r"\bassertFalse\b"), "assertTrue"),
    (re.compile(r"\bassert_false\b|\brefute\b"), "assert_true"),
    (re.compile(r"\bassert_ne!"), "assert_eq!"),
    (re.compile(r"\bis_err\(\)"), "is_ok()"),
    (re.compile(r"\bNotEqual\b"), "Equal"),
    (re.compile(r"\bNot(?=[A-Z])"), ""),
    (re.compile(r"\bFalse\b"), "True"),
    (re.compile(r"\bfalse\b"), "true"),
)
_COMMENT = re.compile(r"\s*(#(?!\[)|//|--|\*|/\*|<!--)")


def is_comment(line: str) -> bool:
    """Whether a line is only a comment: nothing in it runs."""
    return _COMMENT.match(line) is not None


def name_of_test(line: str, *, is_marked: bool = False) -> str:
    """The name of the test that a line begins, or ""; `is_marked`: the line above `marks_test`."""
    if is_comment(line):
        return ""
    found = (one.match(line) for one in (*_TEST_NAMES, *((_MARKED_NAME,) if is_marked else ())))
    return next((match[1] for match in found if match), "")


def marks_test(line: str) -> bool:
    """Whether a line marks the function below it as a test."""
    return _MARKERS.match(line) is not None


def asserts(line: str) -> bool:
    """Whether a line checks something."""
    return not is_comment(line) and _ASSERTION.search(line) is not None


def skips(line: str) -> bool:
    """Whether a line skips tests, expects them to fail, or runs only some."""
    return not line.lstrip().startswith("* ") and _SKIP.search(line) is not None


def cannot_fail(line: str) -> bool:
    """Whether an assertion can't fail."""
    return bool(_TRIVIAL.search(line) or _SAME_SIDES.search(line))


def swallows(line: str) -> bool:
    """Whether a line of a test keeps a failure from being seen."""
    return not is_comment(line) and _SWALLOW.search(line) is not None


def cuts_off(line: str, following: str) -> bool:
    """Whether a line ends its block although `following`, the next line, is in the same block."""
    bare = line.strip()
    if not _EXIT.match(bare) or not following.strip():
        return False
    if bare[-1:] in "([{,\\":
        return False
    is_same = _depth(line) == _depth(following)
    return is_same and not _AFTER_EXIT.match(following.strip())


def is_opposite(before: str, after: str) -> bool:
    """Whether two assertions differ only in a negation."""
    return before.split() != after.split() and _positive(before) == _positive(after)


def _depth(line: str) -> int:
    plain = line.expandtabs(8)
    return len(plain) - len(plain.lstrip())


def _positive(line: str) -> str:
    for negation, plain in _NEGATIONS:
        line = negation.sub(plain, line)
    return "".join(line.split())
