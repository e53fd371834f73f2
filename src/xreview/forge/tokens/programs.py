"""Tokens of gh and glab, asked from the program, which may keep them in a keyring.

The program is this machine's, never one of the checkout. It runs in an empty folder, without a
terminal, and without the variables that hold tokens: with them it would print one of another host.
"""

import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from xreview.domain.pull.address import ForgeHost, ForgeKind
from xreview.hardening.programs import find_program, search_path

SECONDS = 10.0
_MOST_OUTPUT = 10_000
_COMMANDS = {
    ForgeKind.GITHUB: ("gh auth token", ("gh", "auth", "token", "--hostname")),
    ForgeKind.GITLAB: ("glab config get token", ("glab", "config", "get", "token", "--host")),
}
_SHARING = (ForgeKind.GITLAB,)
"""glab has a token for every host if one was set without a host."""
_NO_HOST = "no-host.invalid"
_KEPT = (
    *("HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TMPDIR", "DBUS_SESSION_BUS_ADDRESS"),
    *("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "XDG_CACHE_HOME"),
    *("GH_CONFIG_DIR", "GLAB_CONFIG_DIR", "SYSTEMROOT", "APPDATA", "LOCALAPPDATA"),
)
_QUIET = {
    "GH_PROMPT_DISABLED": "1",
    "GH_NO_UPDATE_NOTIFIER": "1",
    "GLAB_CHECK_UPDATE": "false",
    "NO_PROMPT": "1",
    "NO_COLOR": "1",
}


def program_label(kind: ForgeKind) -> str:
    """The command in words: “gh auth token”; "" for a forge without one."""
    return _COMMANDS[kind][0] if kind in _COMMANDS else ""


def token_of_program(host: ForgeHost, environ: Mapping[str, str], folders: Sequence[Path]) -> str:
    """The token that the forge's program has for just this host; "" for none. Blocks.

    Args:
        folders: `hardening.programs.repository_folders`, whose programs aren't run.
    """
    if host.kind not in _COMMANDS or not environ.get("HOME"):
        return ""
    name, *words = _COMMANDS[host.kind][1]
    program = find_program(name, environ, folders)
    if program is None:
        return ""
    kept = {name: environ[name] for name in _KEPT if name in environ}
    kept |= {**_QUIET, "PATH": search_path(environ, folders)}
    found = _one_word(_output([str(program), *words, host.name], kept))
    if found and host.kind in _SHARING:
        anybodys = _one_word(_output([str(program), *words, _NO_HOST], kept))
        return "" if found == anybodys else found
    return found


def _output(command: Sequence[str], environment: Mapping[str, str]) -> bytes:
    """What a command prints; nothing if it fails or takes longer than `SECONDS`."""
    with tempfile.TemporaryDirectory(prefix="xreview-token-") as empty:
        try:
            process = subprocess.Popen(
                command,
                cwd=empty,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError:
            return b""
        try:
            output = process.communicate(timeout=SECONDS)[0]
        except subprocess.TimeoutExpired:
            output = b""
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
        return output if process.returncode == 0 else b""


def _one_word(output: bytes) -> str:
    """A token is one line without spaces; anything else is help or a complaint."""
    text = output[:_MOST_OUTPUT].decode("utf-8", "replace").strip()
    return text if text.isascii() and text.isprintable() and " " not in text else ""
