"""Opening a large pull request, until the first finding of what was said on it.

    python bench/pulls.py [--files 3000] [--comments 2000] [--rounds 3] [--way clone --way api]
                          [--fail-if 'clone beyond > 3' --fail-if 'api beyond > 3' …]

The forge is the tests' loopback GitHub in a process of its own, over a real repository. It has
answered everything once before a time is taken, so that its own time is next to nothing but git's.
For each way, in a clone of the repository and over the API without one:

`first finding`       seconds from the start of a review to the first snapshot with a finding that
                      is a thread of the pull request; the median of --rounds
`server`              how long the server was busy in that time, with git's part
`beyond`              the difference: the aim is 3 seconds at most
`whole review`        seconds to the review's end, with the analysers; once
`server at first`     how long the server was busy in that time, answering all for the first time
`peak memory`         of the whole review, in MB
`memory by comments`  that against the one with a quarter of the comments
`memory by files`     that against the one with a tenth of the files

Ends with 1 where a figure is above a `--fail-if`. Nothing else should run on the machine.
"""

import argparse
import asyncio
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests.fakes.forge_server import ForgeServer
from tests.repo.builder import Builder, isolated_environment

from xreview.config.paths import Folders
from xreview.config.schema import Settings
from xreview.domain.pull.address import ForgeHost, ForgeKind
from xreview.repo.change.request import ChangeRequest
from xreview.review.assembly.headless import review_once
from xreview.review.assembly.run_options import RunOptions
from xreview.review.session.snapshot import ReviewSnapshot

PROJECT, NUMBER = "acme/shop", 1
WAYS = ("clone", "api")
_LINES, _CHANGED = 30, 12
_REPLIED = 4
"""One of so many comments is a reply."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--files", type=int, default=3000)
    parser.add_argument("--comments", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--way", action="append", choices=WAYS)
    parser.add_argument("--fail-if", action="append", default=[], metavar="FIGURE>NUMBER")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--open", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        serve(arguments.files, arguments.comments)
        return 0
    if arguments.open:
        print(json.dumps(asyncio.run(opened(**json.loads(arguments.open)))), flush=True)
        return 0
    figures: dict[str, float] = {}
    for way in arguments.way or WAYS:
        measured = measure(way, arguments.files, arguments.comments, arguments.rounds)
        figures |= {f"{way} {name}": value for name, value in measured.items()}
    for name, value in figures.items():
        print(f"{name:28}{value:10.2f}")
    return fails(figures, arguments.fail_if)


def fails(figures: dict[str, float], bounds: list[str]) -> int:
    code = 0
    for bound in bounds:
        name, number = re.fullmatch(r"(.*?)\s*>\s*([\d.]+)", bound).groups()  # type: ignore[union-attr] # a usage error
        if figures[name] > float(number):
            print(f"too much: {name} is {figures[name]:.2f}, above {number}")
            code = 1
    return code


def measure(way: str, files: int, comments: int, rounds: int) -> dict[str, float]:
    with serving(files, comments) as server:
        whole = server.review(way, is_whole=True)
        firsts = [server.review(way, is_whole=False) for _ in range(rounds)]
    firsts.sort(key=lambda one: one["first"] - one["server"])
    median = firsts[len(firsts) // 2]
    with serving(files, comments // 4) as server:
        fewer_comments = server.review(way, is_whole=True)
    with serving(files // 10, comments) as server:
        fewer_files = server.review(way, is_whole=True)
    return {
        "first finding": statistics.median(one["first"] for one in firsts),
        "server": median["server"],
        "beyond": median["first"] - median["server"],
        "whole review": whole["all"],
        "server at first": whole["server"],
        "peak memory": whole["memory"],
        "memory by comments": whole["memory"] / fewer_comments["memory"],
        "memory by files": whole["memory"] / fewer_files["memory"],
    }


@dataclass
class Server:
    """The server's process. It answers a line with how long it was busy since the last one."""

    process: "subprocess.Popen[str]"
    origin: str
    token: str
    environment: dict[str, str]

    def review(self, way: str, *, is_whole: bool) -> dict[str, float]:
        """Review in a process of its own, and in folders that hold nothing yet."""
        with tempfile.TemporaryDirectory(prefix="bench-pulls-") as name:
            folder = Path(name)
            (folder / "work").mkdir()
            if way == "clone":
                url = f"{self.origin}/{PROJECT}.git"
                words = ["git", "clone", "--quiet", url, str(folder / "work")]
                subprocess.run(words, check=True, env=self.environment)
            self._busy()
            given = {"folder": name, "origin": self.origin, "token": self.token}
            done = subprocess.run(
                [sys.executable, __file__, "--open", json.dumps({**given, "is_whole": is_whole})],
                env=self.environment,
                stdout=subprocess.PIPE,
                check=True,
            )
            return {**json.loads(done.stdout), "server": self._busy()}

    def _busy(self) -> float:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())


