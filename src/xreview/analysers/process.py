"""The worker's process, seen from the reviewer: start, ask, end."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import xreview

_START = (
    "import sys; sys.path.extend(sys.argv[1:]);from xreview.analysers.worker import main; main()"
)
_MOST_ANSWER_BYTES = 32 * 1024 * 1024


class WorkerLostError(Exception):
    """The worker ended or gave no answer in time; it is gone. The message says which."""


def command() -> list[str]:
    """How to start a worker with this interpreter and this program's packages.

    `-I` keeps the current folder, PYTHON* variables and the user's site folder out. What the
    program needs is then named: its own folder and the package folders it was started with.
    """
    own = str(Path(xreview.__file__).resolve().parents[1])
    packages = [
        entry for entry in sys.path if Path(entry).name in ("site-packages", "dist-packages")
    ]
    return [sys.executable, "-I", "-c", _START, own, *packages]


class WorkerProcess:
    """One worker. It and what it starts are a process group of their own, ended as one."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

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
            # Half a start leaves pipes open and complaints behind: finish it, then end the worker.
            await cls(await starting).end()
            raise

    @property
    def pid(self) -> int:
        """The process id, which is that of its group too."""
        return self._process.pid

    async def ask(
        self, request: Mapping[str, Any], payloads: Sequence[bytes], seconds: float
    ) -> dict[str, Any]:
        """Send a request and wait for its answer. Raises WorkerLostError, having ended it."""
        try:
            async with asyncio.timeout(seconds):
                return await self._exchange(
                    {**request, "sizes": list(map(len, payloads))}, payloads
                )
        except TimeoutError:
            await self.end()
            raise WorkerLostError(f"the analysis took over {seconds:g} seconds") from None
        except (OSError, ValueError) as error:
            # A broken pipe, or a torn answer: the process died in the middle of it.
            await self.end()
            raise WorkerLostError(
                "the analysis crashed, or needed more memory than it may have"
            ) from error

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
        """End the whole group and wait until it is gone; harmless when it is already."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        if self._process.stdin is not None:
            self._process.stdin.close()
        await asyncio.shield(self._process.wait())


def _environment() -> dict[str, str]:
    """What the worker gets to see: nothing of the user's but how libraries are found."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "TZDIR") if name in os.environ}
    return {**kept, "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1", "RAYON_NUM_THREADS": "1"}
