"""Ending what an agent started and what left its process group since.

Agents run tools in sessions of their own, so a signal to the group does not reach all of them. On
Linux they are found by a variable that only they have in their environment (proc(5)); elsewhere
nothing tells them apart, and only the group is ended.
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

    Looks again after a kill, since a process may have been starting another meanwhile.
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
        # Processes end while they are looked at, and those of other users can't be read.
        with suppress(OSError):
            if wanted in (entry / "environ").read_bytes().split(b"\0"):
                yield int(entry.name)
