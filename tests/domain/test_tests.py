import pytest

from xreview.domain.tests import is_test


@pytest.mark.parametrize(
    "path",
    [
        *("tests/a.py", "test_a.py", "a/b_test.go", "web/a.spec.ts", "ATest.java"),
        *("spec/a_spec.rb", "flask/testsuite/regression.py"),
    ],
)
def test_tests_are_known_by_their_path(path: str) -> None:
    assert is_test(path)


@pytest.mark.parametrize("path", ["src/latest.py", "attestation.go", "contest/a.rb", "a/test.d"])
def test_other_paths_are_no_tests(path: str) -> None:
    assert is_test(path) is (path == "a/test.d")
