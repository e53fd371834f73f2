"""Reading what the repository's own linters enforce from their configuration.

Only plain TOML, INI and JSON at the top of the repository is read; nothing is executed or resolved.
Other configurations (in JavaScript, in YAML, extended ones) enforce nothing here. Formats:
docs.astral.sh/ruff/settings, flake8.pycqa.org (configuration), bandit.readthedocs.io
(configuration), eslint.org (configuration files).
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from xreview.domain.record import dataclass

_RUFF_DEFAULT = ("E4", "E7", "E9", "F")
_FLAKE8_DEFAULT = ("E", "F", "W", "C90")


@dataclass(frozen=True, slots=True)
class Enforced:
    """What linters already enforce: selectors like "ruff:S" or "eslint:no-eval", and exceptions.

    The longest selector that matches a code wins, as in ruff; for equal ones, the exception wins.
    """

    selected: tuple[str, ...] = ()
    excepted: tuple[str, ...] = ()

    def covers(self, codes: Iterable[str]) -> bool:
        """Whether one of these codes ("ruff:S608") is enforced."""
        return any(_longest(self.selected, code) > _longest(self.excepted, code) for code in codes)

    def __or__(self, other: "Enforced") -> "Enforced":
        return Enforced(self.selected + other.selected, self.excepted + other.excepted)


def _longest(selectors: Iterable[str], code: str) -> int:
    return max((len(each) for each in selectors if _fits(each, code)), default=-1)


def _fits(selector: str, code: str) -> bool:
    if selector == "ruff:ALL":
        return code.startswith("ruff:")
    if not code.startswith(selector):
        return False
    # "B" selects B006 but not BLE001; eslint's names must match completely.
    rest = code[len(selector) :]
    return not rest or (selector.startswith("ruff:") and rest.isdigit())


def _texts(value: object) -> list[str]:
    if not isinstance(value, list):
        return []
    return [item for item in cast("list[object]", value) if isinstance(item, str)]


def _table(value: object, *keys: str) -> dict[str, Any] | None:
    for key in keys:
        value = cast("dict[str, Any]", value).get(key) if isinstance(value, dict) else None
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def _ruff(settings: Mapping[str, Any]) -> Enforced:
    lint = {**settings, **(_table(settings, "lint") or {})}
    selected = _texts(lint.get("select")) if "select" in lint else list(_RUFF_DEFAULT)
    selected += _texts(lint.get("extend-select"))
    excepted = _texts(lint.get("ignore")) + _texts(lint.get("extend-ignore"))
    return Enforced(
        tuple(f"ruff:{code}" for code in selected), tuple(f"ruff:{code}" for code in excepted)
    )


def _pyproject(text: str) -> Enforced:
    data = tomllib.loads(text)
    found = Enforced()
    if (ruff := _table(data, "tool", "ruff")) is not None:
        found |= _ruff(ruff)
    if (bandit := _table(data, "tool", "bandit")) is not None:
        # Bandit's B608 is ruff's S608.
        skips = [f"ruff:S{code[1:]}" for code in _texts(bandit.get("skips"))]
        found |= Enforced(("ruff:S",), tuple(skips))
    return found


def _ruff_file(text: str) -> Enforced:
    return _ruff(tomllib.loads(text))


def _flake8(text: str) -> Enforced:
    import configparser

    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except configparser.Error as error:
        raise ValueError(str(error)) from error
    if not parser.has_section("flake8"):
        return Enforced()

    def codes(*options: str) -> list[str]:
        words = " ".join(parser.get("flake8", option, fallback="") for option in options)
        return [f"ruff:{code}" for code in re.findall(r"[A-Z]+[0-9]*", words)]

    selected = codes("select") or [f"ruff:{code}" for code in _FLAKE8_DEFAULT]
    selected += codes("extend-select", "extend_select")
    return Enforced(tuple(selected), tuple(codes("ignore", "extend-ignore", "extend_ignore")))


def _eslint(settings: object) -> Enforced:
    rules = _table(settings, "rules") or {}
    on = [name for name, value in rules.items() if _is_on(value)]
    return Enforced(tuple(f"eslint:{name.removeprefix('@typescript-eslint/')}" for name in on))


def _is_on(value: object) -> bool:
    level = next(iter(cast("list[object]", value)), None) if isinstance(value, list) else value
    return level in (1, 2, "warn", "error")


def _eslint_file(text: str) -> Enforced:
    return _eslint(json.loads(text))


FILES: Mapping[str, Callable[[str], Enforced]] = {
    "pyproject.toml": _pyproject,
    "ruff.toml": _ruff_file,
    ".ruff.toml": _ruff_file,
    ".flake8": _flake8,
    "setup.cfg": _flake8,
    "tox.ini": _flake8,
    ".eslintrc.json": _eslint_file,
    ".eslintrc": _eslint_file,
    "package.json": lambda text: _eslint(_table(json.loads(text), "eslintConfig")),
}
"""The files that are read, at the top of the repository."""


def enforced_by(name: str, content: bytes) -> Enforced:
    """What one of `FILES` enforces; nothing if it is invalid."""
    try:
        return FILES[name](content.decode("utf-8"))
    except (ValueError, RecursionError):
        # The errors of tomllib and json are ValueErrors.
        return Enforced()
