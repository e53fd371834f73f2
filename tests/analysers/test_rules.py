"""The contract of every rule pack: each rule reports its bad examples and not its good ones."""

import re
import tomllib
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from tests.analysers.changes import source
from xreview.analysers.analysis import analyse
from xreview.analysers.linters import Enforced
from xreview.analysers.plan import LANGUAGES
from xreview.analysers.rules import (
    ANY_CODE,
    ANY_LANGUAGE,
    PACKS,
    PLACEHOLDER,
    AnalyserRule,
    Engine,
    read_pack,
    rules_for,
)
from xreview.analysers.tools.installed import LINTERS
from xreview.domain.report import Direction, Lens

NAMES = sorted(
    entry.name.removesuffix(".toml")
    for entry in files("xreview.analysers").joinpath("rules").iterdir()
    if entry.name.endswith(".toml")
)
READ = {name: read_pack(name) for name in NAMES}
RULES = [(name, rule) for name, pack in READ.items() for rule in pack.rules]
MATCHED = [
    pytest.param(rule, language, id=f"{rule.id}-{language}")
    for name, pack in READ.items()
    if name != ANY_LANGUAGE
    for rule in pack.rules
    if rule.codes != (ANY_CODE,)
    for language in pack.languages
]


EXAMPLES = {
    id: examples
    for path in sorted((Path(__file__).parent / "examples").glob("*.toml"))
    for id, examples in tomllib.loads(path.read_text("utf-8")).items()
}


def test_there_are_examples_of_each_rule_that_matches_code() -> None:
    matching = {rule.id for name, rule in RULES if name != ANY_LANGUAGE}

    assert EXAMPLES.keys() == matching - {rule.id for _, rule in RULES if ANY_CODE in rule.codes}


def reported(language: str, code: str) -> set[str]:
    found = analyse(source(language, code), Enforced())
    return {problem.rule.id for problem in found.problems}


@pytest.mark.parametrize(("rule", "language"), MATCHED)
def test_bad_examples_are_reported_and_good_ones_are_not(rule: AnalyserRule, language: str) -> None:
    bad, good = EXAMPLES[rule.id]["bad"], EXAMPLES[rule.id]["good"]

    assert bad
    assert good
    assert [code for code in bad if rule.id not in reported(language, code)] == []
    assert [code for code in good if rule.id in reported(language, code)] == []


def test_every_language_has_rules_of_packs_that_are_there() -> None:
    assert {*LANGUAGES.values(), "github-actions"} == set(PACKS)
    assert {name for names in PACKS.values() for name in names} | {ANY_LANGUAGE} == set(NAMES)
    for name, pack in READ.items():
        assert [key for key, names in PACKS.items() if name in names] == list(pack.languages)


def test_ids_are_unique_and_say_their_pack() -> None:
    counts = Counter(rule.id for _, rule in RULES)

    assert [id for id, count in counts.items() if count > 1] == []
    assert [rule.id for name, rule in RULES if rule.id.partition("/")[0] != name] == []


def test_there_are_many_rules_for_both_lenses_of_every_language() -> None:
    assert len(RULES) >= 90
    for language in PACKS:
        lenses = {rule.lens for rule in rules_for(language)}
        assert lenses == ({Lens.RISK} if language in LINTERS else set(Lens)), language


@pytest.mark.parametrize("rule", [rule for _, rule in RULES], ids=lambda rule: rule.id)
def test_a_rule_says_what_a_reviewer_would_say(rule: AnalyserRule) -> None:
    assert len(rule.title) <= 72
    assert not rule.title.endswith(".")
    for sentence in (rule.claim, rule.scenario, *filter(None, (rule.suggestion,))):
        assert sentence.endswith((".", "?"))
    assert rule.claim != rule.scenario
    assert rule.fix is None or rule.suggestion


@pytest.mark.parametrize("rule", [param.values[0] for param in MATCHED])
def test_no_value_stands_in_backticks_since_it_has_its_own(rule: AnalyserRule) -> None:
    for text in (rule.title, rule.claim, rule.scenario):
        assert all(text[: at.start()].count("`") % 2 == 0 for at in PLACEHOLDER.finditer(text))


