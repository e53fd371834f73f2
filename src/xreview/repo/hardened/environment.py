"""The environment in which every git process runs: nothing the repository configures may run.

A repository's own configuration can name programs (file-system monitors, hooks, filters, external
diffs, transports). Those that no command-line option turns off are overridden here through
`GIT_CONFIG_COUNT`, `GIT_CONFIG_KEY_n` and `GIT_CONFIG_VALUE_n` (git 2.31, see git-config(1)),
which win over every file and, unlike `-c`, can name a section with `=` in it.

What the *user* set in the environment stays: where the repository is (a hook runs with `GIT_DIR`
and `GIT_INDEX_FILE`), and configuration given on git's own command line (`git -c … xreview`). Keys
do not (`repo.private`), nor do folders of the repository in which programs or libraries are looked
for (`xreview.hardening.programs`).
"""

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from xreview.domain.change import BIG_FILE_BYTES
from xreview.hardening.programs import (
    find_program,
    repository_folders,
    search_path,
    without_folders,
)
from xreview.repo.hardened.secret_variables import environ_without_keys

# Where things are. Everything else that begins with GIT_ changes what is run or printed.
_KEPT = frozenset(
    {
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_COMMON_DIR",
        "GIT_INDEX_FILE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_NAMESPACE",
        "GIT_CEILING_DIRECTORIES",
        "GIT_DISCOVERY_ACROSS_FILESYSTEM",
        "GIT_CONFIG_GLOBAL",
        "GIT_CONFIG_SYSTEM",
        "GIT_CONFIG_NOSYSTEM",
        "GIT_EXEC_PATH",
    }
)
_FOLDERS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY")
GIT_PROGRAM = "GIT_PYTHON_GIT_EXECUTABLE"
"""Holds the absolute path of git, for us and for GitPython; absent where there is none."""

_LISTS = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "GIT_EXEC_PATH")
SEARCHED = ("PATH", GIT_PROGRAM, "LD_PRELOAD", *_LISTS)
"""What says where programs and libraries are found, and is cleaned of the repository's folders."""

_FIXED = {
    "GIT_ALLOW_PROTOCOL": "none",  # no transport has that name, so none is allowed
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",  # refs/replace could show another commit than the real one
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_PAGER": "cat",
    "GIT_ASKPASS": "true",
    "SSH_ASKPASS": "true",
    "LC_ALL": "C",
    "LANGUAGE": "C",
}
_OVERRIDDEN = (
    ("core.fsmonitor", ""),  # off as a hook's path (before git 2.36) and as a boolean
    ("core.hooksPath", os.devnull),
    ("core.untrackedCache", "false"),
    ("core.quotePath", "false"),
    ("core.safecrlf", "false"),
    ("core.sshCommand", "false"),
    ("core.alternateRefsCommand", "false"),
    # A repository could make it so small that its own code counts as binary.
    ("core.bigFileThreshold", str(BIG_FILE_BYTES)),
    ("credential.helper", ""),
    ("diff.autoRefreshIndex", "false"),  # refreshing writes the index, and runs a hook
    ("diff.suppressBlankEmpty", "false"),
    ("log.showSignature", "false"),
    ("submodule.recurse", "false"),
)
# Where keys for the network are configured; git is not on the network here.
_NETWORK = ("http.", "credential.")
_PARAMETER = re.compile(r"'((?:[^']|'\\'')*)'(=(?:'((?:[^']|'\\'')*)')?)?")

Settings = tuple[tuple[str, str], ...]


def hardened(environ: Mapping[str, str], cwd: Path) -> dict[str, str]:
    """`environ` without what changes git's output or runs programs, and with the overrides.

    Relative folders in it are taken from `cwd`, so that git may later be run from elsewhere. No
    key is in it, and git itself is named in it by its path (`GIT_PROGRAM`).
    """
    kept = {
        name: value
        for name, value in environ_without_keys(environ).items()
        if name in _KEPT or not name.startswith(("GIT_", "LC_"))
    }
    for name in _FOLDERS:
        if kept.get(name):
            kept[name] = str(cwd / kept[name])
    kept = {**_guarded(kept, cwd), **_FIXED}
    given = (one for one in _given_by_user(environ) if not one[0].lower().startswith(_NETWORK))
    return overriding(kept, (*given, *_OVERRIDDEN))


def _guarded(environ: Mapping[str, str], cwd: Path) -> dict[str, str]:
    """`environ` in which no program and no library of the repository around `cwd` is found."""
    folders = repository_folders(cwd, environ)
    kept = {name: value for name, value in environ.items() if name != "LD_PRELOAD"}
    kept["PATH"] = search_path(environ, folders)
    for name in _LISTS:
        # Empty it would stand for the current folder.
        if cleaned := without_folders(kept.pop(name, ""), folders):
            kept[name] = cleaned
    kept.pop(GIT_PROGRAM, None)
    if program := find_program("git", environ, folders):
        kept[GIT_PROGRAM] = str(program)
    return kept


def overriding(
    environment: Mapping[str, str], settings: Iterable[tuple[str, str]]
) -> dict[str, str]:
    """The environment with more configuration that wins over all there is."""
    result = dict(environment)
    count = int(result.get("GIT_CONFIG_COUNT", "0"))
    for key, value in settings:
        result[f"GIT_CONFIG_KEY_{count}"] = key
        result[f"GIT_CONFIG_VALUE_{count}"] = value
        count += 1
    result["GIT_CONFIG_COUNT"] = str(count)
    return result


def without_filters(drivers: Iterable[str]) -> Settings:
    """Settings under which the given filter drivers pass content through unchanged."""
    parts = (("clean", ""), ("smudge", ""), ("process", ""), ("required", "false"))
    return tuple((f"filter.{driver}.{part}", value) for driver in drivers for part, value in parts)


def _given_by_user(environ: Mapping[str, str]) -> Settings:
    """What the user configured by `GIT_CONFIG_COUNT` and `git -c` (`GIT_CONFIG_PARAMETERS`)."""
    text = environ.get("GIT_CONFIG_COUNT", "")
    count = int(text) if text.isascii() and text.isdigit() else 0
    pairs = [
        (environ[f"GIT_CONFIG_KEY_{index}"], environ.get(f"GIT_CONFIG_VALUE_{index}", ""))
        for index in range(min(count, 1000))
        if environ.get(f"GIT_CONFIG_KEY_{index}")
    ]
    for match in _PARAMETER.finditer(environ.get("GIT_CONFIG_PARAMETERS", "")):
        key, value = _unquoted(match[1]), _unquoted(match[3] or "")
        if match[2] is None:  # the form before git 2.31: 'key=value'
            key, separator, value = key.partition("=")
            value = value if separator else "true"
        pairs.append((key, value))
    return tuple(pair for pair in pairs if pair[0])


def _unquoted(text: str) -> str:
    return text.replace("'\\''", "'")
