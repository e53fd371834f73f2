"""Severity, category and confidence of other tools' results.

Severity is the first of these that is given:
1. this program's own word in the property `severity`;
2. `security-severity` of the result or its rule, a CVSS-like score: critical from 9, high from 7,
   medium from 4, else low (GitHub's bands);
3. the level: `error` is high, `warning` medium, `note` and `none` low; for tools that use one level
   for everything (`_ONE_LEVEL`), medium;
4. the rank: high from 80, medium from 40, else low;
5. medium.

Category is the first of these: this program's own word in the property `category`; a CWE weakness
in the rule's tags; the first line of `_CATEGORIES` with a word in the tags; the rule's id by
`_RULES`, for tools without tags; security for a tool that looks for nothing else; a weakness or a
word of `_CATEGORIES` in the rule's name or the message; edge case.

Confidence is the property `confidence` or `issue_confidence`, else the rule's `precision`, else
medium.
"""

import re
from collections.abc import Iterable, Mapping

from xreview.domain.report import Category, Confidence, Severity

_ONE_LEVEL = frozenset(
    {"ruff", "checkov", "ansible-lint", "markdownlint-cli2", "typos", "stylelint", "sqlfluff"}
)

_SECURITY_TOOLS = frozenset(
    {"bandit", "gosec", "brakeman", "gitleaks", "trufflehog", "trivy", "grype", "njsscan", "snyk"}
    | {"checkov", "kics", "tfsec", "snyk-code", "flawfinder", "security-code-scan", "nodejsscan"}
    | {"secretlint", "zizmor", "compose-lint"}
)

# Numbers of the Common Weakness Enumeration; all others are about security.
_WEAKNESSES: Mapping[Category, str] = {
    Category.CONCURRENCY: "362 364 366 367 421 543 567 662 667 764 765 820 821 833 1058 1096",
    Category.ERROR_HANDLING: "248 252 253 390 391 392 394 396 397 544 584 600 703 754 755 756",
    Category.TIMING: "208 385",
    Category.DATA_INTEGRITY: "353 354 471 681 682 704",
    Category.EDGE_CASE: "193 369 476 480 481 482 483 484 570 571 597 628 685 686 687 688",
    Category.PERFORMANCE: "401 1042 1043 1046 1049 1050 1060 1067 1072 1073 1089 1176",
    Category.SIMPLIFICATION: "561 563 1041 1071 1164",
    Category.OVER_ENGINEERING: "1120 1121 1124",
    Category.DOCUMENTATION: "1110 1111 1112 1116",
}
_BY_NUMBER = {
    int(number): category for category, numbers in _WEAKNESSES.items() for number in numbers.split()
}
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_CWE = re.compile(r"\bcwe[-_/: ]*0*(\d{1,4})\b", re.IGNORECASE)

# Whole words, the narrower categories first.
_CATEGORIES: tuple[tuple[Category, str], ...] = (
    (
        Category.CONCURRENCY,
        r"concurren(t|tly|cy)|(data )?races?|race[- ]conditions?|threads?|threading"
        r"|thread[- ]safe(ty)?|multi-?threading|deadlocks?|async(hronous)?|asyncio|atomic(ity)?"
        r"|mutex(es)?",
    ),
    (Category.ERROR_HANDLING, r"error-?[ -]?handling|exceptions?|try-?catch|bare except"),
    (Category.TIMING, r"time-?[ -]?zones?|datetimes?|timeouts?|time-of-check"),
    (Category.DATA_INTEGRITY, r"data-?[ -]?integrity|data corruption"),
    (
        Category.SECURITY,
        r"security|insecure(ly)?|cwe|owasp|vulnerab(le|ility|ilities)|injections?|secrets?"
        r"|credentials?|crypto(graphy|graphic)?|xss|ssrf|csrf|xxe|path[- ]traversal|sql"
        r"|buffer (overflows?|overruns?)|double free|use[- ]after[- ]free|format strings?"
        r"|information (leaks?|exposure|disclosure)|deserializ(e|ation)|deserialis(e|ation)"
        r"|supply-?chain|taint(ed)?",
    ),
    (Category.PERFORMANCE, r"perf|performance|inefficien(t|cy|tly)|efficiency|memory leaks?|slow"),
    (Category.DOCUMENTATION, r"docs?|documentation|docstrings?|jsdoc|javadoc"),
    (
        Category.OVER_ENGINEERING,
        r"over-?engineer(ed|ing)|(cyclomatic |cognitive )?complexity|too complex|abstractions?",
    ),
    (
        Category.SIMPLIFICATION,
        r"simplif(y|ied|ication)|maintainab(le|ility)|useless|unused|dead-?[ -]?code|unreachable"
        r"|readability|redundan(t|cy)|duplicat(e|es|ed|ion)|clarity",
    ),
    (
        Category.CONSISTENCY,
        r"consisten(t|cy)|style|stylistic|conventions?|naming|formatting|idioms?",
    ),
)
_TAGGED = tuple(
    (category, re.compile(rf"(?<![\w])(?:{words})(?![\w])", re.IGNORECASE))
    for category, words in _CATEGORIES
)

