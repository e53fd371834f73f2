"""What an agent does, in a few words, from the tool that it calls."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xreview.domain.text import shorten
from xreview.ports.json_value import text_in
from xreview.ports.model import Doing

_LONGEST = 60
_PATHS = ("file_path", "filePath", "absolute_path", "path", "dir_path")
_PATTERNS = ("pattern", "query")
_VERBS = {"read": "reading", "grep": "searching for", "glob": "looking for", "list": "listing"}
THINKING = Doing("thinking")


def calling(tool: str, arguments: Mapping[str, Any], top: Path) -> Doing:
    """`reading src/x.py`, raw: paths below `top` are shown from there."""
    verb = next((verb for word, verb in _VERBS.items() if word in tool.lower()), "")
    found = {name: text_in(arguments, name) for name in (*_PATHS, *_PATTERNS)}
    path = next((found[name] for name in _PATHS if found[name]), "")
    pattern = next((found[name] for name in _PATTERNS if found[name]), "")
    about = pattern if pattern and verb != "reading" else _below(path, top)
    if not verb or not about:
        return Doing(shorten(f"using {tool}", _LONGEST))
    return Doing(shorten(f"{verb} {about}", _LONGEST))


def running(command: str) -> Doing:
    """What a shell command does, raw."""
    return Doing(shorten(f"running {' '.join(command.split())}", _LONGEST))


def _below(path: str, top: Path) -> str:
    for folder in {str(top), str(top.resolve())}:
        path = path.removeprefix(folder + "/")
    return path
