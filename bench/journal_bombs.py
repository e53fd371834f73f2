"""Journals at a remote that are made to exhaust whoever pulls them: seconds and memory of each.

    python bench/journal_bombs.py [NAME ...]

Each is put into a bare repository by plumbing, as somebody with push rights could, and pulled by
`xreview-tui log pull` in a process of its own. The bounds are 20 seconds, and 500 MB for the
largest of the processes; what the command says is printed beside them.
"""

import hashlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

REFERENCE = "refs/xreview/journal"


class Remote:
    """A bare repository, and what git makes in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        subprocess.run(["git", "init", "--quiet", "--bare", str(folder)], check=True)

    def git(self, *words: str, input: bytes = b"") -> str:
        done = subprocess.run(
            ["git", "-C", str(self.folder), *words], input=input, capture_output=True, check=True
        )
        return done.stdout.decode().strip()

    def tree(self, rows: list[str]) -> str:
        return self.git("mktree", "--missing", input="".join(f"{row}\n" for row in rows).encode())

    def point_to(self, tree: str) -> None:
        words = ["-c", "user.name=x", "-c", "user.email=x@example.org", "commit-tree", tree]
        commit = self.git(*words, "-m", "bomb")
        self.git("update-ref", REFERENCE, commit)

    def import_files(self, files: list[tuple[str, bytes]]) -> None:
        """Commit files by their paths, through fast-import."""
        with tempfile.TemporaryFile() as stream:
            stream.write(f"commit {REFERENCE}\n".encode())
            stream.write(b"committer x <x@example.org> 0 +0000\ndata 0\n")
            for path, content in files:
                stream.write(b"M 100644 inline %s\ndata %d\n" % (path.encode(), len(content)))
                stream.write(content + b"\n")
            stream.seek(0)
            subprocess.run(
                ["git", "-C", str(self.folder), "fast-import", "--quiet"], stdin=stream, check=True
            )


def named(number: int, content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()[:32]
    key = hashlib.sha256(str(number).encode()).hexdigest()[:32]
    return f"events/{number % 256:02x}/{'0' * 30}/{key}-{digest}.json"


def wide(remote: Remote) -> None:
    tree = remote.tree([f"100644 blob {remote.git('hash-object', '-w', '--stdin')}\tx"])
    for _ in range(9):
        tree = remote.tree([f"040000 tree {tree}\td{number}" for number in range(10)])
    remote.point_to(tree)


def empty(remote: Remote) -> None:
    tree = remote.tree([])
    for _ in range(9):
        tree = remote.tree([f"040000 tree {tree}\td{number}" for number in range(10)])
    remote.point_to(tree)


def deep(remote: Remote) -> None:
    tree = remote.tree([f"100644 blob {remote.git('hash-object', '-w', '--stdin')}\tx"])
    for _ in range(3000):
        tree = remote.tree([f"040000 tree {tree}\td"])
    remote.point_to(tree)


def garbage(remote: Remote) -> None:
    remote.import_files([(f"f{number}", b"x%d" % number) for number in range(100_000)])


def entries(remote: Remote) -> None:
    contents = [b'{"n":%d}\n' % number for number in range(100_000)]
    remote.import_files([(named(n, content), content) for n, content in enumerate(contents)])


def proposals(remote: Remote) -> None:
    from dataclasses import replace

    from tests.journal.build import REJECT, decided

    from xreview.domain.events.shared_event import path_of, shared_form

    files: list[tuple[str, bytes]] = []
    for number in range(100_000):
        event = decided(f"d{number}", f"f{number}", decision=REJECT)
        event = replace(event, actor="Mallory <m@example.org>")
        content = shared_form(event)
        files.append((path_of(event, content), content))
    remote.import_files(files)


def huge(remote: Remote) -> None:
    content = b"x" * 300_000_000
    remote.import_files([(named(1, content), content)])


def repeated(remote: Remote) -> None:
    content = b"x" * 4_000_000
    blob = remote.git("hash-object", "-w", "--stdin", input=content)
    digest = hashlib.sha256(content).hexdigest()[:32]
    leaf = remote.tree([f"100644 blob {blob}\t{n:032x}-{digest}.json" for n in range(10_000)])
    middle = remote.tree([f"040000 tree {leaf}\t{n:030x}" for n in range(100)])
    top = remote.tree([f"040000 tree {middle}\t00"])
    remote.point_to(remote.tree([f"040000 tree {top}\tevents"]))


def large(remote: Remote) -> None:
    files: list[tuple[str, bytes]] = []
    for number in range(300):
        content = (b"%d" % number) * 1_500_000
        files.append((named(number, content[:4_000_000]), content[:4_000_000]))
    remote.import_files(files)


BOMBS: dict[str, Callable[[Remote], None]] = {
    made.__name__: made
    for made in (wide, empty, deep, garbage, entries, proposals, huge, repeated, large)
}


def pulled(folder: Path, remote: Path) -> tuple[float, float, float, str]:
    environ = os.environ | {
        "XREVIEW_DATA_DIR": str(folder / "data"),
        "XREVIEW_CONFIG_DIR": str(folder / "config"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "HOME": str(folder),
    }
    words = [sys.executable, __file__, "--measured", "log", "pull", str(remote), "--yes"]
    began = time.monotonic()
    done = subprocess.run(words, cwd=folder / "clone", env=environ, capture_output=True)
    seconds = time.monotonic() - began
    said, _, peak = done.stderr.decode().rpartition("\n@")
    memory, cpu = (peak or "0 0").split()
    return (
        seconds,
        float(cpu),
        int(memory) / 1024,
        f"{done.returncode}: {done.stdout.decode()} {said}",
    )


def measured(words: list[str]) -> None:
    from xreview.cli.main import run

    code = run(words)
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    used = [resource.getrusage(kind) for kind in kinds]
    peak = max(one.ru_maxrss for one in used)
    cpu = sum(one.ru_utime + one.ru_stime for one in used)
    sys.stderr.write(f"\n@{peak} {cpu}")
    sys.stderr.flush()
    os._exit(code)


def main_here() -> None:
    if sys.argv[1:2] == ["--measured"]:
        measured(sys.argv[2:])
    if sys.argv[1:2] == ["--made"]:
        BOMBS[sys.argv[2]](Remote(Path(sys.argv[3])))
        return
    for name in sys.argv[1:] or BOMBS:
        with tempfile.TemporaryDirectory() as holder:
            folder = Path(holder)
            remote = Remote(folder / "remote.git")
            # In a process of its own: a child begins with the memory that its parent had at most.
            maker = [sys.executable, __file__, "--made", name, str(remote.folder)]
            subprocess.run(maker, check=True)
            subprocess.run(["git", "init", "--quiet", str(folder / "clone")], check=True)
            seconds, cpu, peak, said = pulled(folder, remote.folder)
            shown = " ".join(said.replace(str(folder), "").split())
            print(
                f"{name:10} {seconds:6.1f} s ({cpu:5.1f} s CPU) {peak:6.0f} MB  {shown[:300]}",
                flush=True,
            )


if __name__ == "__main__":
    main_here()
