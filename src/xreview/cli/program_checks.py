"""The checks of `doctor` about this program and what it is built on."""

import platform
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from xreview import __version__
from xreview.cli.checks import Check, State
from xreview.hardening.programs import find_program, repository_folders
from xreview.repo.hardened.secret_variables import environ_without_keys

OLDEST_GIT = (2, 31)
OLDEST_PYTHON = (3, 11)


def check_program(environ: Mapping[str, str], folder: Path) -> Iterator[Check]:
    """Check the program, Python and git, which is never the checkout's own."""
    yield Check("program", "xreview-tui", State.OK, f"{__version__} ({Path(__file__).parents[1]})")
    python = f"{platform.python_version()} ({sys.executable})"
    is_new = sys.version_info >= OLDEST_PYTHON
    yield Check("program", "python", State.OK if is_new else State.MISSING, python)
    yield _git(environ, folder)


def _git(environ: Mapping[str, str], folder: Path) -> Check:
    path = find_program("git", environ, repository_folders(folder, environ))
    if path is None:
        return Check("program", "git", State.MISSING, "not on the PATH", "Install git.")
    try:
        kept = environ_without_keys(environ)
        done = subprocess.run(
            [path, "--version"], capture_output=True, text=True, timeout=20, cwd="/", env=kept
        )
        done.check_returncode()
    except (OSError, subprocess.SubprocessError) as error:
        return Check("program", "git", State.MISSING, f"{path} doesn't run: {error}")
    numbers = re.search(r"(\d+)\.(\d+)", done.stdout)
    found = f"{done.stdout.strip().removeprefix('git version ')} ({path})"
    if numbers is None or (int(numbers[1]), int(numbers[2])) < OLDEST_GIT:
        oldest = ".".join(map(str, OLDEST_GIT))
        return Check("program", "git", State.MISSING, found, f"Install git {oldest} or newer.")
    return Check("program", "git", State.OK, found)
