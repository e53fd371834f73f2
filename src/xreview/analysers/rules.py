"""The rules of the analysers, one pack of data for each language in `rules/*.toml`.

At the top of a pack, `languages` names the grammars it is for, and the optional `test_code` is an
ast-grep rule that finds tests inside other files. Each `[[rule]]` has

    id           stable: "python/swallowed-error"
    lens         "risk" or "economy"
    title        one line; claim: what is wrong; scenario: how it fails, concretely
    category     a word of `Category`; severity, confidence: theirs (default: "medium")
    request      "add timeout": the direction and the topic, to find opposite requests
    meaning      the same for rules that report the same problem of a line (default: the id)
    ruff         the ruff code or codes that find it (docs.astral.sh/ruff/rules); or
    zizmor       the audit (docs.zizmor.sh/audits), "*" for those without a rule of their own; or
    shellcheck   the shellcheck code or codes (github.com/koalaman/shellcheck/wiki); or
    match        an ast-grep rule (ast-grep.github.io/reference/rule.html); or
    engine       "xreview" for computed rules
    where        constraints for the match's meta-variables, as ast-grep's `constraints`
    near         a regular expression that must match in the matched lines, or in the code that
                 zizmor names
    needs        words; a file without any of them is not matched
    holds        a regular expression; a file without a match for it is not matched
    unless       words; a file with any of them is not matched
    once         true if the first match in a file says it all
    suggestion   what to do instead, in a few words
    fix          the replacement of the matched code; $NAME and $$$NAME are what they matched
    takes_fix    false if the engine's own fix differs from `suggestion`
    not_in_tests true if this is normal in tests
    excused_by_comment
                 true if authors do this on purpose and say so: a comment on the matched lines, or
                 just before them, silences the match
    enforced_by  "eslint:no-eval": linter rules that report the same; where the repository enforces
                 one, or a comment silences it, this rule is silent too

`{NAME|words}` in a title, claim or scenario is what the match's meta-variable stands for, or the
words if it isn't one short piece of code; of a match by ruff, NAME is the code that ruff names. A
text names nothing else that a match doesn't guarantee.

Examples of code with and without each problem are in tests/analysers/examples.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, cast

from xreview.domain.record import dataclass, field
from xreview.domain.report import Category, Confidence, Direction, Lens, Request, Severity

PACKS: Mapping[str, tuple[str, ...]] = {
    "python": ("python",),
    "javascript": ("javascript",),
    "typescript": ("javascript",),
    "tsx": ("javascript",),
    "go": ("go",),
    "java": ("java",),
    "rust": ("rust",),
    "ruby": ("ruby",),
    "c": ("c",),
    "cpp": ("c", "cpp"),
    "github-actions": ("github-actions",),
    "bash": ("shell",),
}
"""The packs of each language; other languages have no rules."""

ANY_LANGUAGE = "any"
"""The pack of the computed rules, for every language."""


ANY_CODE = "*"
"""Stands in a pack for the codes that no other rule of it names."""

PLACEHOLDER = re.compile(r"\{(\w+)(?:\|([^{}]*))?\}")
"""A name in a rule's texts, and the words if it has no value."""


class Engine(StrEnum):
    """The tool that finds a problem, and the family of the reports' reviewer."""

    RUFF = "ruff"
    AST_GREP = "ast-grep"
    ZIZMOR = "zizmor"
    SHELLCHECK = "shellcheck"
    XREVIEW = "xreview"


_BY_LINTER = (Engine.ZIZMOR, Engine.SHELLCHECK)
_BY_CODES = (Engine.RUFF, *_BY_LINTER)


