"""The formats, one module each: a module of this package with a `FORMAT` is one."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from xreview.domain.errors import UsageError
from xreview.domain.record import dataclass
from xreview.export.document import ExportDocument, Standing

EVERYTHING = frozenset(Standing)
ACCEPTED_ONLY = frozenset({Standing.ACCEPTED})

DEFAULT_FORMAT = "markdown"


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """One format: all that menus, options, and completion know of it.

    Args:
        name: the name of its module.
        key: a letter for menus that no other format has; j and k move there.
        render: the document as text that is safe to print to a terminal, with a line feed at its
            end.
        holds: the findings it can hold; it skips others.
    """

    name: str
    suffix: str
    media_type: str
    purpose: str
    key: str
    render: Callable[[ExportDocument], str]
    holds: frozenset[Standing] = EVERYTHING


@cache
def export_formats() -> dict[str, ExportFormat]:
    """All formats by name, in alphabetical order."""
    found = (_format_in(name) for name in _modules())
    return {one.name: one for one in found if one is not None}


def export_format(name: str) -> ExportFormat:
    """The format of this name. Raises UsageError."""
    if name in _modules() and (found := _format_in(name)) is not None:  # without the others
        return found
    raise UsageError(
        f"No export format {name!r}.", f"Choose one of: {', '.join(export_formats())}."
    )


def _modules() -> list[str]:
    package = import_module(__name__.rpartition(".")[0])
    return [module.name for module in iter_modules(package.__path__)]


def _format_in(module: str) -> ExportFormat | None:
    package = __name__.rpartition(".")[0]
    return getattr(import_module(f"{package}.{module}"), "FORMAT", None)
