import pytest

from xreview.analysers.naming import full_name, name_in_words
from xreview.analysers.syntax import SyntaxTree


@pytest.mark.parametrize(
    ("language", "code", "kind", "words"),
    [
        ("javascript", "const a = () => 1", "arrow_function", "`a`"),
        ("javascript", "a.b = function () {}", "function_expression", "`a.b`"),
        ("javascript", "x = { a: () => 1 }", "arrow_function", "`a`"),
        ("javascript", "class A { b = () => 1 }", "arrow_function", "`b`"),
        ("javascript", "app.get('/', async () => {})", "arrow_function",
         "The function passed to `app.get`"),
        ("javascript", "new Promise(() => {})", "arrow_function",
         "The function passed to `Promise`"),
        ("javascript", "function a() { return () => 1 }", "arrow_function", "A function in `a`"),
        ("javascript", "(function () {})()", "function_expression", "An unnamed function"),
        ("go", "package p\nfunc f() { go func() {}() }", "func_literal", "A function in `f`"),
        ("go", "package p\nfunc f() { a := func() {} }", "func_literal", "`a`"),
        ("java", "class A { void f() { a.forEach(b -> {}); } }", "lambda_expression",
         "The function passed to `forEach`"),
        ("rust", "impl A { fn b() {} }", "function_item", "`b`"),
        ("ruby", "def self.a; b; end", "singleton_method", "`a`"),
        ("c", "static char **a(void) {}", "function_definition", "`a`"),
        ("cpp", "int A::b(int c) {}", "function_definition", "`A::b`"),
        ("cpp", "struct A { bool operator==(A b) {} };", "function_definition", "`operator==`"),
    ],
)  # fmt: skip
def test_a_function_in_words(language: str, code: str, kind: str, words: str) -> None:
    (node,) = SyntaxTree(code, language).nodes({"kind": kind})

    assert name_in_words(node) == words


def test_functions_with_one_name_are_told_apart_by_what_is_around() -> None:
    code = "class A { b() { c(() => {}) } }\nclass D { b() { c(() => {}) } }"
    tree = SyntaxTree(code, "javascript")

    methods = [full_name(node) for node in tree.nodes({"kind": "method_definition"})]
    passed = [full_name(node) for node in tree.nodes({"kind": "arrow_function"})]

    assert methods == ["`b`/A", "`b`/D"]
    assert len(set(passed)) == 2


def test_a_long_name_is_cut() -> None:
    (node,) = SyntaxTree(f"{'a' * 100}(() => 1)", "javascript").nodes({"kind": "arrow_function"})

    assert name_in_words(node) == f"The function passed to `{'a' * 60}…`"
