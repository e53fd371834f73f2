"""No expression that is applied to a forge's text can take forever."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from types import ModuleType

import pytest

from xreview.analysers.backtracking import find_backtracking

ROOMS = ("domain.pull", "discussion", "imports", "review.pulls", "forge", "repo.pulls", "http")


def modules() -> Iterator[ModuleType]:
    for room in ROOMS:
        package = importlib.import_module(f"xreview.{room}")
        yield package
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield importlib.import_module(found.name)


EXPRESSIONS = {
    f"{module.__name__}.{name}": value
    for module in modules()
    for name, value in vars(module).items()
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str)
}


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_none_backtracks(name: str):
    assert find_backtracking(EXPRESSIONS[name].pattern, EXPRESSIONS[name].flags) is None


def test_they_are_found():
    assert "xreview.domain.pull.reply_stance._REBUTS" in EXPRESSIONS
    assert find_backtracking(r"(a|a)*b", 0) is not None
