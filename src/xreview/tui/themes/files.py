"""Reading and validating theme files, without Textual, for `doctor` and the configuration too.

A theme is one TOML file:

    name = "dark"          # lower-case letters, digits, and hyphens
    dark = true            # whether the background is dark
    ansi = false           # true: only the 16 terminal colours ("ansi_red", "ansi_default")

    [colors]               # Textual's theme colours
    [diff]                 # backgrounds and signs of the code pane
    [severity]             # critical, high, medium, low
    [disagreement]         # contested, trade-off, conflict, conceded, corroborated, lone
    [syntax]               # one per syntax group: "bold #ff7b72", "italic #8b949e", "#d7dde6"
    [interface]            # optional: Textual's variables, like "footer-key-foreground"

A colour is `#rrggbb` or `#rgb`, or in an `ansi` theme the name of a terminal colour. Missing values
come from the shipped theme of the same kind: `dark`, `light`, or `terminal`.
"""

import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from xreview.config import document
from xreview.domain.errors import ConfigError
from xreview.domain.record import dataclass

COLORS = (
    "primary", "secondary", "accent", "warning", "error", "success",
    "foreground", "background", "surface", "panel",
)  # fmt: skip
DIFF = (
    "context", "added", "added-sign", "added-word", "added-word-text",
    "removed", "removed-sign", "removed-word", "removed-word-text",
    "hunk", "hunk-text", "file", "file-text", "cursor", "quote", "quote-sign",
    "number", "note", "search", "search-text", "empty",
)  # fmt: skip
SEVERITY = ("critical", "high", "medium", "low")
DISAGREEMENT = ("contested", "trade-off", "conflict", "conceded", "corroborated", "lone")
SYNTAX = (
    "text", "keyword", "function", "class", "type", "builtin", "constant", "variable",
    "attribute", "tag", "decorator", "string", "escape", "number", "operator", "punctuation",
    "comment", "documentation", "heading",
)  # fmt: skip
INTERFACE = (
    "block-cursor-background", "block-cursor-foreground", "block-cursor-text-style",
    "block-cursor-blurred-background", "block-cursor-blurred-foreground",
    "block-cursor-blurred-text-style", "block-hover-background", "border", "border-blurred",
    "button-color-foreground", "button-foreground", "footer-background",
    "footer-description-background", "footer-description-foreground", "footer-foreground",
    "footer-item-background", "footer-key-background", "footer-key-foreground",
    "foreground-disabled", "foreground-muted", "input-cursor-background",
    "input-cursor-foreground", "input-cursor-text-style", "input-selection-background",
    "input-selection-foreground", "link-background", "link-background-hover", "link-color",
    "link-color-hover", "screen-selection-background", "screen-selection-foreground", "scrollbar",
    "scrollbar-active", "scrollbar-background", "scrollbar-background-active",
    "scrollbar-background-hover", "scrollbar-corner-color", "scrollbar-hover", "text",
    "text-accent", "text-disabled", "text-error", "text-muted", "text-primary", "text-secondary",
    "text-success", "text-warning",
)  # fmt: skip

_TABLES: dict[str, tuple[str, ...]] = {
    "colors": COLORS,
    "diff": DIFF,
    "severity": SEVERITY,
    "disagreement": DISAGREEMENT,
    "syntax": SYNTAX,
    "interface": INTERFACE,
}
_TOP = ("name", "dark", "ansi", *_TABLES)
_MANNERS = ("bold", "italic", "underline", "reverse", "dim", "none")
_OPTIONAL = ("added-word-text", "removed-word-text")
_ANSI = (
    "default", "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
    "bright_black", "bright_red", "bright_green", "bright_yellow", "bright_blue",
    "bright_magenta", "bright_cyan", "bright_white",
)  # fmt: skip
_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
DEFAULT_THEME = "dark"


@dataclass(frozen=True)
class ThemeFile:
    """A valid theme.

    Args:
        variables: everything but `colors` as style variables: `diff-added`, `severity-high`,
            `disagreement-lone`, `syntax-keyword` with `syntax-keyword-style`, and Textual's own.
    """

    name: str
    dark: bool
    ansi: bool
    path: Path
    shipped: bool
    colors: Mapping[str, str]
    variables: Mapping[str, str]


