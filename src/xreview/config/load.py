"""Combining the settings: defaults, the user's file, the repository's, environment, options.

All problems are collected before any is raised, so that users can fix them at once.
"""

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xreview.config import document
from xreview.config.key import Key
from xreview.config.kinds import Unfit, shown_value
from xreview.config.paths import Folders
from xreview.config.schema import KEY_BY_NAME, KEYS, Settings
from xreview.domain.errors import ConfigError
from xreview.domain.record import dataclass, field

DEFAULT_ORIGIN = "default"


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A repository's file in a commit: its name for messages, and its bytes."""

    path: str
    content: bytes


@dataclass(frozen=True)
class Loaded:
    """The settings, their origins, and problems.

    Args:
        settings: a setting with a problem keeps the value from the layer below.
        origins: by setting, one or more places: "default", "/home/…/config.toml:3", "$EDITOR",
            "--theme"; for a key binding by "keys.<action>".
        problems: in the order of the layers and lines.
        files: the files that were read.
    """

    settings: Settings
    origins: Mapping[str, str] = field(default_factory=dict[str, str])
    problems: tuple[ConfigError, ...] = ()
    files: tuple[Path, ...] = ()

    def checked(self) -> Settings:
        """Return the settings. Raises ConfigError with all problems, if any."""
        if not self.problems:
            return self.settings
        if len(self.problems) == 1:
            raise self.problems[0]
        raise ConfigError("\n".join(str(problem) for problem in self.problems))


def load(
    folders: Folders,
    repository_file: Path | PolicyFile | None,
    environ: Mapping[str, str],
    options: Mapping[str, str] | None = None,
) -> Loaded:
    """Read all layers; each overrides the one before.

    Args:
        repository_file: the repository's `.xreview.toml`, from a commit when a change is reviewed;
            it can set only what `KEYS` allows.
        options: values from the command line, as text, by setting.
    """
    layers = _Layers()
    layers.add_fallbacks(environ)
    layers.add_file(folders.config_file, None)
    if repository_file is not None:
        layers.add_file(repository_file, folders.config_file)
    layers.add_environment(environ)
    for name, text in (options or {}).items():
        key = KEY_BY_NAME[name]
        layers.put_text(key, text, f"--{name.replace('_', '-')}")
    return layers.loaded()


class _Layers:
    """The layers read so far."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}
        self._origins: dict[str, str] = {key.name: DEFAULT_ORIGIN for key in KEYS}
        self._problems: list[ConfigError] = []
        self._files: list[Path] = []

    def loaded(self) -> Loaded:
        settings = Settings(**self._values)
        return Loaded(settings, self._origins, tuple(self._problems), tuple(self._files))

    def add_file(self, file: Path | PolicyFile, users_file: Path | None) -> None:
        """Add a file; for the repository's, `users_file` is the file that messages recommend."""
        path = file.path if isinstance(file, PolicyFile) else str(file)
        try:
            if isinstance(file, PolicyFile):
                content = file.content
            else:
                content = document.read_config_file(file, is_own=users_file is None)
                if content is None:
                    return
                self._files.append(file)
            found = document.parse_toml(content, path)
        except ConfigError as error:
            self._problems.append(error)
            return
        for name, raw in found.values.items():
            line = found.lines.get((name,))
            key = KEY_BY_NAME.get(name)
            if key is None:
                self._problems.append(_unknown(name, path, line, users_file is not None))
            elif users_file is not None and not key.in_repository:
                self._problems.append(_refused(name, path, line, users_file))
            else:
                self._put(key, raw, found, users_file is not None)

    def _put(
        self, key: Key, raw: object, found: document.TomlDocument, is_repository: bool
    ) -> None:
        line = found.lines.get((key.name,))
        try:
            value = key.kind.parse(raw)
        except Unfit as why:
            self._problems.append(
                ConfigError(f"`{key.name}` can't be set to this: {why}", path=found.path, line=line)
            )
            return
        self._keep(key, value, f"{found.path}:{line}" if line else found.path, is_repository)
        if key.name == "keys":
            for action in value:
                path = ("keys", action) if ("keys", action) in found.lines else None
                place = found.lines.get(path or ("keys", *action.split(".")), line)
                self._origins[f"keys.{action}"] = f"{found.path}:{place}"

    def add_fallbacks(self, environ: Mapping[str, str]) -> None:
        """Add variables that other programs share; invalid ones are ignored."""
        for key in KEYS:
            for variable in key.fallback_environment:
                text = environ.get(variable, "")
                try:
                    value = key.kind.parse(key.kind.from_text(text))
                except Unfit:
                    continue
                if value:
                    self._keep(key, value, f"${variable}", is_repository=False)
                    break

    def add_environment(self, environ: Mapping[str, str]) -> None:
        """Add this program's own variables; empty ones count as unset."""
        for key in KEYS:
            if key.environment and (text := environ.get(key.environment)):
                self.put_text(key, text, f"${key.environment}")

    def put_text(self, key: Key, text: str, origin: str) -> None:
        """Add a value from the environment or an option."""
        try:
            value = key.kind.parse(key.kind.from_text(text))
        except Unfit as why:
            self._problems.append(ConfigError(f"{origin} is {shown_value(text)}: {why}"))
            return
        self._keep(key, value, origin, is_repository=False)

    def _keep(self, key: Key, value: Any, origin: str, is_repository: bool) -> None:
        if key.only_rises and is_repository and value <= self._values.get(key.name, key.default):
            return
        is_apart = is_repository and bool(key.repository_field)
        name = key.repository_field if is_apart else key.name
        earlier = self._origins[key.name]
        if key.adds_up:
            value = tuple(dict.fromkeys((*self._values.get(name, ()), *value)))
        if (key.adds_up or is_apart) and earlier != DEFAULT_ORIGIN:
            origin = f"{earlier}, {origin}"
        self._values[name] = value
        self._origins[key.name] = origin


def _unknown(name: str, path: str, line: int | None, is_repository: bool) -> ConfigError:
    known = [key.name for key in KEYS if key.in_repository or not is_repository]
    near = difflib.get_close_matches(name, known, 1, 0.5)
    if near:
        advice = f"Did you mean `{near[0]}`?"
    else:
        advice = f"The settings are {', '.join(f'`{other}`' for other in known)}."
    return ConfigError(f"Unknown setting {shown_value(name)}.", advice, path=path, line=line)


def _refused(name: str, path: str, line: int | None, users_file: Path) -> ConfigError:
    allowed = ", ".join(f"`{key.name}`" for key in KEYS if key.in_repository)
    return ConfigError(
        f"A repository under review can't set `{name}`, since it must not choose commands, "
        "reviewers, keys or the display.",
        f"It can set {allowed}; move the rest to {users_file}.",
        path=path,
        line=line,
    )
