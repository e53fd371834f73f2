"""What hostile sizes cost: seconds and memory until the program ends with a sentence.

    python bench/bombs.py [NAME …] [--seconds 20] [--megabytes 500]

Each bomb is made in a temporary folder and given to the real command with a data folder of its own.
Printed are the wall time, the peak resident memory of the whole process tree (sampled from /proc,
every 20 ms), both against the bounds, the exit code, and the sentence. Ends with 1 where a bound is
missed, a traceback is printed, or the review of a bomb counts as complete.

The baseline is the bound and no other program: nothing may grow with the bomb.
"""

import argparse
import asyncio
import gzip
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.provider_server import chat
from tests.fakes.provider_server.reply import json_reply
from tests.fakes.provider_server.server import ProviderServer

PAGE = os.sysconf("SC_PAGE_SIZE")
EVERY = 0.02
PROGRAM = (sys.executable, "-m", "xreview")


@dataclass(frozen=True, slots=True)
class Bomb:
    """A folder with something in it, and what is run there.

    Args:
        make: fills the folder, which is a repository with one commit.
        arguments: of the command.
        stdin: what is standard input, by its path; nothing otherwise.
        reply: what a model answers; asked only where there is one.
    """

    make: Callable[[Path], None]
    arguments: tuple[str, ...] = ("review",)
    stdin: str = os.devnull
    reply: Callable[[], str] | None = None


def git(folder: Path, *arguments: str) -> None:
    """Run git with no configuration of this machine."""
    subprocess.run(
        ["git", *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "GIT_CONFIG_NOSYSTEM": "1",
            **{
                f"GIT_{who}_{what}": "a"
                for who in ("AUTHOR", "COMMITTER")
                for what in ("NAME", "EMAIL")
            },
        },
    )