@dataclass(frozen=True)
class AvailableThemes:
    """The usable themes by name, and the errors of the other files."""

    themes: Mapping[str, ThemeFile]
    broken: tuple[ConfigError, ...]


def shipped_folder() -> Path:
    """Return the folder of the shipped themes, in the installed package or in a checkout."""
    package = Path(__file__).parents[2] / "themes"
    return package if package.is_dir() else Path(__file__).parents[4] / "themes"


def available_themes(user_folder: Path | None = None) -> AvailableThemes:
    """Return all themes; the user's override shipped ones of the same name."""
    themes: dict[str, ThemeFile] = {}
    broken: list[ConfigError] = []
    for folder in (shipped_folder(), user_folder):
        if folder is None or not folder.is_dir():
            continue
        for path in sorted(folder.glob("*.toml")):
            try:
                theme = read_theme(path)
            except ConfigError as error:
                broken.append(error)
            else:
                themes[theme.name] = theme
    return AvailableThemes(themes, tuple(broken))


def find_theme(name: str, user_folder: Path | None = None) -> ThemeFile:
    """Return a theme by name, trying the file of that name first. Raises ConfigError if missing."""
    for folder in (user_folder, shipped_folder()):
        path = folder / f"{name}.toml" if folder is not None and _NAME.fullmatch(name) else None
        if path is not None and os.path.isfile(path):  # noqa: PTH113 - pathlib's raises for a name that is too long
            theme = read_theme(path)
            if theme.name == name:
                return theme
    shelf = available_themes(user_folder)
    if name in shelf.themes:
        return shelf.themes[name]
    raise ConfigError(
        f"Theme {name!r} not found.", _nearest(name, tuple(shelf.themes), "Themes are")
    )


def read_theme(path: Path) -> ThemeFile:
    """Return the theme in a file. Raises ConfigError with the file, line, and problem."""
    content = document.read_config_file(path, is_own=True)
    if content is None:
        raise ConfigError("This theme doesn't exist.", "Choose another theme.", path=str(path))
    table = document.parse_toml(content, str(path)).values
    text = content.decode("utf-8-sig")
    return _Reader(path, text, table).theme()


@cache
def variable_defaults() -> Mapping[str, str]:
    """Return the variables of the default theme, the fallback for Textual's own themes."""
    return read_theme(shipped_folder() / f"{DEFAULT_THEME}.toml").variables


