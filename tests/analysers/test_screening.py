"""What every match of a rule has, by which most searches are saved."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from xreview.analysers.rules import AnalyserRule, rules_for
from xreview.analysers.screening import Screen, kinds_screened, screen_of
from xreview.analysers.syntax import SyntaxTree

CALLS = {"any": [{"pattern": "setTimeout($X)"}, {"pattern": "new Timer($X)", "regex": "x"}]}


def rule(match: Mapping[str, Any]) -> AnalyserRule:
    return replace(rules_for("javascript")[0], match=match, where={})


def screen(match: Mapping[str, Any], language: str = "javascript") -> Screen:
    return screen_of(rule(match), language)


@pytest.mark.parametrize(
    ("match", "kinds"),
    [
        pytest.param({"kind": "pair"}, {"pair"}, id="kind"),
        pytest.param({"pattern": "$A === $B"}, {"binary_expression"}, id="pattern"),
        pytest.param(CALLS, {"call_expression", "new_expression"}, id="one of several"),
        pytest.param({"any": [{"kind": "pair"}, {"regex": "x"}]}, None, id="or anything"),
        pytest.param({"pattern": "$A"}, None, id="any code"),
        pytest.param({"pattern": "function ("}, None, id="no code"),
        pytest.param({"not": {"kind": "pair"}}, None, id="not"),
        pytest.param(
            {"all": [CALLS, {"kind": "call_expression"}]}, {"call_expression"}, id="several"
        ),
    ],
)
def test_the_kinds_that_a_match_can_be_of(match: Mapping[str, Any], kinds: set[str] | None) -> None:
    assert screen(match).kinds == kinds


def test_a_pattern_is_read_in_its_language() -> None:
    assert screen({"pattern": "if $X is None: $$$B"}, "python").kinds == {"if_statement"}


@pytest.mark.parametrize(
    ("match", "words"),
    [
        pytest.param({"pattern": "new Timer($WHEN, $$$REST)"}, [{"new"}, {"Timer"}], id="all"),
        pytest.param(CALLS, [{"setTimeout", "Timer"}], id="one of several"),
        pytest.param({"any": [{"pattern": "f($A)"}, {"pattern": "call($A)"}]}, [], id="too short"),
        pytest.param({"kind": "pair", "has": {"pattern": "fetch($A)"}}, [{"fetch"}], id="inside"),
        pytest.param({"kind": "pair", "inside": {"pattern": "fetch($A)"}}, [], id="around"),
        pytest.param({"kind": "pair", "not": {"has": {"pattern": "fetch()"}}}, [], id="not"),
    ],
)
def test_the_words_that_a_match_has(match: Mapping[str, Any], words: list[set[str]]) -> None:
    assert list(screen(match).words) == words


def test_all_rules_but_a_few_are_screened_by_kinds() -> None:
    rules = [one for one in rules_for("java") if one.match]

    assert sum(screen_of(one, "java").kinds is None for one in rules) <= 2
    assert {"catch_clause", "method_invocation"} <= kinds_screened("java")


@pytest.mark.parametrize(
    ("lines", "searches"),
    [
        pytest.param([1], 0, id="without its words"),
        pytest.param([2], 1, id="without its kinds"),
        pytest.param([3], 3, id="with both"),
    ],
)
def test_a_rule_is_only_searched_where_it_can_match(
    lines: list[int], searches: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    search = SyntaxTree._find_all

    def counted(tree: SyntaxTree, config: Any, parts: list[Any]) -> Any:
        asked.extend(config for _ in parts)
        return search(tree, config, parts)

    monkeypatch.setattr(SyntaxTree, "_find_all", counted)
    code = "import a from 'a';\n// setTimeout\nsetTimeout(a);\n"
    match = {"pattern": "setTimeout($X)", "regex": "a"}

    found = list(SyntaxTree(code, "javascript", lines).find(rule(match)))

    assert len(found) == (1 if searches == 3 else 0)
    assert len(asked) == searches


@pytest.mark.parametrize(
    ("match", "where", "passes"),
    [
        pytest.param({"regex": "key"}, {}, {"f(key, 1)"}, id="its text"),
        pytest.param({"all": [{"regex": "1"}, {"regex": "key"}]}, {}, {"f(key, 1)"}, id="all"),
        pytest.param(
            {"any": [{"regex": "x"}, {"regex": "key"}]}, {}, {"f(key, 1)"}, id="one of several"
        ),
        pytest.param(
            {"any": [{"regex": "x"}, {"kind": "pair"}]},
            {},
            {"f(key, 1)", "f(a, 2)"},
            id="or anything",
        ),
        pytest.param({}, {"A": {"regex": "^k"}}, {"f(key, 1)"}, id="a placeholder"),
        pytest.param({"not": {"regex": "key"}}, {}, {"f(key, 1)", "f(a, 2)"}, id="not"),
        pytest.param({"regex": r"\p{L}ey"}, {}, {"f(key, 1)", "f(a, 2)"}, id="unknown to Python"),
        pytest.param(
            {"any": [{"pattern": "$F($A, 1)", "regex": "x"}, {"pattern": "$F($B, $A)"}]},
            {"A": {"regex": "^k"}},
            {"f(key, 1)", "f(a, 2)"},
            id="bound by another alternative",
        ),
    ],
)
def test_the_nodes_that_can_be_a_match(
    match: Mapping[str, Any], where: Mapping[str, Any], passes: set[str]
) -> None:
    rule_ = replace(rule({"pattern": "$F($A, $B)", **match}), where=where)
    tree = SyntaxTree("f(key, 1)\nf(a, 2)\n", "javascript")
    found = screen_of(rule_, "javascript")
    nodes = tree.nodes_that_matter({"pattern": "$F($A, $B)"})

    assert {node.text() for node in nodes if found.lets_node_pass(node)} == passes
