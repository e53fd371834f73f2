"""What a change does to tests, and what is a test by its name only."""

import pytest

from tests.review.stakes.test_change import diff
from xreview.domain.stakes.stakes import TestEdit
from xreview.review.stakes.change import change_stakes
from xreview.review.stakes.weakened import used_test_files

GATEWAY = "def charge(amount):\n    return amount\n"


def test_a_test_that_only_tests_is_one() -> None:
    files = [diff("app/pay.py", "import os\n"), diff("tests/test_pay.py", "def test_a(): ...\n")]

    assert used_test_files(files) == frozenset()
    assert change_stakes(files).parts[1].tests is TestEdit.ADDED


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("app/test_gateway.py", "from app.test_gateway import charge\n"),
        ("app/gateway.test.ts", "import { charge } from './gateway.test'\n"),
        ("src/GatewayTest.java", "    new GatewayTest().charge();\n"),
    ],
)
def test_what_the_changed_program_names_is_no_test(path: str, line: str) -> None:
    files = [diff("app/main.txt", line), diff(path, GATEWAY)]

    assert used_test_files(files) == {path}
    assert change_stakes(files).parts[1].tests is TestEdit.NO_TEST


def test_nor_is_what_such_a_file_names() -> None:
    files = [
        diff("app/test_b.py", GATEWAY),
        diff("app/test_ab.py", "import test_b\n"),
        diff("app/main.py", "import test_ab\n"),
    ]

    assert used_test_files(files) == {"app/test_b.py", "app/test_ab.py"}


def test_in_a_huge_change_no_name_is_believed() -> None:
    files = [diff("app/main.py", "x = 1\n" * 20_001), diff("test_a.py", GATEWAY)]

    assert used_test_files(files) == {"test_a.py"}
