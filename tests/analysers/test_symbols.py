"""Definitions and calls of functions, in each grammar, and whether they fit."""

import pytest

from xreview.analysers.signatures import altered
from xreview.analysers.symbols import symbols_in

CASES = {
    "python": ("def save(a): pass", "def save(a, b): pass", "save(1)"),
    "python method": (
        "class A:\n    def save(self, a): pass",
        "class A:\n    def save(self, a, b): pass",
        "x.save(1)",
    ),
    "python named": (
        "def save(a, *, old=1): pass",
        "def save(a, *, new=1): pass",
        "save(1, old=2)",
    ),
    "javascript": ("function save(a, b) {}", "function save(a) {}", "save(1, 2)"),
    "typescript": ("const save = (a: A) => 1", "const save = (a: A, b: B) => 1", "save(1)"),
    "tsx": ("class A { save(a: A) {} }", "class A { save(a: A, b: B) {} }", "x?.save(1)"),
    "go": ("package p\nfunc Save(a int) {}", "package p\nfunc Save(a, b int) {}", "p.Save(1)"),
    "java": ("class A { void save(A a) {} }", "class A { void save(A a, B b) {} }", "x.save(1);"),
    "rust": ("fn save(a: u8) {}", "fn save(a: u8, b: u8) {}", "m::save(1);"),
    "ruby": ("def save(a)\nend", "def save(a, b)\nend", "save 1"),
    "c": ("int save(int a) {}", "int save(int a, int b) {}", "save(1);"),
    "cpp": ("int A::save(int a, int b) {}", "int A::save(int a) {}", "x->save(1, 2);"),
}
INSIDE = {
    "go": "package p\nfunc use() {{ {} }}",
    "java": "class U {{ void use() {{ {} }} }}",
    "rust": "fn call() {{ {} }}",
    "c": "int use(void) {{ {} }}",
    "cpp": "int use() {{ {} }}",
}


@pytest.mark.parametrize("case", CASES)
def test_a_call_that_fitted_and_does_not_any_more_is_seen(case: str) -> None:
    language = case.split(" ", maxsplit=1)[0]
    before, after, text = CASES[case]
    (one,) = altered(
        symbols_in(before, language).signatures, symbols_in(after, language).signatures
    )
    (call,) = symbols_in(INSIDE.get(language, "{}").format(text), language, [one.before.name]).calls

    assert one.misfit(call).startswith("passes ")
    assert one.after is not None
    assert altered([one.before], [one.before]) == ()


def python(text: str, *names: str):
    return symbols_in(text, "python", names)


def change(before: str, after: str):
    return altered(python(before).signatures, python(after).signatures)


@pytest.mark.parametrize(
    ("after", "call", "why"),
    [
        ("def save(a, b, c): pass", "save(1, 2)", "passes 2 arguments, needs 3"),
        ("def save(a): pass", "save(1, 2)", "passes 2 arguments, takes 1"),
        ("def save(b, a): pass", "save(1, 2)", "its parameters are in another order"),
        ("def save(a, c): pass", "save(1, b=2)", "passes b, which it doesn't take"),
        ("def save(a, b, *, c): pass", "save(1, 2)", "doesn't pass c"),
        ("", "save(1, 2)", "it's gone"),
        ("def save(a, b, c=1): pass", "save(1, 2)", ""),
        ("def save(*all, **named): pass", "save(1, b=2)", ""),
        ("def save(b, a): pass", "save(a=1, b=2)", ""),
        ("def save(a): pass", "save(*both)", ""),
        ("def save(a, b, c): pass", "save(1, 2, 3)", ""),
        ("@wrapped\ndef save(a): pass", "save(1, 2)", ""),
    ],
)
def test_what_does_not_fit_is_said(after: str, call: str, why: str) -> None:
    (one,) = change("def save(a, b): pass", after)
    (seen,) = python(call, "save").calls

    assert one.misfit(seen) == why


def test_only_a_definition_that_can_be_told_apart_is_compared() -> None:
    twice = "if x:\n    def save(a): pass\nelse:\n    def save(a, b): pass\n"
    inner = "def outer():\n    def save(a): pass\n"

    assert change(twice, "def save(a, b, c): pass") == ()
    assert change(inner, "def outer(): pass") == ()
    assert change("@wrapped\ndef save(a): pass", "def save(a, b): pass") == ()


def test_comments_and_texts_are_no_calls() -> None:
    assert python('# save(1)\nx = "save(1)"\nsaved(1)\nsave\n', "save").calls == ()


def test_a_call_knows_its_receiver_and_lines() -> None:
    (call,) = python("self.store.save(\n    1,\n)\n", "save").calls

    assert (call.receiver, call.line, call.end_line) == ("self.store", 1, 3)


def test_a_keyword_of_ruby_is_needed_unless_it_has_a_value() -> None:
    (before,) = symbols_in("def save(a, b: 1)\nend", "ruby").signatures
    (after,) = symbols_in("def save(a, b:)\nend", "ruby").signatures
    (call,) = symbols_in("save 1", "ruby", ["save"]).calls

    assert before.misfit(call) == ""
    assert after.misfit(call) == "doesn't pass b"
