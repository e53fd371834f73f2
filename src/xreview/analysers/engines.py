"""The availability and versions of the analysers' engines."""

from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from xreview import __version__
from xreview.analysers.rules import Engine
from xreview.analysers.tools.installed import LINTERS, Linter
from xreview.domain.record import dataclass

_PACKAGES = {
    Engine.RUFF: ("ruff", "ruff"),
    Engine.AST_GREP: ("ast-grep-py", "ast_grep_py"),
}


@dataclass(frozen=True, slots=True)
class EngineState:
    """The version of an engine, or why it is missing and what to do.

    Without an optional engine, only the files that it reads are skipped.
    """

    name: str
    version: str = ""
    why_missing: str = ""
    advice: str = ""
    is_optional: bool = False

    @property
    def is_available(self) -> bool:
        """Whether the engine can be used."""
        return not self.why_missing


def examine() -> tuple[EngineState, ...]:
    """The state of every engine, without importing or running any."""
    return (
        *(_examine(engine) for engine in _PACKAGES),
        *map(_examine_linter, LINTERS.values()),
        EngineState(Engine.XREVIEW, __version__),
    )


def versions() -> dict[str, str]:
    """The versions of the available engines, by name."""
    return {state.name: state.version for state in examine() if state.is_available}


def _examine(engine: Engine) -> EngineState:
    package, module = _PACKAGES[engine]
    advice = f"Reinstall this program with its dependencies, which include {package}."
    try:
        found = version(package)
    except PackageNotFoundError:
        return EngineState(engine, why_missing=f"{package} is not installed", advice=advice)
    if find_spec(module) is None:
        why = f"{package} {found} is installed without its module {module}"
        return EngineState(engine, why_missing=why, advice=advice)
    if engine is Engine.RUFF and (why := _why_no_binary()):
        return EngineState(engine, why_missing=why, advice=advice)
    return EngineState(engine, found)


def _examine_linter(linter: Linter) -> EngineState:
    if (program := linter.program) is not None:
        return EngineState(linter.engine, program.version, is_optional=True)
    why = f"{linter.package} is not installed"
    return EngineState(linter.engine, why_missing=why, advice=linter.advice, is_optional=True)


def _why_no_binary() -> str:
    from xreview.analysers.ruff import RuffError, binary

    try:
        path = Path(binary())
    except RuffError as error:
        return str(error)
    return "" if path.is_file() else f"ruff's program is not at {path}"
