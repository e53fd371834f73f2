"""Refusing git variables that name missing places, left over in a shell or in a hook's child."""

import os
from collections.abc import Mapping
from pathlib import Path

from xreview.domain.errors import ChangeError
from xreview.repo.hardened.environment import LOCATIONS

_INDEX = "GIT_INDEX_FILE"


def refuse_stale(environ: Mapping[str, str], cwd: Path) -> None:
    """Raise ChangeError if a variable names a missing folder."""
    for name in LOCATIONS:
        value = environ.get(name)
        if value and not (cwd / value).is_dir():
            if name == "GIT_DIR" and _is_file(cwd, value):
                continue  # it may also name a `.git` file
            raise _refusal(name, value, "folder")


def refuse_stale_index(environment: Mapping[str, str], top: Path | None) -> None:
    """Raise ChangeError if GIT_INDEX_FILE names a missing file."""
    value = environment.get(_INDEX)
    if value and not _is_file(top or Path.cwd(), value):
        raise _refusal(_INDEX, value, "file")


def stale_git_folder(environ: Mapping[str, str]) -> ChangeError | None:
    """The error for a repository that a variable names and git doesn't find; None for none."""
    for name in ("GIT_DIR", "GIT_COMMON_DIR"):
        if value := environ.get(name):
            return ChangeError(
                f"{name} is set to {value}, which isn't a git folder.", _advice(name, "folder")
            )
    return None


def stale_advice(environment: Mapping[str, str]) -> str:
    """What to do about missing objects if a variable says where they are; "" otherwise."""
    value = environment.get("GIT_OBJECT_DIRECTORY")
    return (
        f"GIT_OBJECT_DIRECTORY is set to {value}. Unset it if that isn't intended." if value else ""
    )


def _is_file(folder: Path, value: str) -> bool:
    return os.path.isfile(folder / value)  # noqa: PTH113 - accepts NUL and long names


def _refusal(name: str, value: str, kind: str) -> ChangeError:
    return ChangeError(
        f"{name} is set to {value}, but this {kind} doesn't exist.", _advice(name, kind)
    )


def _advice(name: str, kind: str) -> str:
    return f"Unset it (`unset {name}`), or set it to a {kind} that exists."