@dataclass(frozen=True, slots=True, eq=False)
class AnalyserRule:
    """A rule; the module docstring describes the fields. It is equal only to itself."""

    id: str
    lens: Lens
    engine: Engine
    title: str
    claim: str
    scenario: str
    category: Category
    severity: Severity
    confidence: Confidence
    request: Request | None
    meaning: str
    codes: tuple[str, ...] = ()
    match: Mapping[str, Any] = field(default_factory=dict[str, Any])
    where: Mapping[str, Any] = field(default_factory=dict[str, Any])
    near: str = ""
    needs: tuple[str, ...] = ()
    holds: str = ""
    unless: tuple[str, ...] = ()
    suggestion: str = ""
    fix: str | None = None
    not_in_tests: bool = False
    excused_by_comment: bool = False
    takes_fix: bool = True
    once: bool = False
    enforced_by: frozenset[str] = frozenset()

    @property
    def names(self) -> frozenset[str]:
        """The names of the placeholders in its texts."""
        texts = f"{self.title}\n{self.claim}\n{self.scenario}"
        return frozenset(found[1] for found in PLACEHOLDER.finditer(texts))


@dataclass(frozen=True, slots=True)
class Pack:
    """The rules of one file."""

    languages: tuple[str, ...]
    rules: tuple[AnalyserRule, ...]


def read_pack(name: str) -> Pack:
    """Read `rules/<name>.toml`. Raises ValueError or KeyError if it is invalid."""
    # Not by `importlib.resources`, which takes a worker longer to import than a pack to read.
    pack = Path(__file__).parent / "rules" / f"{name}.toml"
    data = tomllib.loads(pack.read_text("utf-8"))
    test_code = data.get("test_code")
    rows: list[dict[str, Any]] = data["rule"]
    return Pack(tuple(data["languages"]), tuple(_rule(row, test_code) for row in rows))


@cache
def rules_for(language: str) -> tuple[AnalyserRule, ...]:
    """The rules of a language, read once."""
    return tuple(rule for name in PACKS[language] for rule in read_pack(name).rules)


@cache
def is_linted(language: str) -> bool:
    """Whether a linter is the only engine for a language."""
    return all(rule.engine in _BY_LINTER for rule in rules_for(language))


@cache
def computed_rule(id: str) -> AnalyserRule:
    """A computed rule by id."""
    return next(rule for rule in read_pack(ANY_LANGUAGE).rules if rule.id == id)


def _rule(row: Mapping[str, Any], test_code: Mapping[str, Any] | None) -> AnalyserRule:
    by_codes = next((engine for engine in _BY_CODES if engine in row), None)
    codes = _as_tuple(row[by_codes]) if by_codes else ()
    match: dict[str, Any] = row.get("match", {})
    not_in_tests = row.get("not_in_tests", False)
    if not_in_tests and test_code and match:
        match = {"all": [match, {"not": test_code}]}
    return AnalyserRule(
        id=row["id"],
        lens=Lens(row["lens"]),
        engine=Engine(row.get("engine", by_codes or Engine.AST_GREP)),
        title=row["title"],
        claim=row["claim"],
        scenario=row["scenario"],
        category=Category(row["category"]),
        severity=Severity[row.get("severity", "medium").upper()],
        confidence=Confidence[row.get("confidence", "medium").upper()],
        request=_request(row.get("request", "")),
        meaning=row.get("meaning", row["id"]),
        codes=codes,
        match=match,
        where=row.get("where", {}),
        near=row.get("near", ""),
        needs=_as_tuple(row.get("needs", ())),
        holds=row.get("holds", ""),
        unless=_as_tuple(row.get("unless", ())),
        suggestion=row.get("suggestion", ""),
        fix=row.get("fix"),
        not_in_tests=not_in_tests,
        excused_by_comment=row.get("excused_by_comment", False),
        takes_fix=row.get("takes_fix", True),
        once=row.get("once", False),
        enforced_by=frozenset(
            (*(f"{by_codes}:{code}" for code in codes), *_as_tuple(row.get("enforced_by", ())))
        ),
    )


def _as_tuple(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(cast("Sequence[str]", value))


def _request(words: str) -> Request | None:
    if not words:
        return None
    direction, _, topic = words.partition(" ")
    return Request(Direction(direction), topic)
