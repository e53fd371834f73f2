"""A review by a model over HTTP, against the best that the server's own time allows.

    python bench/reviewing.py [--files 60] [--at-once 8] [--reviews 1000]
                              [--fail-if 'schedule > 1.1' --fail-if 'latency p99 > 50' …]

The server is the tests' double in a process of its own, with scripted latencies. Four figures:

`schedule`  the time of a review of --files files, each a request that takes 0.2 to 1 second, with
            --at-once at the same time, against the best schedule in that order; `schedule bound`
            is against the sum of the latencies through --at-once, which hardly any order reaches.
`latency`   from the moment at which the server sends the last byte of a finding to the moment at
            which a snapshot of the session shows it, in milliseconds; the session writes a journal.
`cached`    the same review again, in milliseconds, and how many requests it makes (none).
`memory`    resident memory after --reviews reviews in this process against after a tenth of them.

Ends with 1 where a figure is above a `--fail-if`. Nothing else should run on the machine.
"""

import argparse
import asyncio
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.fakes.provider_server import openai as double
from tests.fakes.provider_server.reply import Reply, Request, event_stream, frame
from tests.fakes.provider_server.server import ProviderServer
from tests.fakes.reviewer import GivenContents

from xreview.config.prices import load_prices
from xreview.domain.change import Change, ChangeKind, ChangeSource, FileDiff, FileStatus
from xreview.domain.report import Lens, ReviewerIdentity, ReviewerKind
from xreview.ports.provider import ReviewerSettings
from xreview.ports.reviewer import Reviewer
from xreview.review.asking.answerer import Answerer, Voice
from xreview.review.asking.models import ModelMaker
from xreview.review.asking.money import Money, Terms
from xreview.review.asking.prospects import prospect_of
from xreview.review.asking.reply_cache import ReplyCache
from xreview.review.asking.reviewer import REVIEW_SECONDS, Asking, ModelReviewer
from xreview.review.egress.secrets import find_secrets
from xreview.review.session.ledger import Ledger
from xreview.review.session.session import ReviewSession, Surroundings

