"""An agent's installed version.

For a program from npm, it is in `package.json`, which is fast to read. Other programs run with
`--version`, in an empty folder and without keys.
"""

import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from xreview.agents.base.environment import agent_environment
from xreview.ports.json_value import object_in, parse_json, text_in

Version = tuple[int, ...]
_VERSION = re.compile(r"(?<![\d.])(\d{1,6}(?:\.\d{1,6}){1,3})(?![\d.])")
_SECONDS = 10.0
_LARGEST_FILE = 1_000_000
_MOST_OUTPUT = 10_000


def version_of(program: Path, package: str, environ: Mapping[str, str], folder: Path) -> str:
    """Return "2.1.330", or "" if unknown.

    Args:
        program: its absolute path.
        package: its name in the npm registry.
        folder: the reviewed checkout.
    """
    real = program.resolve()
    if found := _packaged(real, package):
        return found
    with suppress(OSError):
        at = real.stat()
        kept = tuple(sorted(agent_environment(environ, folder, Path(os.devnull)).items()))
        return _said(program, (at.st_ino, at.st_size, at.st_mtime_ns), kept)
    return ""


def version_numbers(version: str) -> Version:
    """Return the version as comparable numbers; empty for none."""
    return tuple(map(int, version.split("."))) if version else ()


def _packaged(real: Path, package: str) -> str:
    for folder in real.parents[:3]:
        with suppress(OSError, ValueError):
            file = folder / "package.json"
            if file.stat().st_size <= _LARGEST_FILE:
                document = object_in(parse_json(file.read_bytes()))
                if text_in(document, "name") == package:
                    return _first(text_in(document, "version"))
    return ""


@lru_cache(maxsize=32)
def _said(program: Path, _: object, environment: tuple[tuple[str, str], ...]) -> str:
    """Return what `--version` prints; each file is run once."""
    with tempfile.TemporaryDirectory(prefix="xreview-agent-") as empty:
        process = subprocess.Popen(
            [program, "--version"],
            cwd=empty,
            env={**dict(environment), "TMPDIR": empty},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            output = process.communicate(timeout=_SECONDS)[0]
        except subprocess.TimeoutExpired:
            output = b""
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    return _first(output[:_MOST_OUTPUT].decode("utf-8", "replace"))


def _first(text: str) -> str:
    found = _VERSION.search(text)
    return found[1] if found else ""
