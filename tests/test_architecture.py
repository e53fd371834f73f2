"""What an import may pull in, each in a fresh interpreter (the layers are import-linter's)."""

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import get_type_hints

import pytest

from xreview.ports.model import Model
from xreview.ports.request import ClearedRequest, ModelRequest
from xreview.review.asking.pace import PacedModel
from xreview.review.egress.gate import Gate

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
    "xreview.review.choosing.panel", "xreview.review.assembly.preview",
    "xreview.review.session.session", "xreview.agents.running.model",
)  # fmt: skip


@pytest.mark.parametrize("first", ["xreview.tui.launch", "xreview.tui.app", "xreview.cli.tree"])
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


SOURCE = Path(__file__).parent.parent / "src" / "xreview"
GATE = "review/egress/gate.py"


def calls_in(source: str) -> set[str]:
    """The names of all that a module calls, as `name` or `.attribute`."""
    return {
        node.func.id if isinstance(node.func, ast.Name) else f".{node.func.attr}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute))
    }


def modules_that(call: str) -> set[str]:
    return {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if call in calls_in(path.read_text("utf-8"))
    }


def test_the_gate_alone_lets_a_request_out():
    # `review.asking.asked` is the one place from which models are asked; its type says that
    # it takes cleared requests only, and pyright that it is given no other.
    assert modules_that("cleared") == {GATE}
    assert modules_that("ClearedRequest") == {"ports/request.py"}
    asking = {one for one in modules_that(".ask") if one.startswith(("review/", "cli/"))}
    assert asking == {
        "review/asking/asked.py",
        "review/asking/pace.py",  # hands on what was cleared
        "review/prompt/blocks.py",  # asks a parser
        "review/writing/syntax.py",  # asks a parser
    }, "who else asks a model goes round the gate"
    assert get_type_hints(PacedModel.ask)["request"] is ClearedRequest
    assert get_type_hints(Model.ask)["request"] is ClearedRequest


def test_a_request_can_be_neither_made_nor_altered_without_the_gate():
    with pytest.raises(TypeError, match="through the gate only"):
        ClearedRequest(instructions="", question="code")
    request, _ = Gate().request(ModelRequest(instructions="Be brief.", question="code"))
    with pytest.raises(TypeError, match="through the gate only"):
        replace(request, question="other code")
    assert replace(request, max_output_tokens=1).question == "code"


def test_the_check_of_calls_can_fail():
    assert calls_in("cleared(request); model.ask(1)") == {"cleared", ".ask"}


# Each command's module has these; the parser calls them by name.
BY_PROTOCOL = {"run", "add_arguments", "main"}


def names_defined_twice(sources: Iterable[str]) -> set[str]:
    """The public classes and functions that more than one of these modules defines."""
    counts = Counter(
        node.name
        for source in sources
        for node in ast.parse(source).body
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        and not node.name.startswith("_")
    )
    return {name for name, count in counts.items() if count > 1} - BY_PROTOCOL


def test_every_public_name_exists_once():
    assert not names_defined_twice(path.read_text("utf-8") for path in SOURCE.rglob("*.py"))


def test_the_check_of_names_can_fail():
    assert names_defined_twice(["class A: ...\ndef run(): ...", "def A(): ...", "def run(): ..."])


def test_each_use_case_has_a_room():
    assert [path.name for path in (SOURCE / "review").glob("*.py")] == ["__init__.py"]
