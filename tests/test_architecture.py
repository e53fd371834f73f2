"""What an import may pull in, each in a fresh interpreter (the layers are import-linter's)."""

import subprocess
import sys

import pytest

PROGRAM = """
import sys
before = set(sys.modules)
from importlib import import_module
from pkgutil import walk_packages
package = import_module(sys.argv[1])
for module in walk_packages(package.__path__, package.__name__ + "."):
    import_module(module.name)
print(*{name.partition(".")[0] for name in set(sys.modules) - before}, sep="\\n")
"""


def pulled_in(package: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, package], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


@pytest.mark.parametrize("package", ["domain", "disagreement", "review", "cli"])
def test_nothing_below_the_app_pulls_in_textual(package):
    assert pulled_in(f"xreview.{package}").isdisjoint({"textual", "rich"})


@pytest.mark.parametrize("package", ["domain", "disagreement", "journal", "export"])
def test_the_lower_floors_need_the_standard_library_only(package):
    assert pulled_in(f"xreview.{package}") - {"xreview"} <= sys.stdlib_module_names


HEAVY = (
    "httpx", "kingfisher_sdk", "detect_secrets", "keyring", "git", "sqlite3",
    "xreview.review.panel", "xreview.review.preview", "xreview.review.session",
    "xreview.reviewers.agents.model",
)  # fmt: skip


@pytest.mark.parametrize("first", ["xreview.tui.launch", "xreview.tui.app", "xreview.cli.app"])
def test_the_first_frame_does_without_what_is_heavy(first):
    program = f"import {first}, sys; print(*sys.modules, sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = done.stdout.split()
    assert first in loaded
    assert set(loaded).isdisjoint(HEAVY)


def test_the_check_can_fail():
    assert "iniconfig" in pulled_in("iniconfig")
