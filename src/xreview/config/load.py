"""Putting the settings together: defaults, the user's file, the repository's, environment, options.

Nothing is raised half-way: every problem of every layer is collected, so that a person fixes a
file once and not key by key.
"""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xreview.config import document
from xreview.config.kinds import Unfit, shown_value
from xreview.config.paths import Folders
from xreview.config.schema import KEY_BY_NAME, KEYS, Key, Settings
from xreview.domain.errors import ConfigError

DEFAULT_ORIGIN = "default"


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A repository's file as it stands in a commit: what messages call it, and its bytes."""

    path: str
    content: bytes


@dataclass(frozen=True)
class Loaded:
    """The settings, where each came from, and what is wrong.

    Args:
        settings: what holds; a setting with a problem keeps what the layer below gave.
        origins: by setting, one or more places: "default", "/home/…/config.toml:3", "$EDITOR",
            "--theme"; for a key binding as "keys.<action>".
        problems: in the order of the layers and of the lines.
        files: the files that exist and were looked at.
    """

    settings: Settings
    origins: Mapping[str, str] = field(default_factory=dict[str, str])
    problems: tuple[ConfigError, ...] = ()
    files: tuple[Path, ...] = ()

    def checked(self) -> Settings:
        """The settings. Raises ConfigError, with all problems, where there is any."""
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
    """Read and join all layers; each goes over the one before.

    Args:
        folders: where the user's file is looked for.
        repository_file: the repository's `.xreview.toml`, out of a commit where a change is
            reviewed; it may set only what `KEYS` allows it.
        environ: the environment.
        options: values given on the command line, as text, by setting.
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
    """What was collected so far."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}
        self._origins: dict[str, str] = {key.name: DEFAULT_ORIGIN for key in KEYS}
        self._problems: list[ConfigError] = []
        self._files: list[Path] = []

    def loaded(self) -> Loaded:
        settings = Settings(**self._values)
        return Loaded(settings, self._origins, tuple(self._problems), tuple(self._files))

    def add_file(self, file: Path | PolicyFile, users_file: Path | None) -> None:
        """Take up a file; `users_file` is named to someone whose repository oversteps, and says
        that this file is the repository's."""
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
        """Take up variables that were not set for this program: one that does not fit is passed
        over, since it is none of this program's business."""
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
        """Take up this program's own variables; one that is empty counts as not set."""
        for key in KEYS:
            if key.environment and (text := environ.get(key.environment)):
                self.put_text(key, text, f"${key.environment}")

    def put_text(self, key: Key, text: str, origin: str) -> None:
        """Take up a value from the environment or an option."""
        try:
            value = key.kind.parse(key.kind.from_text(text))
        except Unfit as why:
            self._problems.append(ConfigError(f"{origin} is {shown_value(text)}: {why}"))
            return
        self._keep(key, value, origin, is_repository=False)

    def _keep(self, key: Key, value: Any, origin: str, is_repository: bool) -> None:
        name = "repository_ignore" if key.name == "ignore" and is_repository else key.name
        earlier = self._origins[key.name]
        if key.adds_up:
            value = tuple(dict.fromkeys((*self._values.get(name, ()), *value)))
            if earlier != DEFAULT_ORIGIN:
                origin = f"{earlier}, {origin}"
        self._values[name] = value
        self._origins[key.name] = origin


def _unknown(name: str, path: str, line: int | None, is_repository: bool) -> ConfigError:
    known = [key.name for key in KEYS if key.in_repository or not is_repository]
    near = difflib.get_close_matches(name, known, 1, 0.5)
    if near:
        advice = f"Did you mean `{near[0]}`?"
    else:
        advice = f"There are {', '.join(f'`{other}`' for other in known)}."
    return ConfigError(f"There is no setting {shown_value(name)}.", advice, path=path, line=line)


def _refused(name: str, path: str, line: int | None, users_file: Path) -> ConfigError:
    allowed = ", ".join(f"`{key.name}`" for key in KEYS if key.in_repository)
    return ConfigError(
        f"`{name}` can't be set by the repository under review: what is reviewed must not choose "
        "commands, reviewers, keys or how you see it.",
        f"A repository may set {allowed}; put the rest into {users_file}.",
        path=path,
        line=line,
    )
