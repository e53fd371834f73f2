"""Regular expressions that are slow to fail, found in code and told from those that aren't."""

import re
import time

import pytest

from tests.analysers.changes import source
from xreview.analysers import analysis, backtracking
from xreview.analysers.analysis import analyse
from xreview.analysers.backtracking import find_backtracking
from xreview.analysers.linters import Enforced

EXPONENTIAL = (
    r"^(a+)+$",
    r"(a|a)*b",
    r"^(\w+\s?)*$",
    r"^(\s*,\s*\w+\s*)+$",
    r"^([a-z0-9]+[._-]?)*@",
    r"(.*a){12}$",
    r"(?:[^\\\"]+|\\.)*;",
    r"^(?:\.?\w+)+$",
    r"(?:ab|a|b)*c$",
    r"(?:[^)(]+|\((?:[^)(]+|\([^)(]*\))*\))*\);",
    r"^(?:(['\"])(?:(?!\1).|\1{2})*\1\.?)+$",
)
POLYNOMIAL = (
    r"^\s*(.*?)\s*:\s*(.*?)\s*$",
    r"\s*\s*\s*x",
    r"(.+)\[([^\]]+)\]\.?(.*)$",
    r"<([^>]*\srel\s*=\s*([^>]+)[^>]*)>",
)
NEITHER = (
    r"\s*$",
    r"^\S+@\S+\.\S+$",
    r"(\d+)(\.\d+)?",
    r"(?:[^\"\\]|\\.)*\"",
    r"/\*[\s\S]*?\*/",
    r"^(?:[a-z]+,)*[a-z]+$",
    r"(?=(a+))\1+b",
    r"^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$",
    r"([^/@#:.]+(?:\.[^/@#:.]+)+|localhost):([^#/0-9]+)",
    r"^(a{1,3}){1,3}$",
    r"(",
)


@pytest.mark.parametrize("expression", EXPONENTIAL)
def test_nested_repeats_of_the_same_characters_are_exponential(expression: str) -> None:
    assert find_backtracking(expression, 0) is not None


@pytest.mark.parametrize("expression", [*POLYNOMIAL, *NEITHER])
def test_other_expressions_are_not_reported(expression: str) -> None:
    assert find_backtracking(expression, 0) is None


def test_an_attempt_that_would_take_minutes_is_ended() -> None:
    # The text that repeats "bcdef" once is quick to fail; with two it takes 60,000 times as long.
    letters = "".join(f"(?:{'|'.join(letter * 9)})" for letter in "bcdef")
    began = time.process_time()

    found = find_backtracking(f"^(?:{letters})*$", 0)

    assert found is not None
    assert time.process_time() - began < 5


def test_nested_repeats_are_tried_with_short_texts() -> None:
    nested = "(?:" * 12 + "a" + "){8,}" * 12

    began = time.process_time()

    find_backtracking(f"^(?:{nested})+$", 0)

    assert time.process_time() - began < 20


def test_flags_count() -> None:
    spaced = r"( a + ) + $"

    assert find_backtracking(spaced, re.VERBOSE) is not None
    assert find_backtracking(spaced, 0) is None


def reported(language: str, code: str, *, is_test: bool = False) -> list[str]:
    found = analyse(source(language, code, is_test=is_test), Enforced()).problems
    return [problem.rule.id for problem in found if problem.rule.id.endswith("-expression")]


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("javascript", "const words = /^(\\w+\\s?)*$/;\n"),
        ("typescript", "export const words = (s: string) => /^(?<one>\\w+\\s?)*$/i.test(s);\n"),
        ("tsx", "const found = text.replace(/([^]+)+;$/g, '');\n"),
        ("python", "words = re.compile(r'^(\\w+\\s?)*$', re.I)\n"),
        ("python", "ok = re.search(b'(a+)+$', text)\n"),
        ("python", "ok = re.sub(\n    r'^(a+'\n    r')+$', '', text\n)\n"),
        ("python", "ok = re.match('''\n    ( a + )+  # the letters\n    $''', text, re.X)\n"),
    ],
)
def test_expressions_are_found_in_code(language: str, code: str) -> None:
    assert reported(language, code) == ["any/exponential-expression"]


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("javascript", "const words = '(a+)+$';\n"),
        ("javascript", "const rest = total /(a+b)+c/ 2;\n"),
        ("python", "words = pattern.compile(r'^(a+)+$')\n"),
        ("python", "words = re.compile(f'^({part}+)+$')\n"),
        ("python", "words = re.escape('(a+)+$')\n"),
        ("go", 'var words = regexp.MustCompile("(a+)+$")\n'),
    ],
)
def test_what_is_no_expression_that_backtracks_is_not_reported(language: str, code: str) -> None:
    assert reported(language, code) == []


def test_expressions_of_tests_are_not_tried() -> None:
    assert reported("javascript", "const words = /^(a+)+$/;\n", is_test=True) == []


def test_a_linter_that_tries_expressions_is_not_repeated() -> None:
    code = source("javascript", "const words = /^(a+)+$/;\n")

    found = analyse(code, Enforced(("eslint:redos/no-vulnerable",)))

    assert found.problems == ()


def test_a_report_names_what_is_repeated() -> None:
    (found,) = analyse(source("javascript", "const blank = /(\\s+)+$/;\n"), Enforced()).problems

    assert "repetitions of a space" in found.to_json()["scenario"]


def test_expressions_that_were_not_tried_are_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis, "EXPRESSION_SECONDS", 0.0)

    found = analyse(source("javascript", "const a = /(a+)+$/, b = /(b+)+$/;\n"), Enforced())

    assert "regular expressions" in found.gap


def test_the_time_of_a_file_also_ends_an_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis, "EXPRESSION_SECONDS", 0.05)
    monkeypatch.setattr(backtracking, "LONGEST_ATTEMPT", 600.0)
    letters = "".join(f"(?:{'|'.join(letter * 9)})" for letter in "bcdef")
    code = f"const a = /^(?:{letters})*$/;\nconst b = /^x(?:{letters})*$/;\n"
    began = time.process_time()

    found = analyse(source("javascript", code), Enforced())

    assert [problem.start_line for problem in found.problems] == [1]
    assert "regular expressions" in found.gap
    assert time.process_time() - began < 5
