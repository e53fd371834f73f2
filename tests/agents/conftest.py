"""Tests that run a real agent program take minutes, so they are part of `make endurance`."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents and "real" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.endurance)
