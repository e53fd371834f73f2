"""What the product adds to starting a coding agent, and what its cancelled runs leave behind.

    PYTHONPATH=. python bench/agents.py [--runs N] [--cancelled N] [--only NAME] [--fail-over R]

Runs each real agent that `tests/agents/real.py` finds or installs against the loopback
double, turn by turn with its bare command as a person types it, and compares how long each takes
until the model is first asked and until its end, with a model that answers at once. Baseline: the
bare command in the same run; aim: at most 1.1 times as long to the end. Then cancels runs at
moments spread over their start, and looks for processes that are left: there must be none.
"""

import argparse
import asyncio
import os
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest
from tests.agents.real import (
    ALL,
    CLAUDE,
    CODEX,
    GEMINI,
    OPENCODE,
    Real,
    codex_at,
    environment,
    model_of,
    program_folder,
    signals_of,
)
from tests.fakes.provider_server.reply import Reply, Request
from tests.fakes.provider_server.server import ProviderServer
from tests.models.requests import PLAIN

from xreview.agents.base.agent import ReadableFolder
from xreview.agents.running.leash import MARKER
from xreview.agents.running.model import AgentPatience

BARE = {
    CLAUDE: ["-p", "--model", CLAUDE.model, "--output-format", "stream-json", "--verbose"],
    CODEX: ["exec", "--json", "--skip-git-repo-check", "-m", CODEX.model],
    GEMINI: ["-m", GEMINI.model, "-o", "stream-json", "--skip-trust", "-p", "Review stdin"],
    OPENCODE: ["run", "--format", "json", "-m", OPENCODE.model],
}


class Place:
    """A home, a checkout and a server for one agent."""

    def __init__(self, real: Real, server: ProviderServer, folder: Path) -> None:
        self.real, self.server = real, server
        self.home, self.top = folder / "home", folder / "project"
        self.top.mkdir()
        self.asked_at: list[float] = []
        answer = real.says("fine")

        def noting(request: Request) -> Reply:
            self.asked_at.append(time.monotonic())
            return answer if isinstance(answer, Reply) else answer(request)

        for path in real.paths:
            server.on(path, noting)

    def model(self, patience: AgentPatience | None = None):
        readable = ReadableFolder(self.top)
        return model_of(self.real, self.server, readable, self.home, patience=patience)

    async def ours(self) -> None:
        await signals_of(self.model(), PLAIN)

    async def by_hand(self) -> None:
        argv = [str(program_folder(self.real) / self.real.name), *BARE[self.real]]
        if self.real is CODEX:
            argv += [part for one in codex_at(self.server.url) for part in ("-c", one)]
        process = await asyncio.create_subprocess_exec(
            *argv,
            cwd=self.top,
            env=environment(self.real, self.server, self.home),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        await process.communicate(b"Be brief. Review this.")

    async def timed(self, run: Callable[[], Awaitable[None]]) -> tuple[float, float]:
        """Seconds until the model is first asked, and until the end of the run."""
        self.asked_at.clear()
        began = time.monotonic()
        await run()
        return self.asked_at[0] - began, time.monotonic() - began


async def compare(place: Place, runs: int) -> float:
    """Print the medians; the ratio of the whole runs."""
    await place.by_hand()
    await place.ours()
    ours, by_hand = [], []
    for _ in range(runs):
        by_hand.append(await place.timed(place.by_hand))
        ours.append(await place.timed(place.ours))
    ratio = 0.0
    for index, what in enumerate(("first question", "end")):
        own, bare = (statistics.median(one[index] for one in rows) for rows in (ours, by_hand))
        ratio = own / bare
        print(f"  until the {what:14} {own:6.2f} s  by hand {bare:6.2f} s  {ratio:5.2f}x")
    return ratio


async def cancel(place: Place, count: int, longest: float) -> None:
    """Start runs and cancel each a little later than the one before."""
    for number in range(count):
        task = asyncio.create_task(signals_of(place.model(AgentPatience(grace=0.5)), PLAIN))
        await asyncio.sleep(longest * (number + 1) / count)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def left_over() -> list[str]:
    """The processes of any run that still are there."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with suppress(OSError):
                if f"{MARKER}=".encode() in (entry / "environ").read_bytes():
                    found.append(f"{entry.name} {(entry / 'comm').read_text().strip()}")
    return found


async def measure(real: Real, folder: Path, runs: int, cancelled: int) -> tuple[float, list[str]]:
    async with ProviderServer() as server:
        place = Place(real, server, folder)
        ratio = await compare(place, runs) if runs else 0.0
        await cancel(place, cancelled, 1.0 if real in (CLAUDE, CODEX) else 3.0)
        return ratio, left_over()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--cancelled", type=int, default=100, help="of all agents together")
    parser.add_argument("--only", default="")
    parser.add_argument("--fail-over", type=float, default=1.1)
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    wanted = [real for real in ALL if given.only in ("", real.name)]
    failed = False
    for real in wanted:
        try:
            program_folder(real)
        except pytest.skip.Exception as skipped:
            print(f"{real.name}: {skipped}")
            continue
        print(f"{real.name} {real.version}")
        count = given.cancelled // len(wanted)
        with tempfile.TemporaryDirectory() as folder:
            measured = measure(real, Path(folder).resolve(), given.runs, count)
            ratio, left = asyncio.run(measured)
        print(f"  {count} cancelled runs left {len(left)} processes {' '.join(left)}")
        failed = failed or ratio > given.fail_over or bool(left)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