def committed(folder: Path) -> None:
    """Make all there is the last commit."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "bomb")


def repetitive_blob(folder: Path) -> None:
    """300 MB that take 1.8 MB in the repository."""
    with (folder / "bomb.py").open("wb") as file:
        for _ in range(300):
            file.write(b"x = 1  # pad pad\n" * 61_681)
    committed(folder)
    (folder / "bomb.py").unlink()
    git(folder, "checkout", "--", "bomb.py")


def long_line(folder: Path) -> None:
    """One line of 200 MB."""
    with (folder / "bomb.py").open("wb") as file:
        file.write(b"x = '")
        for _ in range(200):
            file.write(b"y" * 1_000_000)
        file.write(b"'\n")
    committed(folder)


def large_diff(folder: Path) -> None:
    """A file just under what git compares, every line of it changed."""
    (folder / "bomb.py").write_bytes(b"x = 1\n" * 2_600_000)
    committed(folder)
    (folder / "bomb.py").write_bytes(b"y = 2\n" * 2_600_000)


def many_untracked(folder: Path) -> None:
    """60,000 files that git does not track."""
    for number in range(60_000):
        (folder / f"f{number}.py").write_bytes(b"eval(input())\n")


def nothing(folder: Path) -> None:
    """The bomb is in the arguments."""


def many_in_patch(folder: Path) -> None:
    """A patch of 100,000 files."""
    with (folder.parent / "bomb.patch").open("w") as file:
        for n in range(100_000):
            file.write(f"diff --git a/f{n}.py b/f{n}.py\nnew file mode 100644\n--- /dev/null\n")
            file.write(f"+++ b/f{n}.py\n@@ -0,0 +1 @@\n+x = {n}\n")


def long_line_in_patch(folder: Path) -> None:
    """A patch with a line of 200 MB."""
    with (folder.parent / "bomb.patch").open("wb") as file:
        file.write(b"diff --git a/f.py b/f.py\n--- a/f.py\n+++ b/f.py\n@@ -0,0 +1 @@\n+")
        for _ in range(200):
            file.write(b"y" * 1_000_000)
        file.write(b"\n")


def many_results(folder: Path) -> None:
    """A SARIF file of 60,000 results."""
    (folder / "a.py").write_text("".join(f"x{n} = {n}\n" for n in range(2000)))
    result = {
        "ruleId": "r",
        "message": {"text": "something is wrong here"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "a.py"},
                    "region": {"startLine": 1},
                }
            }
        ],
    }
    results: list[object] = []
    for n in range(60_000):
        region = {"startLine": n % 2000 + 1}
        physical = {"artifactLocation": {"uri": "a.py"}, "region": region}
        message = {"text": f"{result['message']} {n}"}
        results.append(
            {**result, "message": message, "locations": [{"physicalLocation": physical}]}
        )
    run = {"tool": {"driver": {"name": "bomb"}}, "results": results}
    (folder.parent / "bomb.sarif").write_text(json.dumps({"version": "2.1.0", "runs": [run]}))


def zipped(folder: Path) -> None:
    """A gzip file of some megabytes that unpacks to 4 GB."""
    (folder / "a.py").write_text("x = 1\n")
    with gzip.open(folder.parent / "bomb.sarif.gz", "wb", 9) as file:
        for _ in range(4000):
            file.write(b" " * 1_000_000)


def small(folder: Path) -> None:
    """A change to ask a model about."""
    (folder / "cart.py").write_text("total = 0\n")


def many_findings() -> str:
    """An answer with 20,000 findings."""
    found = {
        "path": "cart.py",
        "quote": "total = 0",
        "line": 1,
        "category": "bug",
        "severity": "low",
        "confidence": "low",
        "claim": "It is never reset.",
        "scenario": "A second call counts on.",
    }
    return json.dumps({"findings": [{**found, "title": f"No. {n}"} for n in range(20_000)]})


ASKED = ("review", "--yes-egress", "--author", "anthropic", "--reviewer", "bomb")
BOMBS = {
    "blob-300-mb": Bomb(repetitive_blob, ("review", "--commit", "HEAD")),
    "line-200-mb": Bomb(long_line, ("review", "--commit", "HEAD")),
    "diff-16-mb": Bomb(large_diff),
    "untracked-60000": Bomb(many_untracked),
    "patch-dev-zero": Bomb(nothing, ("review", "--patch", "/dev/zero")),
    "patch-pipe-of-zeros": Bomb(nothing, ("review", "--patch", "-"), "/dev/zero"),
    "patch-100000-files": Bomb(many_in_patch, ("review", "--patch", "../bomb.patch")),
    "patch-line-200-mb": Bomb(long_line_in_patch, ("review", "--patch", "../bomb.patch")),
    "sarif-60000": Bomb(many_results, ("review", "--import", "../bomb.sarif")),
    "sarif-gz-4-gb": Bomb(zipped, ("review", "--import", "../bomb.sarif.gz")),
    "reply-3-mb-of-{},": Bomb(small, ASKED, reply=lambda: '{"findings": [' + "{}," * 1_000_000),
    "reply-20000-findings": Bomb(small, ASKED, reply=many_findings),
    "reply-40-mb-string": Bomb(small, ASKED, reply=lambda: '{"findings": ["' + "x" * 40_000_000),
    "reply-nested": Bomb(small, ASKED, reply=lambda: "[" * 3_000_000),
}


@contextmanager
def peak_of(process: "subprocess.Popen[bytes]") -> Iterator[list[int]]:
    """The most bytes that a process and its descendants had in memory at one time."""
    most = [0]
    is_over = threading.Event()

    def watch() -> None:
        while not is_over.wait(EVERY):
            most[0] = max(most[0], resident(process.pid))

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield most
    finally:
        is_over.set()
        watching.join()


def resident(root: int) -> int:
    """The memory of a tree of processes, in bytes; what they share counts for each."""
    parents: dict[int, int] = {}
    sizes: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
            sizes[int(entry.name)] = int(fields[21]) * PAGE
    total = 0
    for pid, size in sizes.items():
        at = pid
        while at not in (root, 0, 1):
            at = parents.get(at, 0)
        total += size if at == root else 0
    return total


@contextmanager
def answering(reply: Callable[[], str] | None) -> Iterator[str]:
    """A model that answers every question so; gives its address, "" where there is none."""
    if reply is None:
        yield ""
        return
    loop = asyncio.new_event_loop()
    serving = threading.Thread(target=loop.run_forever)
    serving.start()
    server = ProviderServer()
    asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result()
    message = {"role": "assistant", "content": reply()}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    server.on(chat.PATH, json_reply({"id": "1", "model": "m", "choices": [choice]}))
    server.on(chat.MODELS, json_reply({"object": "list", "data": [{"id": "m"}]}))
    try:
        yield server.url
    finally:
        asyncio.run_coroutine_threadsafe(server.__aexit__(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        serving.join()


def set_off(name: str, bomb: Bomb, limits: tuple[float, float]) -> bool:
    """Run one bomb and print its row; whether it stayed within the bounds."""
    with (
        tempfile.TemporaryDirectory(prefix="xreview-bomb-") as place,
        answering(bomb.reply) as url,
    ):
        folder = Path(place) / "project"
        folder.mkdir()
        git(folder, "init", "--quiet", "--initial-branch=main")
        (folder / "README.md").write_text("first\n")
        committed(folder)
        bomb.make(folder)
        code, seconds, megabytes, said = run(bomb, Path(place), folder, url)
    is_right = code in (1, 2, 3) and "Traceback" not in "\n".join(said)
    is_within = seconds <= limits[0] and megabytes <= limits[1]
    telling = (" not ", "can't", "only the first", "sent", "There is no")
    rows = [one for one in said if any(word in one for word in telling)]
    row = next((one for one in rows if not one.startswith("Nothing tells")), "")
    mark = "ok" if is_right and is_within else "MISS"
    print(f"{mark:5}{name:24}{seconds:7.1f} s {megabytes:7.0f} MB  {code}  {row[:150]}", flush=True)
    return is_right and is_within


def run(bomb: Bomb, place: Path, folder: Path, url: str) -> tuple[int, float, float, list[str]]:
    """Exit code, seconds, peak of the tree in megabytes, and the lines on standard error."""
    (place / "config").mkdir()
    (place / "config" / "config.toml").write_text(
        f'[reviewers.bomb]\nprovider = "compatible"\nmodel = "m"\nbase_url = "{url}/v1"\n'
        "context = 128000\n"
        if url
        else ""
    )
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(place / "home"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "XREVIEW_DATA_DIR": str(place / "data"),
        "XREVIEW_CONFIG_DIR": str(place / "config"),
        "XREVIEW_LOCAL_PORTS": "",
    }
    began = time.monotonic()
    with Path(bomb.stdin).open("rb") as stdin:
        process = subprocess.Popen(
            [*PROGRAM, *bomb.arguments],
            cwd=folder,
            env=environ,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    with peak_of(process) as most:
        _, complaint = process.communicate(timeout=600)
    lines = complaint.decode("utf-8", "replace").splitlines()
    return process.returncode, time.monotonic() - began, most[0] / 1e6, lines


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BOMBS))
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--megabytes", type=float, default=500)
    arguments = parser.parse_args()
    chosen = arguments.names or list(BOMBS)
    limits = (arguments.seconds, arguments.megabytes)
    held = [set_off(name, BOMBS[name], limits) for name in chosen]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
