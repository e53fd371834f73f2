"""The environment of every git process: nothing the repository configures may run.

A repository's configuration can name programs (file-system monitors, hooks, filters, external
diffs, transports). Those that no command-line option disables are overridden with
`GIT_CONFIG_COUNT` (git 2.31, see git-config(1)), which overrides every file and, unlike `-c`, can
name a section that contains `=`. The *user's* variables stay: the location of the repository (a
hook runs with `GIT_DIR` and `GIT_INDEX_FILE`) and the configuration of `git -c … xreview`.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from xreview.domain.change import BIG_FILE_BYTES
from xreview.hardening.programs import (
    find_program,
    repository_folders,
    search_path,
    without_folders,
)
from xreview.repo.hardened.secret_variables import environ_without_keys

LOCATIONS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY")
"""Variables that name the repository's folders."""

# Every other GIT_ variable changes what is run or printed.
_KEPT = frozenset(
    (
        *LOCATIONS,
        *("GIT_INDEX_FILE", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE", "GIT_EXEC_PATH"),
        *("GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM"),
        *("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"),
    )
)
GIT_PROGRAM = "GIT_XREVIEW_PROGRAM"
"""The variable with git's absolute path; absent if git isn't found."""

_LISTS = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "GIT_EXEC_PATH")
SEARCHED = ("PATH", GIT_PROGRAM, "LD_PRELOAD", *_LISTS)
"""Search paths for programs and libraries; the repository's folders are removed from them."""

_FIXED = {
    "GIT_ALLOW_PROTOCOL": "none",  # not the name of a transport, so none is allowed
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",  # refs/replace could substitute another commit
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
    ("core.fsmonitor", ""),  # disables it as a hook's path (before git 2.36) and as a boolean
    ("core.hooksPath", os.devnull),
    ("core.untrackedCache", "false"),
    ("core.quotePath", "false"),
    ("core.safecrlf", "false"),
    ("core.sshCommand", "false"),
    ("core.alternateRefsCommand", "false"),
    # A repository could set it so low that its code counts as binary.
    ("core.bigFileThreshold", str(BIG_FILE_BYTES)),
    ("credential.helper", ""),
    ("diff.autoRefreshIndex", "false"),  # a refresh writes the index and runs a hook
    ("diff.suppressBlankEmpty", "false"),
    ("log.showSignature", "false"),
    ("submodule.recurse", "false"),
)
# Sections with keys for the network, which git doesn't use here.
_NETWORK = ("http.", "credential.")
_PARAMETER = re.compile(r"'((?:[^']|'\\'')*)'(=(?:'((?:[^']|'\\'')*)')?)?")

Settings = tuple[tuple[str, str], ...]


def hardened_environment(environ: Mapping[str, str], cwd: Path) -> dict[str, str]:
    """Return `environ` without variables that change git's output or run programs, plus overrides.

    Relative folders are resolved against `cwd`, so that git can run elsewhere later. Keys are
    removed, and `GIT_PROGRAM` holds git's path.
    """
    kept = {
        name: value
        for name, value in environ_without_keys(environ).items()
        if name in _KEPT or not name.startswith(("GIT_", "LC_"))
    }
    for name in LOCATIONS:
        if kept.get(name):
            kept[name] = str(cwd / kept[name])
    kept = {**_guarded(kept, cwd), **_FIXED}
    given = (*counted_settings(environ), *_parameters(environ))
    given = (one for one in given if not one[0].lower().startswith(_NETWORK))
    return with_settings(kept, (*given, *_OVERRIDDEN))


def _guarded(environ: Mapping[str, str], cwd: Path) -> dict[str, str]:
    """Remove the folders of the repository around `cwd` from every search path."""
    folders = repository_folders(cwd, environ)
    kept = {name: value for name, value in environ.items() if name != "LD_PRELOAD"}
    kept["PATH"] = search_path(environ, folders)
    for name in _LISTS:
        # An empty entry would mean the current folder.
        if cleaned := without_folders(kept.pop(name, ""), folders):
            kept[name] = cleaned
    kept.pop(GIT_PROGRAM, None)
    if program := find_program("git", environ, folders):
        kept[GIT_PROGRAM] = str(program)
    return kept


def with_settings(
    environment: Mapping[str, str], settings: Iterable[tuple[str, str]]
) -> dict[str, str]:
    """Return the environment with configuration that overrides all of the existing one."""
    result = dict(environment)
    count = int(result.get("GIT_CONFIG_COUNT", "0"))
    for key, value in settings:
        result[f"GIT_CONFIG_KEY_{count}"] = key
        result[f"GIT_CONFIG_VALUE_{count}"] = value
        count += 1
    result["GIT_CONFIG_COUNT"] = str(count)
    return result


def without_filters(drivers: Iterable[str]) -> Settings:
    """Settings with which these filter drivers pass content through unchanged."""
    parts = (("clean", ""), ("smudge", ""), ("process", ""), ("required", "false"))
    return tuple((f"filter.{driver}.{part}", value) for driver in drivers for part, value in parts)


def counted_settings(environ: Mapping[str, str]) -> Settings:
    """The configuration in `GIT_CONFIG_COUNT`."""
    text = environ.get("GIT_CONFIG_COUNT", "")
    count = min(int(text), 1000) if text.isascii() and text.isdigit() else 0
    return tuple(
        (key, environ.get(f"GIT_CONFIG_VALUE_{index}", ""))
        for index in range(count)
        if (key := environ.get(f"GIT_CONFIG_KEY_{index}"))
    )


def _parameters(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The configuration of `git -c` (`GIT_CONFIG_PARAMETERS`)."""
    for match in _PARAMETER.finditer(environ.get("GIT_CONFIG_PARAMETERS", "")):
        key, value = _unquoted(match[1]), _unquoted(match[3] or "")
        if match[2] is None:  # the form before git 2.31: 'key=value'
            key, separator, value = key.partition("=")
            value = value if separator else "true"
        if key:
            yield key, value


def _unquoted(text: str) -> str:
    return text.replace("'\\''", "'")
