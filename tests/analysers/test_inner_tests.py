import pytest

from xreview.analysers.inner_tests import lines_of_tests


@pytest.mark.parametrize(
    ("language", "code", "inside"),
    [
        ("rust", "fn a() {\n}\n#[cfg(test)]\nmod tests {\n  fn b() {\n  }\n}\nfn c() {}", [4, 7]),
        ("rust", "mod tests;\nfn a() {}", []),
        ("rust", "  #[test]\n  fn a() {\n    b();\n  }\n  fn c() {}", [1, 4]),
        ("javascript", "a()\ndescribe('b', () => {\n  c()\n})\nd()", [2, 4]),
        ("tsx", "if (import.meta.vitest) {\n  a()\n}\nb()", [1, 3]),
        ("javascript", "test.a = 1\nb()", []),
        ("ruby", "RSpec.describe A do\n  b\nend\nc", [1, 3]),
        ("c", "#ifdef SOME_TEST\nint a;\n#endif\nint b;", [1, 3]),
        ("c", "#ifdef A_TEST\n#if B\n}\n#endif\nint a;\n#endif\nint b;", [1, 6]),
        ("cpp", "TEST_F(A, b)\n{\n  c();\n}\nint d;", [1, 4]),
        ("python", "class TestA:\n    def a(self):\n        b()\nc()", [1, 3]),
        ("go", "func TestA() {\n}", []),
    ],
)
def test_the_lines_of_tests(language: str, code: str, inside: list[int]) -> None:
    found = lines_of_tests(enumerate(code.split("\n"), 1), language)

    expected = set(range(inside[0], inside[1] + 1)) if inside else set[int]()
    assert found == expected


def test_a_hunk_in_a_test_module_is_known_by_its_heading() -> None:
    rows = [(10, "    b();"), (11, "}"), (12, "fn c() {}")]

    assert lines_of_tests(rows, "rust", "mod tests {") == {10, 11}
    assert lines_of_tests(rows, "rust", "fn a() {") == set()
