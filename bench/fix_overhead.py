"""What a disposable tree costs beyond the fixer, against git's own worktree; and kills.

    python ../shared/tools/make_repos.py DIR w1 w3 --worktree
    python bench/fix_overhead.py DIR [--names w1,w3-wt] [--runs 5] [--changes 20] [--aim 3]
    python bench/fix_overhead.py DIR --names w1-wt --kills 200 [--seed 1]

Each run proves the checkout unchanged (`checkout_state` before and after), copies it, changes some
files as a fixer does, takes the patch, runs "old tests on new code" (`put` there and back), applies
it, takes it back, and removes the tree. The baseline, in the same run, is `git worktree add`, the
same changes, `git add` and `git diff`, and `git worktree remove`; it has HEAD's files only, not the
user's. With `--kills`, a process that does all of it but apply is killed at a random moment, so
often; every file of the checkout, its `.git` included, must then be the same, and the fix must be
listed as left over and be removable. Ends with 1 where that fails, or the median is above the aim.
"""

import argparse
import hashlib
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from xreview.repo.disposable.applying import PatchApplying
from xreview.repo.disposable.checkout import checkout_state
from xreview.repo.disposable.shelf import FixShelf
from xreview.repo.disposable.tree import DisposableTree
from xreview.repo.repository import find_repository

COUNTED = ("state", "create", "patch", "old tests", "apply", "state again")
BASELINE = ("git worktree", "git diff")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--names", default="w1,w3-wt")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--changes", type=int, default=20)
    parser.add_argument("--aim", type=float, default=3.0, help="seconds")
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)  # the process to kill
    arguments = parser.parse_args()
    if arguments.work:
        work(arguments.folder, arguments.work, arguments.changes)
        return 0
    ends = 0
    for name in arguments.names.split(","):
        top = arguments.folder / name
        if arguments.kills:
            ends |= kill(top, arguments.kills, arguments.changes, random.Random(arguments.seed))
        else:
            ends |= measure(top, arguments.runs, arguments.changes, arguments.aim)
    return ends


class Stopwatch:
    """Seconds by name, a list for all runs."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds.setdefault(name, []).append(time.perf_counter() - start)

    def total(self, names: tuple[str, ...]) -> float:
        """The median over the runs of the sum of these."""
        return statistics.median(
            map(sum, zip(*(self.seconds[name] for name in names), strict=True))
        )


def measure(top: Path, runs: int, changes: int, aim: float) -> int:
    watch = Stopwatch()
    before = hashed(top)
    with tempfile.TemporaryDirectory() as state:
        for number in range(runs):
            fix(top, Path(state) / f"fix{number}", changes, watch)
            plain(top, Path(state) / f"plain{number}", changes, watch)
    for name, seconds in watch.seconds.items():
        print(f"{top.name:8} {name:14} {statistics.median(seconds):7.3f} s")
    total, baseline = watch.total(COUNTED), watch.total(BASELINE)
    print(
        f"{top.name:8} {'overhead':14} {total:7.3f} s (aim {aim:g} s; plain git {baseline:.3f} s)"
    )
    if hashed(top) != before:
        print(f"{top.name}: the checkout is different now")
        return 1
    return int(total > aim)


def fix(top: Path, folder: Path, changes: int, watch: Stopwatch, applies: bool = True) -> None:
    repository = find_repository(top)
    with watch("state"):
        before = checkout_state(repository)
    with watch("create"):
        tree = DisposableTree.create(repository, folder)
    tree.hide(lambda path: path.endswith(("CLAUDE.md", ".env")))
    paths = change(tree.top, changes)
    tree.restore()
    with watch("patch"):
        patch = tree.patch()
    assert {file.path for file in patch.files} == set(paths)
    with watch("old tests"):
        tree.put(tree.base, paths[:3])
        tree.put(patch.tree, paths[:3])
    with watch("state again"):
        assert checkout_state(repository) == before
    if applies:
        use = PatchApplying(tree, repository, patch)
        with watch("apply"):
            done = use.apply(None)
        assert set(done.paths) == set(paths)
        with watch("revert"):
            use.revert(done.id)
    with watch("remove"):
        tree.remove()


def change(top: Path, count: int) -> list[str]:
    """Add a line to files, as many in each run."""
    files = sorted(one for one in top.rglob("*") if one.is_file() and ".git" not in one.parts)
    chosen = files[:: max(1, len(files) // count)][:count]
    for one in chosen:
        one.write_bytes(one.read_bytes() + b"changed by the fixer\n")
    return [str(one.relative_to(top)) for one in chosen]


def plain(top: Path, folder: Path, changes: int, watch: Stopwatch) -> None:
    def git(place: Path, *arguments: str) -> None:
        command = ["git", "-c", "core.hooksPath=/dev/null", *arguments]
        subprocess.run(command, cwd=place, check=True, stdout=subprocess.DEVNULL)

    copy = folder.with_name(f"{folder.name}.git")
    shutil.copytree(top / ".git", copy)  # the baseline writes into the repository
    (folder.parent / folder.name).mkdir()
    with watch("git worktree"):
        git(copy, "worktree", "add", "--quiet", "--detach", str(folder / "tree"), "HEAD")
    change(folder / "tree", changes)
    with watch("git diff"):
        git(folder / "tree", "add", "-A")
        git(folder / "tree", "diff", "--cached", "HEAD")
    with watch("git remove"):
        git(copy, "worktree", "remove", "--force", str(folder / "tree"))


def kill(top: Path, kills: int, changes: int, choose: random.Random) -> int:
    before = hashed(top)
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as state:
        shelf = FixShelf(Path(state))
        longest = worked(top, Path(state), changes, None)
        ended = 0
        for number in range(kills):
            ended += worked(top, Path(state), changes, choose.uniform(0, longest)) < longest
            if hashed(top) != before:
                print(f"BROKEN: kill {number} changed {top}")
                return 1
            left = shelf.list()
            if any(one.is_running for one in left):
                print(f"BROKEN: kill {number} left a lock")
                return 1
            for one in left:
                shelf.remove(one.id)
        if any(Path(state).iterdir()):
            print("BROKEN: something is left on the shelf")
            return 1
    seconds = time.perf_counter() - start
    print(f"{top.name}: {kills} kills in {seconds:.0f} s, {len(before):,} entries unchanged")
    return 0


def worked(top: Path, state: Path, changes: int, seconds: float | None) -> float:
    """Run `work` in a process, killed after so many seconds; returns how long it ran."""
    command = [sys.executable, __file__, str(top), "--work", str(state)]
    with subprocess.Popen([*command, f"--changes={changes}"]) as process:
        start = time.perf_counter()
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            code = 0 if process.wait() == -signal.SIGKILL else 1
        if code:
            raise SystemExit(f"the process to kill ended with {code}")
        return time.perf_counter() - start


def work(top: Path, state: Path, changes: int) -> None:
    shelf = FixShelf(state)
    id = f"fix-{os.getpid()}"
    place = shelf.new(id)
    shelf.describe(id, repository=str(top), started="", fixer="bench", title="")
    fix(top, place, changes, Stopwatch(), applies=False)


def hashed(top: Path) -> Mapping[str, tuple[int, str]]:
    """Mode and content of every file of a checkout: index, references and objects included."""
    found: dict[str, tuple[int, str]] = {}
    for folder, _, names in os.walk(top):
        for name in names:
            path = Path(folder, name)
            content = os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes()
            found[str(path)] = path.lstat().st_mode, hashlib.sha256(content).hexdigest()
    return found


if __name__ == "__main__":
    sys.exit(main())