@contextmanager
def serving(files: int, comments: int) -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="bench-home-") as home:
        environment = isolated_environment(Path(home))
        environment["PYTHONPATH"] = os.pathsep.join(sys.path)
        words = [sys.executable, __file__, "--serve"]
        process = subprocess.Popen(
            [*words, "--files", str(files), "--comments", str(comments)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdin
        assert process.stdout
        try:
            origin, token = process.stdout.readline().split()
            yield Server(process, origin, token, environment)
        finally:
            process.stdin.close()
            process.wait()


def serve(files: int, comments: int) -> None:
    """The server's part."""
    with tempfile.TemporaryDirectory() as name, ForgeServer(checks=False, remembers=True) as server:
        builder = repository(Path(name) / "shop", files)
        tokens = [server.account(login) for login in ("ada", "reviewer[bot]", "bob")]
        project = server.project(PROJECT, builder.top)
        pull = project.open_pull(NUMBER, head="topic", author="ada", title="Change everything")
        project.repository.git("update-ref", "-d", "refs/heads/topic")
        for number in range(comments):
            if number % _REPLIED == _REPLIED - 1:
                pull.threads[-1].reply("ada", f"Reply {number}: it is meant to be so.")
            else:
                path = path_of(number % files)
                body = f"**Problem {number}**\n\nThe result of `f{number}` is never checked."
                pull.comment("reviewer[bot]", path, _CHANGED, body)
        print(server.host.origin, tokens[-1], flush=True)
        for _ in sys.stdin:
            print(server.seconds, flush=True)
            server.seconds = 0.0


def repository(top: Path, files: int) -> Builder:
    """`main` and `topic`, which changes a line of each file."""
    builder = Builder(top)
    with tempfile.TemporaryFile() as script:
        for branch, changed in (("main", False), ("topic", True)):
            write_commit(script, branch, files, is_changed=changed)
        script.seek(0)
        builder.git("fast-import", "--quiet", input=script.read())
    return builder


def write_commit(script: IO[bytes], branch: str, files: int, *, is_changed: bool) -> None:
    parent = "from refs/heads/main\n" if is_changed else ""
    who = "Ada Example <ada@example.org> 1700000000 +0000"
    script.write(f"commit refs/heads/{branch}\ncommitter {who}\ndata 1\nx\n{parent}".encode())
    for number in range(files):
        content = content_of(number, is_changed=is_changed)
        script.write(b"M 100644 inline %b\ndata %d\n" % (path_of(number).encode(), len(content)))
        script.write(content + b"\n")


def path_of(number: int) -> str:
    return f"shop/part_{number // 100:02d}/module_{number:04d}.py"


def content_of(number: int, *, is_changed: bool) -> bytes:
    lines = [f"VALUE_{line} = {number + line}" for line in range(1, _LINES + 1)]
    if is_changed:
        lines[_CHANGED - 1] = f"VALUE_{_CHANGED} = {number} * 2"
    return ("\n".join(lines) + "\n").encode()


async def opened(folder: str, origin: str, token: str, is_whole: bool) -> dict[str, float]:
    """The review's part: when what was there, in seconds, and the process's peak memory in MB."""
    began = time.perf_counter()
    seen: dict[str, float] = {}
    request = ChangeRequest(Path(folder, "work"), pull=f"{origin}/{PROJECT}/pull/{NUMBER}")
    task = asyncio.ensure_future(
        review_once(
            request,
            options_of(Path(folder), origin, token),
            on_progress=watcher(seen, began, lambda: is_whole or task.cancel()),
        )
    )
    try:
        await task
    except asyncio.CancelledError:
        if is_whole or "first" not in seen:
            raise
    seen["all"] = time.perf_counter() - began
    seen["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return seen


def watcher(
    seen: dict[str, float], began: float, stop: Callable[[], object]
) -> Callable[[ReviewSnapshot], None]:
    """Notes when the first thread is a finding, and stops then."""

    def watch(snapshot: ReviewSnapshot) -> None:
        if "first" not in seen and any(
            report.source for finding in snapshot.findings for report in finding.reports
        ):
            seen["first"] = time.perf_counter() - began
            stop()

    return watch


def options_of(folder: Path, origin: str, token: str) -> RunOptions:
    """The options of a user who has told about the host, with a token in a netrc file."""
    netrc = folder / "netrc"
    host = ForgeHost(ForgeKind.GITHUB, origin).name.partition(":")[0]
    netrc.write_text(f"machine {host} login bob password {token}\n")
    netrc.chmod(0o600)
    folders = Folders(*(folder / name for name in ("config", "data", "cache", "state")))
    settings = Settings(forges={origin: ForgeKind.GITHUB})
    return RunOptions(settings, folders, {"NETRC": str(netrc), "PATH": "/nowhere"})


if __name__ == "__main__":
    sys.exit(main())
