"""Matching by syntax: what is searched less thoroughly for speed is found all the same."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from xreview.analysers.relaxing import relax
from xreview.analysers.rules import PACKS, AnalyserRule, rules_for
from xreview.analysers.syntax import SyntaxTree, last_line

EXAMPLES = {
    id: examples["bad"] + examples["good"]
    for path in sorted((Path(__file__).parent / "examples").glob("*.toml"))
    for id, examples in tomllib.loads(path.read_text("utf-8")).items()
}
LANGUAGES = [pytest.param(language, id=language) for language in PACKS]


def found(tree: SyntaxTree, rule: AnalyserRule) -> list[tuple[int, int]]:
    return [(place.start_line, place.end_line) for place in tree.find(rule)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_search_for_lines_finds_what_a_search_of_the_whole_file_finds(language: str) -> None:
    for rule in (rule for rule in rules_for(language) if rule.match):
        for code in EXAMPLES[rule.id]:
            everywhere = found(SyntaxTree(code, language), rule)
            all_lines = range(1, code.count("\n") + 2)
            assert found(SyntaxTree(code, language, all_lines), rule) == everywhere
            for first, last in everywhere:
                assert (first, last) in found(SyntaxTree(code, language, [last]), rule), rule.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_rule_is_searched_with_a_regular_expression_first(language: str) -> None:
    for rule in rules_for(language):
        assert "'regex'" not in str(relax(rule.match, rule.where))


def test_blocks_without_the_lines_are_not_searched() -> None:
    block = "def f{}():\n    try:\n        g()\n    except Exception:\n        pass\n\n\n"
    code = "".join(block.format(number) for number in range(200))

    tree = SyntaxTree(code, "python", [10])
    (function,) = tree.nodes_that_matter({"kind": "function_definition"})

    assert (function.range().start.line + 1, last_line(function)) == (8, 12)
    assert len(list(tree.nodes({"kind": "function_definition"}))) == 200


def test_of_a_large_block_only_what_has_the_lines_is_searched() -> None:
    body = "".join(f"  f{number}() {{ setTimeout('f{number}()', 1); }}\n" for number in range(900))
    code = f"class A {{\n{body}}}\n"
    (rule,) = (rule for rule in rules_for("javascript") if rule.id == "javascript/code-from-text")
    rule = replace(rule, match={"pattern": "setTimeout($F, 1)"}, where={"F": {"regex": "f"}})

    assert found(SyntaxTree(code, "javascript", [10, 500]), rule) == [(10, 10), (500, 500)]
    assert len(found(SyntaxTree(code, "javascript", range(1, 800)), rule)) >= 798


def test_a_match_inside_another_is_found_once() -> None:
    code = "class A {\n  f() {\n    g(g(\n      g(1)));\n  }\n}\n" + "// long\n" * 9000
    rule = replace(rules_for("javascript")[0], match={"pattern": "g($X)"}, where={})

    assert found(SyntaxTree(code, "javascript", [4]), rule) == [(3, 4), (3, 4), (4, 4)]


def test_a_weaker_rule_has_no_expression_and_nothing_that_one_makes_stronger() -> None:
    match = {
        "kind": "call_expression",
        "regex": "^strcpy",
        "not": {"regex": "[A-Z]"},
        "has": {"field": "arguments", "regex": "x"},
        "inside": {"kind": "block", "stopBy": {"regex": "^fn"}},
        "any": [{"pattern": "f($A)"}, {"regex": "g"}],
        "all": [{"kind": "call_expression"}, {"regex": "g"}],
    }

    assert relax(match, {"A": {"regex": "x"}, "B": {"kind": "string", "regex": "y"}}) == {
        "rule": {"kind": "call_expression", "all": [{"kind": "call_expression"}]},
        "constraints": {"B": {"kind": "string"}},
    }
    assert relax({"kind": "call_expression"}, {}) is None
    assert relax({"regex": "x"}, {}) is None
