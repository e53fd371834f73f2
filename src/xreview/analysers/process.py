"""A worker process, started, asked and ended by this program."""

import asyncio
import atexit
import json
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from weakref import WeakSet

import xreview

_START = (
    "import sys; sys.path[{at}:{at}] = sys.argv[1:2]; sys.path.extend(sys.argv[2:]); "
    "from {module} import main; main()"
)
_LAST = 99
_PACKAGES = ("site-packages", "dist-packages")
_MOST_ANSWER_BYTES = 32 * 1024 * 1024
_started: WeakSet[asyncio.subprocess.Process] = WeakSet()


class WorkerLostError(Exception):
    """The worker crashed or gave no answer in time, and has been ended."""


def command(module: str) -> list[str]:
    """The command that runs `main` of a module with this interpreter and this program's packages.

    `-I` excludes the current folder, PYTHON* variables and the user's site folder.
    """
    own = Path(xreview.__file__).resolve().parents[1]
    packages = [entry for entry in sys.path if Path(entry).name in _PACKAGES]
    # A working tree goes before another one that is installed; packages never before Python's own.
    start = _START.format(at=_LAST if own.name in _PACKAGES else 0, module=module)
    return [sys.executable, "-I", "-c", start, str(own), *packages]


class WorkerProcess:
    """One worker, with its children in one process group."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        _started.add(process)

    @classmethod
    async def start(cls, argv: Sequence[str]) -> "WorkerProcess":
        """Start a worker. Raises OSError."""
        starting = asyncio.ensure_future(
            asyncio.create_subprocess_exec(
                *argv,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                cwd="/",  # never the reviewed repository
                env=_environment(),
                start_new_session=True,
                limit=_MOST_ANSWER_BYTES,
            )
        )
        try:
            return cls(await asyncio.shield(starting))
        except asyncio.CancelledError:
            # An unfinished start leaves pipes open and prints warnings.
            await cls(await starting).end()
            raise

    @property
    def pid(self) -> int:
        """The id of the process and of its group."""
        return self._process.pid

    async def ask(
        self, request: Mapping[str, Any], payloads: Sequence[bytes], seconds: float
    ) -> dict[str, Any]:
        """Send a request and return its answer; on failure, end the worker.

        Raises WorkerLostError.
        """
        try:
            async with asyncio.timeout(seconds):
                return await self._exchange(
                    {**request, "sizes": list(map(len, payloads))}, payloads
                )
        except TimeoutError:
            await self.end()
            raise WorkerLostError(f"the analysis took over {seconds:g} seconds") from None
        except (OSError, ValueError) as error:
            await self.end()
            raise WorkerLostError("the analysis crashed or exceeded its memory limit") from error

    async def _exchange(
        self, request: Mapping[str, Any], payloads: Sequence[bytes]
    ) -> dict[str, Any]:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(request).encode() + b"\n")
        stdin.writelines(payloads)
        await stdin.drain()
        return json.loads(await stdout.readline())

    async def end(self) -> None:
        """Kill the whole group and wait for it; does nothing if it is gone."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        if self._process.stdin is not None:
            self._process.stdin.close()
        await asyncio.shield(self._process.wait())


@atexit.register
def end_workers() -> None:
    """Kill and wait for the workers whose end nobody waited for, as when the app is left while they
    start: none outlives this program."""
    left = [process for process in _started if process.returncode is None]
    for process in left:
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    for process in left:
        with suppress(OSError):
            os.waitpid(process.pid, 0)


def _environment() -> dict[str, str]:
    """The worker's environment: from the user only how libraries are found."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "TZDIR") if name in os.environ}
    return {**kept, "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1", "RAYON_NUM_THREADS": "1"}