# The prefixes of https://docs.astral.sh/ruff/rules/, some of which flake8 and pylint share.
_RULES: tuple[tuple[Category, re.Pattern[str]], ...] = (
    (Category.SECURITY, re.compile(r"S\d{3}$")),
    (Category.CONCURRENCY, re.compile(r"ASYNC\d{3}$")),
    (Category.ERROR_HANDLING, re.compile(r"(BLE|TRY)\d{3}$|B904$|E722$")),
    (Category.TIMING, re.compile(r"DTZ\d{3}$")),
    (Category.PERFORMANCE, re.compile(r"PERF\d{3}$")),
    (Category.DOCUMENTATION, re.compile(r"(D|DOC)\d{3}$")),
    (Category.SIMPLIFICATION, re.compile(r"(SIM|C4|RET|PIE|FURB|F401|F841|ERA)\d*$")),
    (Category.OVER_ENGINEERING, re.compile(r"(C90|PLR09)\d+$")),
    (Category.CONSISTENCY, re.compile(r"(E|W|I|N|Q|UP|COM|ANN|INP|CPY|T20)\d{1,3}$")),
)

_OWN = frozenset(category.value for category in Category)
_LEVELS = {
    "error": Severity.HIGH,
    "warning": Severity.MEDIUM,
    "note": Severity.LOW,
    "none": Severity.LOW,
}
LEVELS = frozenset(_LEVELS)
"""The levels that `severity_of` accepts."""

_SCORES = ((9.0, Severity.CRITICAL), (7.0, Severity.HIGH), (4.0, Severity.MEDIUM))
_RANKS = ((80.0, Severity.HIGH), (40.0, Severity.MEDIUM))
_CONFIDENCES = {
    "very-high": Confidence.HIGH,
    "high": Confidence.HIGH,
    "medium": Confidence.MEDIUM,
    "low": Confidence.LOW,
}


def severity_of(
    tool: str,
    level: str = "",
    score: float | None = None,
    own: str = "",
    rank: float | None = None,
) -> Severity:
    """The severity of a result, as the module says; `tool` is the reviewer's family."""
    if own.upper() in Severity.__members__:
        return Severity[own.upper()]
    if score is not None:
        return _banded(score, _SCORES)
    if level:
        return Severity.MEDIUM if tool in _ONE_LEVEL else _LEVELS[level]
    return Severity.MEDIUM if rank is None else _banded(rank, _RANKS)


def _banded(value: float, bands: Iterable[tuple[float, Severity]]) -> Severity:
    return next((severity for bound, severity in bands if value >= bound), Severity.LOW)


def category_of(
    tool: str, rule: str, name: str = "", tags: Iterable[str] = (), own: str = ""
) -> Category:
    """The category of a result, as the module says.

    `name` is the rule's name or short description, `own` the property `category`.
    """
    if own in _OWN:
        return Category(own)
    tagged, told = " ".join(tags), f"{name} {rule}"
    found = _by_weakness(tagged) or _first(_TAGGED, _in_words(tagged)) or _first(_RULES, rule)
    if found is None and tool in _SECURITY_TOOLS:
        return Category.SECURITY
    return found or _by_weakness(told) or _first(_TAGGED, _in_words(told)) or Category.EDGE_CASE


def _by_weakness(text: str) -> Category | None:
    """The category of the first weakness that has a narrower one than security."""
    numbers = [int(number) for number in _CWE.findall(text)]
    kinds = (_BY_NUMBER[number] for number in numbers if number in _BY_NUMBER)
    return next(kinds, Category.SECURITY) if numbers else None


def confidence_of(*words: str) -> Confidence:
    """The first word that is a confidence; medium where none is."""
    said = (_CONFIDENCES.get(word.lower()) for word in words)
    return next((confidence for confidence in said if confidence), Confidence.MEDIUM)


def _first(table: Iterable[tuple[Category, re.Pattern[str]]], text: str) -> Category | None:
    return next((category for category, words in table if words.search(text)), None)


def _in_words(text: str) -> str:
    """A text with names such as `noUnusedVars` and `sql_injection` split into words."""
    return _HUMP.sub("-", text).replace("_", "-")
