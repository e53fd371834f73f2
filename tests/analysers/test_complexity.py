import pytest

from tests.analysers.changes import diff_body
from xreview.analysers.complexity import Growth, growths, total_paths
from xreview.analysers.syntax import SyntaxTree


def function(branches: int, name: str = "f") -> str:
    rows = "".join(f"    if a == {number}:\n        g({number})\n" for number in range(branches))
    return f"def {name}(a):\n{rows}    return a\n"


def grown(new: str, old: str = "", language: str = "python") -> list[Growth]:
    body = diff_body(old, new)
    rows, before = new.split("\n"), set(old.split("\n"))
    touched = frozenset(at for at, row in enumerate(rows, 1) if row not in before)
    return list(growths(SyntaxTree(new, language), body, touched))


@pytest.mark.parametrize(
    ("before", "after", "is_reported"),
    [(15, 20, True), (24, 29, True), (18, 22, False), (10, 19, False), (59, 70, False)],
)
def test_a_function_is_reported_for_a_growth_of_five_and_a_fifth(
    before: int, after: int, *, is_reported: bool
) -> None:
    found = grown(function(after), function(before))

    assert [(one.before, one.after) for one in found] == [(before + 1, after + 1)] * is_reported


def test_a_new_function_may_have_twenty_five_paths() -> None:
    assert grown(function(24)) == []
    assert grown(function(25)) == [Growth("`f`", 1, 52, None, 26)]


def test_a_renamed_function_is_not_new() -> None:
    assert grown(function(30, "better"), function(30, "worse")) == []
    assert grown(function(30, "better"), function(1, "worse")) != []


def test_a_part_of_a_function_that_was_there_is_not_new() -> None:
    rest = function(5, "whole")

    assert grown(rest + function(28, "part"), function(32, "whole")) == []
    assert grown(rest + function(34, "part"), function(32, "whole")) != []


def test_a_function_that_the_change_does_not_touch_is_not_reported() -> None:
    assert grown(function(30) + "\nx = 1\n", function(30)) == []


def count(language: str, code: str) -> int:
    """The paths of the function around 25 conditions and this code."""
    heads = {"python": "if a == {}: b()\n "}
    filler = "".join(heads.get(language, "if (a == {}) {{ b(); }}\n").format(n) for n in range(25))
    (found,) = grown(code.replace("...", filler), "", language)
    return found.after - 26


@pytest.mark.parametrize(
    ("language", "code", "paths"),
    [
        ("python", "def f():\n ...\n match a:\n  case 1: b()\n  case 2: c()\n", 1),
        ("python", "def f():\n ...\n return [a for a in b if a and c or d]\n", 4),
        ("python", "def f():\n ...\n def g():\n  if a: b()\n", 0),
        ("javascript", "function f() { ... switch (a) { case 1: case 2: case 3: } }", 1),
        ("javascript", "function f() { ... a?.b; a ?? b; a && b ? c : d }", 3),
        ("typescript", "function f() { ... g(() => { if (a) {} }) }", 0),
        ("java", "class A { void f() { ... switch (a) { case 1: b(); break; default: } } }", 1),
        ("rust", "fn f() { ... a?; match b { 1 => c, 2 if d => e, _ => g } }", 1),
        ("rust", "fn f<T>(t: T) where T: U { ... a.map(|b| if b { 1 } else { 2 }); }", 1),
        ("c", "void f() { ... switch (a) { case 1: case 2: break; } if (a || b) {} }", 3),
        ("cpp", "void A::f() { ... for (auto a : b) {} try {} catch (...) {} }", 2),
    ],
)
def test_what_counts(language: str, code: str, paths: int) -> None:
    code = code.replace("catch (...)", "catch (int a)")

    assert count(language, code) == paths


def test_what_counts_in_go_and_ruby() -> None:
    go = "if a { b() }\n" * 25
    ruby = "b if a\n" * 25

    (in_go,) = grown(
        f"package p\nfunc f() {{\n{go}switch a {{\ncase 1:\ncase 2:\n}}\n}}\n", "", "go"
    )
    (in_ruby,) = grown(f"def f\n{ruby}case a\nwhen 1 then b\nwhen 2 then c\nend\nend\n", "", "ruby")

    assert (in_go.after, in_ruby.after) == (27, 27)


def test_a_condition_of_the_preprocessor_is_no_path() -> None:
    condition = " || ".join(f"defined(A{number})" for number in range(40))
    code = f"int f(int a) {{\n#if {condition}\n  a += 1;\n#endif\n  return a;\n}}\n"

    assert list(growths(SyntaxTree(code, "c"), b"", frozenset(range(1, 7)))) == []


@pytest.mark.parametrize(
    ("language", "code", "paths"),
    [
        ("python", "", 0),
        ("python", "x = 1 if y else 2\n", 0),
        ("python", "def f():\n if a: b()\n\ndef g():\n def h(): ...\n", 4),
        ("tsx", "const f = (a) => a && <b/>", 2),
        ("bash", "f() { if true; then :; fi; }", None),
    ],
)
def test_the_paths_of_all_functions(language: str, code: str, paths: int | None) -> None:
    assert total_paths(code, language) == paths
