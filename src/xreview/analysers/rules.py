"""What the analysers know: rules as data, one pack for each language in `rules/*.toml`.

A pack is a TOML file. At its top, `languages` names the grammars it is for, and `test_code` (where
given) is an ast-grep rule for code that is a test although its file is not. Each `[[rule]]` has

    id           ours and stable: "python/swallowed-error"
    lens         "risk" or "economy"
    title        one line; claim: what is wrong; scenario: how it fails, concretely
    category     a word of `Category`; severity, confidence: a word of theirs ("medium" if left out)
    request      "add timeout": the direction and the topic, so that opposite wishes can be found
    meaning      what two rules have in common that say the same of one line (default: the id)
    ruff         the code or codes of ruff that find it (docs.astral.sh/ruff/rules); or
    match        a rule of ast-grep (ast-grep.github.io/reference/rule.html); or
    engine       "lizard" or "xreview" for what is computed, not matched
    where        constraints for the match's meta-variables, as ast-grep's `constraints`
    near         a regular expression that the matched lines must hold
    needs        words of which the file must hold one, so that matching can be left out
    suggestion   what to do instead, in a few words
    fix          the replacement of the matched code; $NAME and $$$NAME are what they matched
    takes_fix    false where the engine's own fix is another than `suggestion` says
    not_in_tests true where tests do this as a matter of course
    enforced_by  "eslint:no-eval": linter rules that say the same
    good, bad    examples: code in which nothing, and code in which this rule, is reported
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, cast

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
}
"""Which packs are for which language; a language that is not here has no rules."""

ANY_LANGUAGE = "any"
"""The pack of the rules that are computed, in whatever language."""


class Engine(StrEnum):
    """What finds a problem. Its name is the family of the reports' reviewer."""

    RUFF = "ruff"
    AST_GREP = "ast-grep"
    LIZARD = "lizard"
    XREVIEW = "xreview"


@dataclass(frozen=True, slots=True)
class AnalyserRule:
    """One thing a reviewer would say; the fields are described at the top of this module."""

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
    suggestion: str = ""
    fix: str | None = None
    not_in_tests: bool = False
    takes_fix: bool = True
    enforced_by: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Pack:
    """The rules of one file, and the examples by rule id: (bad ones, good ones)."""

    languages: tuple[str, ...]
    rules: tuple[AnalyserRule, ...]
    examples: Mapping[str, tuple[Sequence[str], Sequence[str]]]


def read_pack(name: str) -> Pack:
    """Read `rules/<name>.toml`. Raises ValueError or KeyError where it is not as described."""
    text = files("xreview.analysers").joinpath("rules", f"{name}.toml").read_text("utf-8")
    data = tomllib.loads(text)
    test_code = data.get("test_code")
    rows: list[dict[str, Any]] = data["rule"]
    return Pack(
        languages=tuple(data["languages"]),
        rules=tuple(_rule(row, test_code) for row in rows),
        examples={row["id"]: (row["bad"], row["good"]) for row in rows},
    )


@cache
def rules_for(language: str) -> tuple[AnalyserRule, ...]:
    """The rules of one language's packs, without the examples, read once."""
    return tuple(rule for name in PACKS[language] for rule in read_pack(name).rules)


@cache
def computed_rule(id: str) -> AnalyserRule:
    """A rule of the pack for any language, by its id."""
    return next(rule for rule in read_pack(ANY_LANGUAGE).rules if rule.id == id)


def _rule(row: Mapping[str, Any], test_code: Mapping[str, Any] | None) -> AnalyserRule:
    codes = _as_tuple(row.get("ruff", ()))
    match: dict[str, Any] = row.get("match", {})
    not_in_tests = row.get("not_in_tests", False)
    if not_in_tests and test_code and match:
        match = {"all": [match, {"not": test_code}]}
    return AnalyserRule(
        id=row["id"],
        lens=Lens(row["lens"]),
        engine=Engine(row.get("engine", Engine.RUFF if codes else Engine.AST_GREP)),
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
        suggestion=row.get("suggestion", ""),
        fix=row.get("fix"),
        not_in_tests=not_in_tests,
        takes_fix=row.get("takes_fix", True),
        enforced_by=frozenset(
            (*(f"ruff:{code}" for code in codes), *_as_tuple(row.get("enforced_by", ())))
        ),
    )


def _as_tuple(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(cast("Sequence[str]", value))


def _request(words: str) -> Request | None:
    if not words:
        return None
    direction, _, topic = words.partition(" ")
    return Request(Direction(direction), topic)
