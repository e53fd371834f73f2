import pytest

from tests.analysers.changes import source
from xreview.analysers import analysis, ruff
from xreview.analysers.analysis import analyse
from xreview.analysers.linters import Enforced
from xreview.analysers.match import RuleMatch
from xreview.analysers.rules import Engine
from xreview.domain.report import Lens, Severity

SWALLOWED = "try:\n    save(order)\nexcept Exception:\n    pass\n"
IMPORT = "import requests\n"


def found(
    new: str,
    old: str = "",
    *,
    language: str = "python",
    is_test: bool = False,
    is_aside: bool = False,
) -> list[RuleMatch]:
    given = source(language, new, old, is_test=is_test, is_aside=is_aside)
    problems = analyse(given, Enforced()).problems
    return [problem for problem in problems if problem.rule.id != "python/undefined-name"]


def ids(problems: list[RuleMatch]) -> list[str]:
    return [problem.rule.id for problem in problems]


def test_what_was_there_before_is_not_reported() -> None:
    assert found(SWALLOWED + "total = 1\n", SWALLOWED) == []
    assert ids(found("total = 1\n" + SWALLOWED, "total = 1\n")) == ["python/swallowed-error"]


def test_a_rule_of_ast_grep_too_sees_only_what_was_added() -> None:
    old = "async function f() {\n  items.forEach(async (item) => save(item));\n}\n"

    assert found(old + "g();\n", old, language="javascript") == []
    assert ids(found(old, "", language="javascript")) == ["javascript/async-for-each"]


def test_the_quote_is_verbatim_and_short() -> None:
    lines = [f"    step_{number}()" for number in range(20)]
    code = "if False:\n" + "\n".join(lines) + "\n"

    (problem,) = found(code)

    assert problem.rule.id == "python/dead-branch"
    assert (problem.start_line, problem.end_line) == (1, 6)
    assert problem.quote == "\n".join(code.split("\n")[:6])


def test_a_change_below_the_quoted_lines_is_not_blamed() -> None:
    head = "if False:\n" + "".join(f"    step_{number}()\n" for number in range(20))

    assert found(head + "    last()\n", head) == []


def test_carriage_returns_stay_in_the_quote_and_do_not_move_the_lines() -> None:
    (problem,) = found("total = 1\r\n" + SWALLOWED.replace("\n", "\r\n"))

    assert (problem.start_line, problem.end_line) == (4, 5)
    assert problem.quote == "except Exception:\r\n    pass\r"


def test_a_carriage_return_inside_a_line_is_no_line_end() -> None:
    (problem,) = found("text = 'a\rb'\n" + SWALLOWED)

    assert problem.start_line == 4


def test_bytes_that_are_no_utf_8_do_not_stop_the_analysis() -> None:
    (problem,) = found("# \udce9t\udce9\n" + SWALLOWED.replace("order", "'\udcff'"))

    assert problem.start_line == 4


@pytest.mark.parametrize(
    ("comment", "reported"),
    [("# noqa: S113", False), ("# noqa", False), ("# noqa: S105", True), ("# requests", True)],
)
def test_a_comment_that_silences_a_rule_is_honoured_and_counted(
    comment: str, *, reported: bool
) -> None:
    code = f"{IMPORT}requests.get(url)  {comment}\n"
    silenced = analyse(source("python", code), Enforced()).silenced

    assert ("python/request-without-timeout" in ids(found(code))) is reported
    assert (silenced.get(Lens.RISK, {}).get("noqa", 0) > 0) is not reported


def test_one_word_for_the_whole_file_is_not_followed() -> None:
    code = f"# ruff: noqa\n{IMPORT}requests.get(url)\n"

    assert ids(found(code)) == ["python/request-without-timeout"]
    assert found(code.replace("noqa", "noqa: S113")) == []


def test_a_comment_silences_all_that_says_the_same_and_counts_once() -> None:
    code = "def f():\n    try:\n        g()\n    except Exception:{}\n        return None\n"
    given = source("python", code.format("  # noqa: BLE001"))

    analysed = analyse(given, Enforced())

    assert found(code.format("")) != []
    assert "python/error-becomes-default" not in ids(list(analysed.problems))
    assert analysed.silenced == {Lens.RISK: {"noqa": 1}}


def test_what_is_critical_can_only_be_lowered_by_a_comment() -> None:
    code = "def f(:  # noqa\n    pass\n"

    (problem,) = found(code)

    assert problem.rule.id == "python/syntax-error"
    assert problem.rule.severity is Severity.LOW
    assert found(code.replace("  # noqa", ""))[0].rule.severity is Severity.CRITICAL
    assert analyse(source("python", code), Enforced()).silenced == {}


def test_what_is_not_part_of_the_product_has_the_lowest_severity() -> None:
    in_a_test = "class TestSave:\n    def test(self):\n" + "".join(
        f"        {row}\n" for row in SWALLOWED.splitlines()
    )

    (plain,) = found(SWALLOWED)
    (aside,) = found(SWALLOWED, is_aside=True)
    (inside,) = found(in_a_test)

    assert plain.rule.severity > Severity.LOW
    assert aside.rule.severity is inside.rule.severity is Severity.LOW