class _Reader:
    """Validates a parsed file and makes a theme of it."""

    def __init__(self, path: Path, text: str, table: Mapping[str, object]) -> None:
        self._path, self._text, self._table = path, text, table
        self._ansi = False

    def theme(self) -> ThemeFile:
        self._check_keys("", self._table, _TOP)
        name = self._table.get("name")
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise self._error(
                "name", "", "A theme needs a name.",
                "Use lower-case letters, digits, and hyphens, like name = \"night-shift\".",
            )  # fmt: skip
        dark, self._ansi = self._flag("dark", True), self._flag("ansi", False)
        tables = {table: self._values(table, keys) for table, keys in _TABLES.items()}
        shipped = self._path.parent == shipped_folder()
        base = self._base(name, dark)
        colors = {**(base.colors if base else {}), **tables.pop("colors")}
        variables = dict(base.variables) if base else {}
        variables |= tables.pop("interface")
        for table, values in tables.items():
            for key, value in values.items():
                variables |= _variables(table, key, value)
        if base is None:
            self._check_complete(colors, variables)
        return ThemeFile(name, dark, self._ansi, self._path, shipped, colors, variables)

    def _base(self, name: str, dark: bool) -> ThemeFile | None:
        base = "terminal" if self._ansi else "dark" if dark else "light"
        path = shipped_folder() / f"{base}.toml"
        return None if path == self._path else read_theme(path)

    def _check_complete(self, colors: Mapping[str, str], variables: Mapping[str, str]) -> None:
        for table, keys in _TABLES.items():
            if table == "interface":
                continue
            for key in keys:
                known = colors if table == "colors" else variables
                if (key if table == "colors" else f"{table}-{key}") not in known:
                    raise self._error(key, table, f"[{table}] {key} is missing.", "Add it.")

    def _flag(self, key: str, default: bool) -> bool:
        value = self._table.get(key, default)
        if not isinstance(value, bool):
            raise self._error(key, "", f"{key} is {value!r}.", "Use true or false.")
        return value

    def _values(self, table: str, keys: tuple[str, ...]) -> dict[str, str]:
        values = self._table.get(table, {})
        if not isinstance(values, dict):
            raise self._error(table, "", f"{table} is not a table.", f"Write [{table}].")
        self._check_keys(table, values, keys)  # pyright: ignore[reportUnknownArgumentType]
        return {key: self._value(table, key, values[key]) for key in values}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]

    def _value(self, table: str, key: str, value: object) -> str:
        if not isinstance(value, str):
            raise self._error(key, table, f"[{table}] {key} is {value!r}.", _COLOUR_ADVICE)
        words = value.split()
        if table == "syntax":
            colours = [word for word in words if word not in _MANNERS]
        elif key.endswith("-text-style"):
            return self._manners(table, key, words)
        elif key in _OPTIONAL and not words:
            return ""
        else:
            colours = words
        if len(colours) != 1 or not self._is_colour(colours[0]):
            named = " ".join(colours) or value
            advice = _ANSI_ADVICE if self._ansi else _COLOUR_ADVICE
            raise self._error(key, table, f"[{table}] {key}: {named!r} isn't a colour.", advice)
        return " ".join(words)

    def _manners(self, table: str, key: str, words: list[str]) -> str:
        for word in words:
            if word not in _MANNERS:
                raise self._error(
                    key, table, f"[{table}] {key}: {word!r} isn't a text style.",
                    f"Use {', '.join(_MANNERS)}.",
                )  # fmt: skip
        return " ".join(words) or "none"

    def _is_colour(self, text: str) -> bool:
        if self._ansi:
            return text.startswith("ansi_") and text[5:] in _ANSI
        return _HEX.fullmatch(text) is not None

    def _check_keys(self, table: str, values: Mapping[str, object], keys: tuple[str, ...]) -> None:
        for key in values:
            if key not in keys:
                place = f" in [{table}]" if table else ""
                raise self._error(
                    key, table, f"Unknown key {key!r}{place}.", _nearest(key, keys, "Use")
                )

    def _error(self, key: str, table: str, message: str, advice: str) -> ConfigError:
        line = _line_of(self._text, table, key)
        return ConfigError(message, advice, path=str(self._path), line=line)


_COLOUR_ADVICE = "Write it like #1e2a3b."
_ANSI_ADVICE = 'A theme with ansi = true uses terminal colours, like "ansi_bright_red".'


def _variables(table: str, key: str, value: str) -> dict[str, str]:
    if table != "syntax":
        return {f"{table}-{key}": value}
    words = value.split()
    colour = next(word for word in words if word not in _MANNERS)
    manners = " ".join(word for word in words if word in _MANNERS) or "none"
    return {f"syntax-{key}": colour, f"syntax-{key}-style": manners}


def _nearest(word: str, known: tuple[str, ...], lead: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word, known, 1)
    return f"Did you mean {near[0]!r}?" if near else f"{lead} {', '.join(known)}."


def _line_of(text: str, table: str, key: str) -> int | None:
    """Return the 1-based line that sets a key in a table ("" for the top); None if not found."""
    wanted = re.compile(rf"\s*(?:\[\s*)?[\"']?{re.escape(key)}[\"']?\s*[=\].]")
    current = ""
    for number, line in enumerate(text.splitlines(), 1):
        if current == table and wanted.match(line):
            return number
        if header := re.match(r"\s*\[\s*([^\]]+?)\s*\]", line):
            current = header[1]
            if not table and current == key:
                return number
    return None
