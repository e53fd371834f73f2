"""The program, forked from a process that has its modules loaded: a start costs 20 ms, not 300.

Each run is a process with its own folder, environment and streams. What the interpreter reads when
it starts stays as in the first process: `can_start` says no to a run that changes any of it.
"""

import atexit
import gc
import json
import os
import random
import runpy
import select
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path

_READ_AT_START = ("PYTHON", "LC_", "LANG", "TEXTUAL", "TZ", "XREVIEW_LOCAL_PORTS")
_REQUEST = 1 << 18  # bytes
_UNBUFFERED = bool(os.environ.get("PYTHONUNBUFFERED"))


class Forks:
    """The first process, which forks a child for each run."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._at_start = _read_at_start(environ)
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(theirs.fileno())],
                cwd=Path(__file__).parents[2],
                env=dict(environ),
                pass_fds=[theirs.fileno()],
            )
        atexit.register(self.close)

    def can_start(self, environ: Mapping[str, str]) -> bool:
        return _read_at_start(environ) == self._at_start

    def run(
        self,
        words: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str],
        input: bytes,
        timeout: float,
    ) -> "subprocess.CompletedProcess[bytes]":
        """Run `python -m xreview` with these words, as `subprocess.run` does."""
        pipes = [os.pipe() for _ in range(4)]
        (their_in, to_in), (out, their_out), (err, their_err), (status, their_status) = pipes
        given = {"words": list(words), "cwd": str(cwd), "env": dict(env)}
        theirs = [their_in, their_out, their_err, their_status]
        socket.send_fds(self._socket, [json.dumps(given).encode()], theirs)
        for descriptor in theirs:
            os.close(descriptor)
        pid = int(self._socket.recv(_REQUEST))
        read: dict[int, bytes] = {}
        working = [
            threading.Thread(target=_write, args=(to_in, input)),
            *(threading.Thread(target=_read, args=(end, read)) for end in (out, err, status)),
        ]
        for one in working:
            one.start()
        for one in working:
            one.join(timeout)
            if one.is_alive():
                os.kill(pid, 9)
                raise subprocess.TimeoutExpired(list(words), timeout)
        return subprocess.CompletedProcess(list(words), int(read[status]), read[out], read[err])

    def close(self) -> None:
        self._socket.close()
        self._process.wait()


_first: list[Forks] = []


def first_process(environ: Mapping[str, str]) -> Forks | None:
    """The first process of this test run, started by need; None where forking isn't the same."""
    if sys.platform != "linux":
        return None
    if not _first:
        _first.append(Forks(environ))
    return _first[0]


def _read_at_start(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in environ.items() if name.startswith(_READ_AT_START)}


def _write(descriptor: int, text: bytes) -> None:
    with suppress(BrokenPipeError), open(descriptor, "wb", 0) as pipe:
        rest = memoryview(text)
        while rest:
            rest = rest[pipe.write(rest) :]


def _read(descriptor: int, into: dict[int, bytes]) -> None:
    with open(descriptor, "rb", 0) as pipe:
        into[descriptor] = pipe.read()


def _serve(requests: socket.socket) -> dict[str, object] | None:
    """Fork a child for each request until there are no more; returns the request in the child."""
    running: dict[int, tuple[int, int]] = {}  # a child's descriptor → its id, where to tell its end
    poll = select.poll()
    poll.register(requests, select.POLLIN)
    while True:
        for ready, _ in poll.poll():
            if ready in running:
                pid, told = running.pop(ready)
                code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
                os.write(told, str(code).encode())
                os.close(told)
                poll.unregister(ready)
                os.close(ready)
                continue
            data, descriptors, _, _ = socket.recv_fds(requests, _REQUEST, 4)
            if not data:
                return None
            if not (pid := os.fork()):
                for stream, descriptor in enumerate(descriptors[:3]):
                    os.dup2(descriptor, stream)
                requests.detach()
                os.closerange(3, max(descriptors) + 1000)
                return json.loads(data)
            child = os.pidfd_open(pid)
            running[child] = (pid, descriptors[3])
            poll.register(child, select.POLLIN)
            for descriptor in descriptors[:3]:
                os.close(descriptor)
            requests.send(str(pid).encode())


def _become(words: list[str], cwd: str, env: dict[str, str]) -> None:
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    random.seed()
    sys.argv = ["xreview", *words]
    sys.stdin = sys.__stdin__ = _text_stream(0, sys.stdin)
    sys.stdout = sys.__stdout__ = _text_stream(1, sys.stdout)
    sys.stderr = sys.__stderr__ = _text_stream(2, sys.stderr)
    try:
        runpy.run_module("xreview", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        _end(end.code)
    except BaseException:  # noqa: BLE001
        traceback.print_exc()
        _end(1)
    _end(0)


def _end(code: object) -> None:
    """End without tearing down every module that was loaded, which would take 200 ms."""
    if not isinstance(code, int):
        if code is not None:
            print(code, file=sys.stderr)
        code = int(code is not None)
    threading._shutdown()
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            code = 120  # as Python does
    os._exit(code)


def _text_stream(descriptor: int, like: TextIOWrapper) -> TextIOWrapper:
    buffering = 0 if descriptor and _UNBUFFERED else -1
    binary = open(descriptor, f"{like.mode}b", buffering, closefd=False)  # noqa: SIM115
    return TextIOWrapper(
        binary,
        encoding=like.encoding,
        errors=like.errors,
        line_buffering=descriptor == 2 or os.isatty(descriptor),
        write_through=_UNBUFFERED,
    )


def _load() -> None:
    """Load what commands load."""
    import pkgutil
    from importlib import import_module

    import xreview

    for module in pkgutil.walk_packages(xreview.__path__, "xreview."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    gc.freeze()


if __name__ == "__main__":
    _load()
    if request := _serve(socket.socket(fileno=int(sys.argv[1]))):
        _become(**request)
