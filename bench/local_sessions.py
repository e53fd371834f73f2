"""How long the search of local agent sessions takes in a home full of transcripts.

    python bench/local_sessions.py [--size MB] [--deadline S] [--seed N]

Makes a home of about N MB of transcripts, half of Claude Code's and half of Codex's, a third of
both of other projects, and a change whose first half the newest session wrote and whose second
half the oldest did, so that everything has to be read. The baseline is a plain read of the same
bytes. Stalls are how late a one-millisecond timer of an event loop fires beside the search.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from xreview.repo.attribution.sessions.search import SessionsFound, session_evidence

WORDS = [f"{a}_{b}" for a in ("order", "cart", "price", "user", "queue") for b in "abcdefghij"]
SESSION_BYTES = 3_000_000
LINES = 400


class Home:
    """Transcripts of the worktree and of other projects, on disk."""

    def __init__(self, top: Path, size: int, seed: int) -> None:
        self.random = random.Random(seed)
        self.home, self.worktree = top / "home", top / "work" / "shop"
        self.worktree.mkdir(parents=True)
        self.lines = [f"    total_{n} = {self.words(5)}" for n in range(LINES)]
        self.files: list[Path] = []
        sessions = max(2, size * 1_000_000 // SESSION_BYTES)
        now = time.time()
        for number in range(sessions):
            mine = number in (0, sessions - 1) or number % 3 > 0
            folder = self.worktree if mine else top / "work" / f"other{number}"
            half = self.lines[: LINES // 2] if number == 0 else self.lines[LINES // 2 :]
            edit = half if number in (0, sessions - 1) else []
            write = self.claude if number % 2 == 0 else self.codex
            path = write(number, folder, edit)
            os.utime(path, (now - number * 60, now - number * 60))
            self.files.append(path)

    def words(self, count: int) -> str:
        return " + ".join(self.random.choices(WORDS, k=count))

    def text(self, size: int) -> str:
        line = "\n".join(f"    {self.words(4)}  # {self.random.random()}" for _ in range(20))
        return (line * (size // len(line) + 1))[:size]

    def claude(self, number: int, folder: Path, edit: list[str]) -> Path:
        name = "".join(c if c.isalnum() else "-" for c in str(folder))
        path = self.home / ".claude" / "projects" / name / f"{number:08}.jsonl"
        base = {"cwd": str(folder), "timestamp": "2026-01-01T10:00:00.000Z"}

        def called(tool: str, **given: str) -> dict[str, object]:
            part = {"type": "tool_use", "id": "t", "name": tool, "input": given}
            message = {"role": "assistant", "model": "claude-opus-4-8", "content": [part]}
            return {"type": "assistant", "message": message, **base}

        def records() -> Iterator[dict[str, object]]:
            while True:
                source = str(folder / f"src/{self.random.choice(WORDS)}.py")
                yield called("Read", file_path=source)
                yield {"type": "user", "toolUseResult": {"file": self.text(20_000)}, **base}
                yield {"type": "user", "message": {"content": self.text(2_000)}, **base}
                if self.random.random() < 0.2:
                    old, new = self.text(800), self.text(1_200)
                    yield called("Edit", file_path=source, old_string=old, new_string=new)
                    patch = {"filePath": source, "originalFile": self.text(30_000)}
                    hunks = [{"lines": [f"+{row}" for row in new.split("\n")]}]
                    yield {"type": "user", "toolUseResult": patch | {"structuredPatch": hunks}}

        last = called("Write", file_path=str(folder / "basket.py"), content="\n".join(edit))
        return self.write(path, [], records(), last if edit else None)

    def codex(self, number: int, folder: Path, edit: list[str]) -> Path:
        day = self.home / ".codex" / "sessions" / "2026" / "01" / f"{number % 28 + 1:02}"
        when = {"timestamp": "2026-01-01T10:00:00.000Z"}
        head: list[dict[str, object]] = [
            {"type": "session_meta", "payload": {"cwd": str(folder)}, **when},
            {"type": "turn_context", "payload": {"cwd": str(folder), "model": "gpt-5.2"}, **when},
        ]

        def patched(name: str, rows: list[str]) -> dict[str, object]:
            text = "\n".join(["*** Begin Patch", f"*** Add File: {name}", *(f"+{r}" for r in rows)])
            arguments = json.dumps({"cmd": f"apply_patch <<'EOF'\n{text}\n*** End Patch\nEOF"})
            call = {"type": "function_call", "name": "exec_command", "arguments": arguments}
            return {"type": "response_item", "payload": call, **when}

        def records() -> Iterator[dict[str, object]]:
            while True:
                output = {"type": "function_call_output", "output": self.text(15_000)}
                yield {"type": "response_item", "payload": output, **when}
                yield {"type": "event_msg", "payload": {"type": "token_count"}, **when}
                if self.random.random() < 0.2:
                    yield patched("src/x.py", self.text(1_200).split("\n"))

        last = patched("basket.py", edit) if edit else None
        return self.write(day / f"rollout-{number:08}.jsonl", head, records(), last)

    def write(
        self,
        path: Path,
        head: list[dict[str, object]],
        body: Iterator[dict[str, object]],
        last: dict[str, object] | None,
    ) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = [json.dumps(next(body), separators=(",", ":")) for _ in range(40)]
        with path.open("w") as file:
            for record in head:
                file.write(json.dumps(record, separators=(",", ":")) + "\n")
            while file.tell() < SESSION_BYTES:
                file.write("\n".join(rows) + "\n")
            if last:
                file.write(json.dumps(last, separators=(",", ":")) + "\n")
        return path


async def beside_a_loop(search: "asyncio.Future[SessionsFound]") -> tuple[SessionsFound, float]:
    """The result, and the longest time the event loop did not get to run."""
    worst = 0.0
    while not search.done():
        begin = time.perf_counter()
        await asyncio.sleep(0.001)
        worst = max(worst, time.perf_counter() - begin - 0.001)
    return search.result(), worst


async def beside_a_loop_only() -> tuple[SessionsFound, float]:
    """What the loop stalls by itself on this machine."""

    async def nothing() -> SessionsFound:
        await asyncio.sleep(2)
        return SessionsFound()

    return await beside_a_loop(asyncio.ensure_future(nothing()))


def plain_read(files: list[Path]) -> float:
    begin = time.perf_counter()
    for path in files:
        with path.open("rb", buffering=0) as file:
            while file.read(256 * 1024):
                pass
    return time.perf_counter() - begin


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=300, metavar="MB")
    parser.add_argument("--deadline", type=float, default=60.0, metavar="S")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fail-over", type=float, default=15.0, metavar="RATIO")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        with multiprocessing.get_context("fork").Pool(1) as pool:  # its memory is not measured
            home = pool.apply(Home, (Path(folder), given.size, given.seed))
        whole = dict(enumerate(home.lines, 1))
        newest = dict(list(whole.items())[: LINES // 2])

        def search(rows: dict[int, str]) -> SessionsFound:
            return session_evidence(
                home.worktree,
                {"basket.py": rows},
                datetime.fromtimestamp(0, UTC),
                {"HOME": str(home.home)},
                time.monotonic() + given.deadline,
            )

        async def measured(rows: dict[int, str]) -> tuple[SessionsFound, float, float]:
            begin = time.perf_counter()
            task = asyncio.ensure_future(asyncio.to_thread(search, rows))
            found, stall = await beside_a_loop(task)
            return found, time.perf_counter() - begin, stall

        size = sum(path.stat().st_size for path in home.files) / 1e6
        plain_read(home.files)  # so that both find the same in the cache
        baseline = plain_read(home.files)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        _, first, _ = asyncio.run(measured(newest))
        found, total, stall = asyncio.run(measured(whole))
        _, idle = asyncio.run(beside_a_loop_only())
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory
        print(
            f"{len(home.files)} sessions, {size:,.0f} MB: plain read {baseline:.2f} s\n"
            f"first evidence {first * 1000:.0f} ms, all {total:.2f} s"
            f"{'' if found.notices else f' ({total / baseline:.1f} x, {size / total:,.0f} MB/s)'}\n"
            f"peak memory +{grown / 1024:.0f} MB, longest stall of an event loop "
            f"{stall * 1000:.0f} ms (with nothing beside it {idle * 1000:.0f} ms)\n"
            f"evidence: {[(e.tool, e.model, e.confidence.word, e.lines) for e in found.evidence]}\n"
            f"notices: {found.notices}"
        )
    return int(total / baseline > given.fail_over)


if __name__ == "__main__":
    raise SystemExit(main())
