"""What an agent does while it runs, from its own reports: its tool calls, and the amounts used."""

import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from xreview.domain.text import count_of, shorten
from xreview.ports.json_value import JsonObject, text_in
from xreview.ports.model import Doing

_LONGEST = 60
_QUOTED = 120
_PATHS = ("file_path", "filePath", "absolute_path", "path", "dir_path")
_PATTERNS = ("pattern", "query")
_COMMANDS = ("command", "cmd")
_VERBS = {
    "read": "reading",
    "grep": "searching for",
    "glob": "looking for",
    "list": "listing",
    "edit": "editing",
    "write": "writing",
    "replace": "editing",
}
_ABOUT_A_PATH = ("reading", "editing", "writing")
_MOST_REFUSALS = 20
THINKING = Doing("thinking")


def tool_activity(tool: str, arguments: Mapping[str, Any], top: Path) -> Doing:
    """Return `reading src/x.py` or `running make test`, raw, with paths relative to `top`."""
    command = next((text for name in _COMMANDS if (text := text_in(arguments, name))), "")
    if command:
        return shell_activity(command)
    verb = next((verb for word, verb in _VERBS.items() if word in tool.lower()), "")
    found = {name: text_in(arguments, name) for name in (*_PATHS, *_PATTERNS)}
    path = next((found[name] for name in _PATHS if found[name]), "")
    pattern = next((found[name] for name in _PATTERNS if found[name]), "")
    about = pattern if pattern and verb not in _ABOUT_A_PATH else _below(path, top)
    if not verb or not about:
        return Doing(shorten(f"using {tool}", _LONGEST))
    return Doing(shorten(f"{verb} {about}", _LONGEST))


def shell_activity(command: str) -> Doing:
    """Return `running COMMAND`, raw."""
    return Doing(shorten(f"running {' '.join(command.split())}", _LONGEST))


def _below(path: str, top: Path) -> str:
    for folder in {str(top), str(top.resolve())}:
        path = path.removeprefix(folder + "/")
    return path


def edit_activity(paths: Iterable[str], top: Path) -> Doing:
    """Return `editing src/x.py, src/y.py`, raw, with paths relative to `top`."""
    return Doing(shorten(f"editing {', '.join(_below(path, top) for path in paths)}", _LONGEST))


def amount_in(value: JsonObject, name: str) -> float | None:
    """Return a number of 0 or more, such as dollars or milliseconds; None for anything else."""
    found = value.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    return float(found) if math.isfinite(found) and found >= 0 else None


class ReadAttempts:
    """Counts the tool calls of one run that worked and failed."""

    def __init__(self) -> None:
        self._worked = 0
        self._failures: list[str] = []

    def add(self, *, is_ok: bool, output: str = "") -> None:
        """Count a finished call; `output` is what it printed, raw."""
        if is_ok:
            self._worked += 1
        else:
            self._failures.append(output)

    @property
    def trouble(self) -> str:
        """Why the agent can't have read anything; "" if it could, or didn't try.

        A clause: "all 3 of its attempts to read failed (“bwrap: no such file”)".
        """
        if self._worked or not self._failures:
            return ""
        count = len(self._failures)
        which = "its only attempt" if count == 1 else f"all {count_of(count, 'attempt')}"
        first = next((" ".join(one.split()) for one in self._failures if one.strip()), "")
        quoted = f" (“{shorten(first, _QUOTED)}”)" if first else ""
        return f"{which} to read failed{quoted}"


class Refusals:
    """What an agent wasn't permitted to do in one run, by what it was doing, each once."""

    def __init__(self) -> None:
        self._found: dict[str, None] = {}

    def add(self, activity: Doing) -> Iterator[Doing]:
        """Keep a refused activity, raw, and return the signal for it; none if it is known."""
        if activity.what not in self._found and len(self._found) < _MOST_REFUSALS:
            self._found[activity.what] = None
            yield Doing(f"refused: {activity.what}")

    @property
    def all(self) -> tuple[str, ...]:
        """The refused activities: `running make test`."""
        return tuple(self._found)
