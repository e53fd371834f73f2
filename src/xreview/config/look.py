"""What is needed of the settings before the first frame, and to start git safely.

Whatever can't be used here is told by `config.load`, which reads the same places later.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeGuard, cast

from xreview.domain.errors import ConfigError
from xreview.domain.record import dataclass

_WIDEST_TAB = 16


@dataclass(frozen=True)
class Look:
    """The settings that the first frame shows, under their names in `Settings`.

    `private` are the variables with a reviewer's key, which git doesn't get.
    """

    theme: str = "dark"
    tab_size: int = 4
    private: tuple[str, ...] = ()


def look_of(config_file: Path, environ: Mapping[str, str], theme: str | None = None) -> Look:
    """Return what the user's file, the environment and `--theme` ask for."""
    values = _values(config_file)
    size = environ.get("XREVIEW_TAB_SIZE", "").strip()
    number = int(size) if size.isascii() and size.isdigit() and len(size) < 10 else None
    themes = (theme, environ.get("XREVIEW_THEME") or None, values.get("theme"))
    sizes = (number, values.get("tab_size"))
    return Look(
        next((one for one in themes if _is_line(one)), Look.theme),
        next((one for one in sizes if _is_size(one)), Look.tab_size),
        tuple(_key_variables(values.get("reviewers"))),
    )


def _values(path: Path) -> Mapping[str, Any]:
    from xreview.config.document import parse_toml, read_config_file

    try:
        content = read_config_file(path, is_own=True)
        return {} if content is None else parse_toml(content, str(path)).values
    except ConfigError:
        return {}


def _is_line(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and "\n" not in value and "\0" not in value


def _is_size(value: object) -> TypeGuard[int]:
    return type(value) is int and 1 <= value <= _WIDEST_TAB


def _key_variables(reviewers: object) -> Iterator[str]:
    tables = cast("dict[str, object]", reviewers).values() if isinstance(reviewers, dict) else ()
    for table in tables:
        if isinstance(table, dict):
            variable = cast("dict[str, object]", table).get("key_variable")
            if isinstance(variable, str):
                yield variable
