"""Which files are tests, by their paths."""

import re
from functools import lru_cache

_TESTS = re.compile(
    r"(^|/)(tests?|testsuite|__tests__|specs?|testing|fixtures?|__fixtures__|testdata|test[_-]data"
    r"|mocks?|__mocks__|e2e|examples?|benches|benchmarks?)/"
    r"|(^|/)(test_[^/]*|[^/]*_test|conftest)\.py$|_test\.go$|\.(test|spec|stories)\.\w+$"
    r"|(Test|Tests|IT|Spec)\.java$|_(spec|test)\.rb$|(^|/)tests?\.\w+$"
)


@lru_cache(1 << 12)  # joining asks for each finding, with each batch of reports
def is_test(path: str) -> bool:
    """Whether a path is a test, a fixture, an example or a benchmark."""
    return _TESTS.search(path) is not None
