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
    package = __name__.rpartition(".")[0]
    modules = iter_modules(import_module(package).__path__)
    found = (
        getattr(import_module(f"{package}.{module.name}"), "FORMAT", None) for module in modules
    )
    return {one.name: one for one in found if one is not None}


def export_format(name: str) -> ExportFormat:
    """The format of this name. Raises UsageError."""
    try:
        return export_formats()[name]
    except KeyError:
        raise UsageError(
            f"No export format {name!r}.", f"Choose one of: {', '.join(export_formats())}."
        ) from None
