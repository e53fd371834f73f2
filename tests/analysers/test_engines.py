import importlib.metadata

import pytest

from xreview.analysers import engines, ruff
from xreview.analysers.rules import Engine
from xreview.analysers.tools import installed


def test_all_engines_are_there_with_their_versions() -> None:
    states = engines.examine()

    assert {state.name for state in states} == set(Engine)
    assert all(state.is_available and state.version for state in states)
    assert engines.versions()["ruff"] == importlib.metadata.version("ruff")


def test_a_missing_package_says_so_and_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(engines, "version", missing)

    state = engines.examine()[0]

    assert not state.is_available
    assert state.why_missing == "ruff is not installed"
    assert state.advice
    assert "ruff" not in engines.versions()


def test_a_ruff_without_its_program_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruff, "binary", lambda: "/nonexistent/ruff")

    (state,) = (state for state in engines.examine() if state.name == "ruff")

    assert "/nonexistent/ruff" in state.why_missing


def test_a_missing_linter_is_optional_and_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(installed, "_installed", lambda *_: None)

    state = next(state for state in engines.examine() if state.name == "zizmor")

    assert state.is_optional
    assert state.why_missing == "zizmor is not installed"
    assert state.advice == 'To read GitHub workflows, run: pip install "xreview-tui[linters]"'
    assert "zizmor" not in engines.versions()
