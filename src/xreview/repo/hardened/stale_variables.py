"""Variables that put the repository elsewhere and name what is not there.

A shell in which one was set long ago, or a hook's child that outlived it, makes git say that there
is no repository, or show every file as deleted. So they are looked at first, and named.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from xreview.domain.errors import ChangeError

_FOLDERS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY")
_INDEX = "GIT_INDEX_FILE"


def refuse_stale(environ: Mapping[str, str], cwd: Path) -> None:
    """Refuse variables that name no folder. Raises ChangeError, with the variable's name."""
    for name in _FOLDERS:
        value = environ.get(name)
        # A `.git` file is as good as a folder to GIT_DIR.
        if (
            value
            and not (cwd / value).is_dir()
            and not (name == "GIT_DIR" and _is_file(cwd, value))
        ):
            raise _refusal(name, value, "folder")


def refuse_stale_index(environment: Mapping[str, str], top: Path | None) -> None:
    """Refuse an index of the environment that is not there. Raises ChangeError."""
    value = environment.get(_INDEX)
    if value and not _is_file(top or Path.cwd(), value):
        raise _refusal(_INDEX, value, "file")


def stale_git_folder(environ: Mapping[str, str]) -> ChangeError | None:
    """Why there is no repository, where a variable says where it is."""
    for name in ("GIT_DIR", "GIT_COMMON_DIR"):
        if value := environ.get(name):
            return ChangeError(
                f"{name} is set to {value}, which is no git folder.", _advice(name, "folder")
            )
    return None


def stale_advice(environment: Mapping[str, str]) -> str:
    """What to do where objects are missing and a variable says where they are; "" otherwise."""
    value = environment.get("GIT_OBJECT_DIRECTORY")
    return (
        f"GIT_OBJECT_DIRECTORY is set to {value}: unset it if that is not meant." if value else ""
    )


def _is_file(folder: Path, value: str) -> bool:
    return os.path.isfile(folder / value)  # noqa: PTH113 - at peace with NUL and long names


def _refusal(name: str, value: str, kind: str) -> ChangeError:
    return ChangeError(
        f"{name} is set to {value}, and there is no such {kind}.", _advice(name, kind)
    )


def _advice(name: str, kind: str) -> str:
    return f"Unset it (`unset {name}`), or set it to a {kind} that exists."