_SEED = 20261121
_STREAMED_FINDINGS = 40
_PAUSE = 0.05


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--files", type=int, default=60)
    parser.add_argument("--at-once", type=int, default=8)
    parser.add_argument("--reviews", type=int, default=1000)
    parser.add_argument("--fail-if", action="append", default=[], metavar="FIGURE>NUMBER")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        asyncio.run(serve(arguments.files))
        return 0
    find_secrets("x = 1\n", "warm.py")  # the detectors' own start is not what is measured
    server = subprocess.Popen(
        [sys.executable, __file__, "--serve", "--files", str(arguments.files)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert server.stdout is not None
    url = server.stdout.readline().strip()
    try:
        figures = asyncio.run(measure(url, arguments))
    finally:
        server.terminate()
        server.wait()
    for name, value in figures.items():
        print(f"{name:24}{value:10.2f}")
    return fails(figures, arguments.fail_if)


def fails(figures: dict[str, float], bounds: list[str]) -> int:
    code = 0
    for bound in bounds:
        name, number = re.fullmatch(r"(.*?)\s*>\s*([\d.]+)", bound).groups()  # type: ignore[union-attr] # a usage error
        if figures[name] > float(number):
            print(f"too much: {name} is {figures[name]:.2f}, above {number}")
            code = 1
    return code


# the server


class StampingServer(ProviderServer):
    """Makes late pieces when it sends them."""

    async def _send(self, pieces: Sequence[bytes], pause: float, writer: Any) -> None:
        for piece in pieces:
            made = piece.make(piece.number) if isinstance(piece, Late) else piece
            await super()._send((made,), 0.0, writer)
            await asyncio.sleep(pause)


async def serve(files: int) -> None:
    latencies = latencies_of(files)
    async with StampingServer() as server:
        server.on(double.PATH, lambda request: answer(request, latencies))
        print(server.url, flush=True)
        await asyncio.Event().wait()


def latencies_of(files: int) -> list[float]:
    chance = random.Random(_SEED)
    return [round(chance.uniform(0.2, 1.0), 3) for _ in range(files)]


def answer(request: Request, latencies: list[float]) -> Reply:
    question = json.dumps(request.json)
    if match := re.search(r"stream_(\d+)", question):
        return streaming(match[0])
    match = re.search(r"module_(\d+)", question)
    latency = latencies[int(match[1])] if match else 0.0
    name = match[0] if match else "quick"
    text = json.dumps({"findings": [finding(name, name)]})
    events = double.events_of([double.message(text)])
    return event_stream(frame(event, event["type"]) for event in events).changed(latency=latency)


def streaming(name: str) -> Reply:
    """Findings one after the other, each with the time at which it is sent in its title."""
    events = double.events_of([double.message("@")])
    deltas = [event for event in events if event["type"].endswith("output_text.delta")]
    before = events[: events.index(deltas[0])]
    kind = deltas[0]["type"]

    def delta(text: str) -> bytes:
        return frame({**deltas[0], "delta": text}, kind).encode()

    def late(number: int) -> bytes:
        said = finding(name, f"line {number} {time.time():.6f}")
        said |= {"start_line": number + 1, "quote": line(name, number)}
        return delta(('{"findings":[' if number == 0 else ",") + json.dumps(said))

    head = b"".join(frame(event, event["type"]).encode() for event in before)
    item = double.message("said in the deltas")
    done = frame({"type": "response.completed", "response": double.document([item])}, "")
    pieces = (
        head,
        *(Late(late, number) for number in range(_STREAMED_FINDINGS)),
        delta("]}"),
        done.encode(),
    )
    return event_stream(()).changed(pieces=pieces, pause=_PAUSE)


class Late(bytes):
    """A piece that is made at the moment at which it is sent."""

    make: Callable[[int], bytes]
    number: int

    def __new__(cls, make: Callable[[int], bytes], number: int) -> "Late":
        made = super().__new__(cls, b"?")
        made.make, made.number = make, number
        return made


def finding(name: str, title: str) -> dict[str, Any]:
    return {
        "path": f"src/{name}/code.py",
        "side": "new",
        "start_line": 1,
        "quote": f"{name} = 1",
        "title": title,
        "claim": f"{title} is never read again.",
        "scenario": "",
        "settle": "",
        "category": "edge-case",
        "severity": "low",
        "confidence": "low",
        "request": None,
        "suggestion": None,
    }


# the client


async def measure(url: str, arguments: argparse.Namespace) -> dict[str, float]:
    latencies = latencies_of(arguments.files)
    best = max(sum(latencies) / arguments.at_once, max(latencies))
    names = [f"module_{number}" for number in range(arguments.files)]
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        cache = ReplyCache(Path(folder) / "replies")
        async with reviewer_at(url, arguments.at_once, cache) as (reviewer, maker):
            begin = time.perf_counter()
            found = await review(reviewer, names, Path(folder))
            took = time.perf_counter() - begin
            assert found == arguments.files, found
            figures["schedule"] = took / greedy(latencies, names, arguments.at_once)
            figures["schedule bound"] = took / best
            figures["schedule seconds"] = took
            begin = time.perf_counter()
            await review(reviewer, names, Path(folder))
            figures["cached ms"] = (time.perf_counter() - begin) * 1000
            figures |= await streamed(reviewer, Path(folder))
            del maker
        figures |= await memory(url, arguments.reviews)
    return figures


def greedy(latencies: list[float], names: list[str], at_once: int) -> float:
    """How long it takes to ask in the order of the paths, each as soon as a slot is free: what can
    be had by somebody who does not know how long each answer will take."""
    slots = [0.0] * at_once
    for name in sorted(names):
        slots.sort()
        slots[0] += latencies[int(name.removeprefix("module_"))]
    return max(slots)


@asynccontextmanager
async def reviewer_at(
    url: str, at_once: int, cache: ReplyCache | None
) -> AsyncGenerator[tuple[ModelReviewer, ModelMaker], None]:
    settings = ReviewerSettings(
        "gpt",
        "openai",
        "gpt-6.2-sol",
        base_url=f"{url}/v1",
        key_variable="BENCH_KEY",
    )
    prospect = prospect_of(settings, {"BENCH_KEY": "sk-bench"})
    maker = ModelMaker(load_prices())
    model = maker.model(prospect)
    terms = Terms(Money(1000.0), None, True)
    identity = ReviewerIdentity("gpt", ReviewerKind.MODEL, "openai", "gpt-6.2-sol")
    slots = asyncio.Semaphore(at_once)
    answerer = Answerer(identity, Voice(model, terms), slots, cache=cache, seconds=REVIEW_SECONDS)
    try:
        yield ModelReviewer(Asking(answerer, Lens.RISK)), maker
    finally:
        await maker.close()


async def review(reviewer: Reviewer, names: list[str], folder: Path) -> int:
    """One session over one added file for each name; how many findings it ended with."""
    count = 0
    async for snapshot in session_of(reviewer, names, folder):
        count = len(snapshot.findings)
    return count


async def session_of(reviewer: Reviewer, names: list[str], folder: Path) -> Any:
    files = [added(name) for name in names]
    given = Surroundings(
        f"bench {uuid.uuid4().hex}",
        "bench",
        lambda: datetime.now(UTC).isoformat(timespec="microseconds"),
        lambda: uuid.uuid4().hex,
    )
    source = ChangeSource(ChangeKind.WORKTREE, "bench", "")
    change = Change(source, tuple(files))
    session = ReviewSession(change, [reviewer], Ledger(folder / "journal.sqlite3"), given)
    await session.open()
    texts = {
        file.path: "\n".join(lines_of(name)) + "\n" for file, name in zip(files, names, strict=True)
    }
    contents = GivenContents(texts)
    try:
        async with aclosing(session.review(contents)) as snapshots:
            async for snapshot in snapshots:
                yield snapshot
    finally:
        await session.close()


def line(name: str, number: int) -> str:
    """Line `number` of a file, from 0 on."""
    return f"{name} = 1" if number == 0 else f"{name}_{number} = {number}"


def lines_of(name: str) -> list[str]:
    """A file of one line; of one for each finding where they are streamed."""
    return [line(name, number) for number in range(_STREAMED_FINDINGS if "stream" in name else 1)]


def added(name: str) -> FileDiff:
    lines = lines_of(name)
    body = f"@@ -0,0 +1,{len(lines)} @@\n" + "".join(f"+{one}\n" for one in lines)
    return FileDiff(f"src/{name}/code.py", FileStatus.ADDED, new_mode="100644", body=body.encode())


async def streamed(reviewer: Reviewer, folder: Path) -> dict[str, float]:
    seen: dict[str, float] = {}
    async for snapshot in session_of(reviewer, ["stream_1", "stream_2"], folder):
        now = time.time()
        for found in snapshot.findings:
            for report in found.reports:
                seen.setdefault(report.title, now)
    waits = sorted((at - float(title.split()[-1])) * 1000 for title, at in seen.items())
    assert len(waits) == 2 * _STREAMED_FINDINGS, len(waits)
    cuts = statistics.quantiles(waits, n=100)
    return {"latency p50": cuts[49], "latency p99": cuts[98]}


async def memory(url: str, reviews: int) -> dict[str, float]:
    early = 0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(reviews):
            async with reviewer_at(url, 8, None) as (reviewer, _):
                await review(reviewer, [f"quick_{number}"], Path(folder))
            if number == reviews // 10:
                early = resident()
    return {"memory ratio": resident() / early, "memory MB": resident() / 2**20}


def resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    raise SystemExit(main())