def test_what_is_normal_in_tests_is_not_reported_there() -> None:
    code = "fn f() { let text = fs::read(path).unwrap(); }\n"

    assert ids(found(code, language="rust")) == ["rust/panic-on-error"]
    assert found(code, language="rust", is_test=True) == []


def test_one_meaning_is_reported_once_for_a_line() -> None:
    code = "def f():\n    try:\n        g()\n    except Exception:\n        return None\n"

    assert ids(found(code)) == ["python/error-becomes-default"]


def test_what_a_linter_of_the_repository_enforces_is_not_repeated() -> None:
    by_ruff = source("python", SWALLOWED.replace("order", "1").replace("save", "print"))
    by_us = source("javascript", "eval(text);\n")

    assert ids(list(analyse(by_ruff, Enforced()).problems)) == ["python/swallowed-error"]
    assert analyse(by_ruff, Enforced(("ruff:S1",))).problems == ()
    assert ids(list(analyse(by_us, Enforced()).problems)) == ["javascript/code-from-text"]
    assert analyse(by_us, Enforced(("eslint:no-eval",))).problems == ()


def test_a_file_that_does_not_parse_is_said_once_and_is_not_read_whole() -> None:
    analysed = analyse(source("python", "def f(:\n  )\nclass class\n"), Enforced())

    assert ids(list(analysed.problems)).count("python/syntax-error") == 1
    assert "doesn't parse" in analysed.gap


def test_without_ruff_the_rest_is_still_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> str:
        raise ruff.RuffError("no such file")

    monkeypatch.setattr(ruff, "binary", missing)

    analysed = analyse(source("python", "if False:\n    old()\n"), Enforced())

    assert ids(list(analysed.problems)) == ["python/dead-branch"]
    assert analysed.gap == "read without ruff: no such file"


def test_more_problems_than_anyone_reads_are_cut_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis, "MOST_PROBLEMS", 3)

    analysed = analyse(source("javascript", "eval(a);\n" * 5), Enforced())

    assert len(analysed.problems) == 3
    assert "first 3 of 5" in analysed.gap


def test_a_suggestion_has_the_whole_lines_when_it_is_mechanical() -> None:
    code = "fn f(a: u8) -> bool {\n    let é = if a > 1 { true } else { false };\n    é\n}\n"

    (problem,) = found(code, language="rust")

    assert problem.quote == "    let é = if a > 1 { true } else { false };"
    assert problem.replacement == "    let é = a > 1;"


def test_a_fix_of_ruff_becomes_whole_lines_too() -> None:
    code = "def f(table):\n    return any([row for row in table])\n"

    (problem,) = found(code)

    assert problem.replacement == "    return any(row for row in table)"


def conditions(count: int) -> str:
    rows = "".join(f"    if a == {number}:\n        g({number})\n" for number in range(count))
    return f"def f(a):\n{rows}    return a\n"


def test_a_function_that_grew_past_the_bound_is_shown_where_it_grew() -> None:
    (grown,) = found(conditions(25), conditions(15))
    (new,) = found(conditions(25))

    assert (grown.rule.engine, grown.rule.lens) == (Engine.XREVIEW, Lens.ECONOMY)
    assert (grown.start_line, grown.head) == (32, 1)
    assert grown.quote.startswith("    if a == 15:")
    assert grown.text(grown.rule.title) == "`f` now has 26 paths"
    assert "had 16 before" in grown.text(grown.rule.claim)
    assert new.quote == "def f(a):"
    assert "is new" in new.text(new.rule.claim)


def test_a_blank_line_is_not_where_a_function_grew() -> None:
    old, new = conditions(15), conditions(25).replace("    if a == 15:", "\n    if a == 15:")

    (grown,) = found(new, old)

    assert grown.quote.startswith("    if a == 15:")


def test_a_comment_on_the_first_line_of_a_function_silences_its_complexity() -> None:
    old, new = conditions(15), conditions(25)

    assert found(new.replace("(a):", "(a):  # noqa: C901"), old) == []


def test_tests_and_other_code_aside_can_be_complex() -> None:
    assert found(conditions(25), is_aside=True) == []
    assert found(conditions(25).replace("def f", "def test_f")) == []


def test_braces_in_a_function_name_do_not_break_the_text() -> None:
    rule = analysis.computed_rule("any/complexity-raised")
    problem = RuleMatch(rule, 1, 1, "", words={"function": "{after}{x}", "after": "30"})

    assert problem.text(rule.title) == "{after}{x} now has 30 paths"


def test_of_a_file_that_does_not_parse_only_the_first_error_is_reported() -> None:
    code = "def f(:\n    pass\n\n\ndef g(x):\n    return y\n"

    analysed = analyse(source("python", code), Enforced())

    assert ids(list(analysed.problems)) == ["python/syntax-error"]
    assert "doesn't parse as Python" in analysed.gap