def test_the_lenses_can_ask_for_opposite_things() -> None:
    asked = {
        lens: {rule.request for _, rule in RULES if rule.lens is lens and rule.request}
        for lens in Lens
    }

    opposed = {
        mine.topic
        for mine in asked[Lens.RISK]
        for theirs in asked[Lens.ECONOMY]
        if mine.topic == theirs.topic and mine.direction is not theirs.direction
    }

    assert {"error handling", "validation"} <= opposed
    assert {request.direction for request in asked[Lens.ECONOMY]} == {Direction.REMOVE}


def test_no_code_of_ruff_is_claimed_by_two_rules() -> None:
    codes = Counter(code for _, rule in RULES if not rule.near for code in rule.codes)

    assert [code for code, count in codes.items() if count > 1] == []
    assert all(rule.codes for _, rule in RULES if rule.engine is Engine.RUFF)


NAMED = {
    "account": "chmod",
    "archive": "tarfile|zipfile",
    "backup": "",
    "browser": "document|window|<div",
    "bundle": "",
    "cache": "cache",
    "client": "http|header|params|req|filename",
    "cookie": "cookie",
    "customer": "",
    "database": "sql|query|db|cursor|objects|repository|where|find",
    "disk": "",
    "file": "open|temp|tmp|access|exists|tarfile|chmod|path",
    "frame": "iframe",
    "laptop": "",
    "log": "log|catch",
    "message": "message",
    "network": "http|tls|ssl|requests|url|uri|fetch|verify|ssh|rest|cert|axios",
    "page": "window",
    "password": "password",
    "payment": "",
    "pool": "",
    "queue": "queue",
    "request": "req|filename|header|http|fetch|params|axios",
    "response": "response|http",
    "row": "query|select|all|rows",
    "server": "listen|server",
    "service": "http|url|uri|fetch|requests|rest|axios",
    "signature": "signature|jwt|md5|sha1|token",
    "socket": "socket",
    "table": r"\.all",
    "transaction": "",
    "upload": "",
    "user": "chmod|temp|tmp|jwt",
    "worker": "",
}
"""Things that only some programs have, and the code that shows that this one does."""


@pytest.mark.parametrize(("rule", "language"), MATCHED)
def test_a_text_names_nothing_that_the_matched_code_does_not(
    rule: AnalyserRule, language: str
) -> None:
    for code in EXAMPLES[rule.id]["bad"]:
        found = analyse(source(language, code), Enforced()).problems
        row = next(problem for problem in found if problem.rule.id == rule.id).to_json()
        said = f"{row['title']}\n{row['claim']}\n{row['scenario']}"

        assert not re.search(r"\{\w+(\|[^}]*)?\}", said)
        words = set(re.findall(r"[a-z]+", re.sub("`[^`]*`", "", said).lower()))
        named = [word for word in NAMED if words & {word, f"{word}s"}]
        shown = {word: "|".join(filter(None, (word, NAMED[word]))) for word in named}
        assert [w for w, s in shown.items() if not re.search(s, code, re.IGNORECASE)] == []


def test_a_scenario_names_the_call_that_can_fail() -> None:
    body = "return text.endswith('x')\n    except Exception:\n        return False\n"
    code = f"def f(text):\n    try:\n        {body}"
    (found,) = analyse(source("python", code), Enforced()).problems

    assert found.to_json()["scenario"].startswith("`text.endswith` fails")


def test_a_text_names_what_ruff_names() -> None:
    (found,) = analyse(source("python", "print(offset)\n"), Enforced()).problems

    assert found.to_json()["title"] == "`offset` is not defined"


def test_code_that_cannot_stand_in_a_sentence_is_not_named() -> None:
    long = f"save({'order, ' * 20}now)"
    (found,) = analyse(source("javascript", f"{long}.catch(() => {{}});\n"), Enforced()).problems

    assert found.to_json()["scenario"].startswith("The promise fails")
