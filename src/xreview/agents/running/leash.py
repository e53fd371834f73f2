"""Starts a program that doesn't outlive this one, even if SIGKILL ends this one.

Run as a script, in a session of its own:

    python -I -S leash.py LEASH STATUS ADDED PROGRAM ARGUMENT…

It forks a watcher and becomes the program (exec), which so has the process id, group, pipes and
exit status that it would have without. The watcher waits at the descriptor LEASH, the other end of
which only the starting process has, however that ends; then it kills the program with all that it
started. STATUS is closed when the program runs, and else gets the number of the error. ADDED is a
variable that Python sets in the C locale (PEP 538) and the program doesn't get; "" for none.

This needs nothing that only Linux has (as PR_SET_PDEATHSIG would be): forks, a process group, and a
descriptor that ends with its process. Only finding processes that left the group needs /proc.
The standard library is enough for it: it starts without site-packages, in any folder.
"""

import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

MARKER = "XREVIEW_AGENT_RUN"
"""The variable that marks all processes of one run."""

_LOCALE = "LC_CTYPE"
_PROC = Path("/proc")
_ROUNDS = 5


def leashed(
    leash: int, status: int, argv: Sequence[str], environment: Mapping[str, str]
) -> tuple[str, ...]:
    """The command that starts a program so; the descriptors must be inherited."""
    added = "" if _LOCALE in environment else _LOCALE
    return (sys.executable, "-I", "-S", __file__, str(leash), str(status), added, *argv)


def end_stragglers(marker: str) -> None:
    """Kill every process of this user whose environment holds `XREVIEW_AGENT_RUN=marker`.

    Agents run tools in other sessions, which a signal to the group doesn't reach. Only Linux shows
    environments (proc(5)). Repeats, since a process can start another before it dies.
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


def _start(leash: int, status: int, added: str, argv: list[str]) -> None:
    """Fork the watcher, and become the program."""
    os.set_inheritable(status, False)
    child = os.fork()
    if child == 0:
        os.close(status)
        _let_go()
        # Not a child of the program, which could wait for one that it doesn't know.
        if os.fork() == 0:
            _watch(leash)
        os._exit(0)
    os.waitpid(child, 0)
    os.close(leash)
    for number in (signal.SIGPIPE, signal.SIGXFSZ):  # Python ignores them, and exec keeps that
        signal.signal(number, signal.SIG_DFL)
    environment = {name: value for name, value in os.environ.items() if name != added}
    try:
        os.execvpe(argv[0], argv, environment)
    except OSError as error:
        os.write(status, str(error.errno).encode())
        os._exit(127)


def _let_go() -> None:
    """Hold nothing of the program's: its folder, and its pipes, whose ends are waited for."""
    os.chdir("/")
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(nothing, standard)
    os.close(nothing)


def _watch(leash: int) -> None:
    """Wait until the starting process is gone; then kill the whole group, this process too."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    with suppress(OSError):
        while os.read(leash, 1):
            pass
    if marker := os.environ.get(MARKER, ""):
        end_stragglers(marker)
    os.killpg(os.getpgrp(), signal.SIGKILL)


if __name__ == "__main__":
    _start(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:])
