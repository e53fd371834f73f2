"""Killing an agent's children that left its process group.

Agents run tools in other sessions, which a signal to the group doesn't reach. On Linux, a variable
in their environment identifies them (proc(5)); elsewhere only the group is killed.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

MARKER = "XREVIEW_AGENT_RUN"
_PROC = Path("/proc")
_ROUNDS = 5


def end_stragglers(marker: str) -> None:
    """Kill every process of this user whose environment holds `XREVIEW_AGENT_RUN=marker`.

    Repeats, since a process can start another before it dies.
    """
    wanted = f"{MARKER}={marker}".encode()
    for _ in range(_ROUNDS):
        found = list(_marked(wanted))
        if not found:
            return
        for pid in found:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)


def _marked(wanted: bytes) -> Iterator[int]:
    if not _PROC.is_dir():
        return
    for entry in _PROC.iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        # A process can end meanwhile, and other users' can't be read.
        with suppress(OSError):
            if wanted in (entry / "environ").read_bytes().split(b"\0"):
                yield int(entry.name)
