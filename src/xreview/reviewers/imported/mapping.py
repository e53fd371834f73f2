"""What other tools' words for severity and category are in ours.

Severity, the first that is given:
1. our own word in the result's property `severity` (an export of this program);
2. `security-severity` of the result or its rule, a CVSS-like score: from 9 critical, from 7 high,
   from 4 medium, else low (GitHub's bands);
3. the level: `error` high, `warning` medium, `note` and `none` low. Of tools that call everything
   an error (`_ONE_LEVEL`) it says nothing, and medium is taken.

Category: our own word in the property `category`; else the first line of `_CATEGORIES` of which a
word is in the rule's tags; else the rule's id by `_RULES`, for tools that do not tag; else security
for a tool that looks for nothing else; else the same words in the rule's name; else edge case.

Confidence: the property `confidence` or `issue_confidence`, else the rule's `precision`; else
medium.
"""

import re
from collections.abc import Iterable

from xreview.domain.report import Category, Confidence, Severity

_ONE_LEVEL = frozenset({"ruff"})

_SECURITY_TOOLS = frozenset(
    {"bandit", "gosec", "brakeman", "gitleaks", "trufflehog", "trivy", "grype", "njsscan", "snyk"}
    | {"checkov", "kics", "tfsec", "snyk-code", "flawfinder", "security-code-scan"}
)

# The order matters: the narrower kind first. The numbers are of the Common Weakness Enumeration.
_CATEGORIES: tuple[tuple[Category, str], ...] = (
    (
        Category.CONCURRENCY,
        r"concurren|race|thread|deadlock|async|cwe-0*(362|364|366|367|662|667|764|820|821|833)\b",
    ),
    (
        Category.ERROR_HANDLING,
        r"error-?handling|exception|cwe-0*(248|252|390|391|392|396|397|703|754|755)\b",
    ),
    (Category.TIMING, r"time-?zone|datetime|timeout|cwe-0*(208|385)\b"),
    (Category.DATA_INTEGRITY, r"data-?integrity|corruption|cwe-0*(353|354|471|681|682|704)\b"),
    (Category.SECURITY, r"securit|cwe|owasp|vulnerab|injection|secret|crypto|xss"),
    (Category.PERFORMANCE, r"perf(ormance)?\b|efficien|memory"),
    (Category.DOCUMENTATION, r"doc(s|umentation|string)"),
    (Category.OVER_ENGINEERING, r"over-?engineer|complexity|abstraction"),
    (Category.SIMPLIFICATION, r"simplif|maintainab|useless|unused|dead-?code|readab|redundan"),
    (Category.CONSISTENCY, r"consisten|style|convention|naming|format"),
)
_TAGGED = tuple((category, re.compile(words, re.IGNORECASE)) for category, words in _CATEGORIES)

# By the prefixes of https://docs.astral.sh/ruff/rules/, which flake8 and pylint share in part.
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
"""The words that `severity_of` takes for a level."""

_BANDS = ((9.0, Severity.CRITICAL), (7.0, Severity.HIGH), (4.0, Severity.MEDIUM))
_CONFIDENCES = {
    "very-high": Confidence.HIGH,
    "high": Confidence.HIGH,
    "medium": Confidence.MEDIUM,
    "low": Confidence.LOW,
}


def severity_of(tool: str, level: str, score: float | None = None, own: str = "") -> Severity:
    """The severity of a result.

    Args:
        tool: the reviewer's family. level: one of `LEVELS`.
        score: `security-severity`, where there is one. own: the property `severity`.
    """
    if own.upper() in Severity.__members__:
        return Severity[own.upper()]
    if score is not None:
        return next((severity for bound, severity in _BANDS if score >= bound), Severity.LOW)
    return Severity.MEDIUM if tool in _ONE_LEVEL else _LEVELS[level]


def category_of(
    tool: str, rule: str, name: str = "", tags: Iterable[str] = (), own: str = ""
) -> Category:
    """The category of a result.

    Args:
        tool: the reviewer's family. rule: the rule's id. name: its name or short description.
        tags: of the rule. own: the property `category`.
    """
    if own in _OWN:
        return Category(own)
    tagged = " ".join(tags)
    found = _first(_TAGGED, tagged) or _first(_RULES, rule)
    if found is None and tool in _SECURITY_TOOLS:
        return Category.SECURITY
    return found or _first(_TAGGED, f"{name} {rule}") or Category.EDGE_CASE


def confidence_of(*words: str) -> Confidence:
    """The first word that says how sure a tool is; medium where none does."""
    said = (_CONFIDENCES.get(word.lower()) for word in words)
    return next((confidence for confidence in said if confidence), Confidence.MEDIUM)


def _first(table: Iterable[tuple[Category, re.Pattern[str]]], text: str) -> Category | None:
    return next((category for category, words in table if words.search(text)), None)
