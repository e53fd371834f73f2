"""`tuibench.py`, which here looks only at one part of the screen for the effect of a key.

    python bench/app_parts/harness.py TOOLS vs --spec …

While reviewers run, the status and the list change by themselves. For a subject with `ignore_rows`,
those rows and the list's columns at the left are not looked at after the text to wait for was seen.

Nor is a process counted that hasn't become its program yet: all of its memory is its parent's. And
what was killed with the app isn't left behind, though nobody has asked for its exit code yet.
"""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

LIST_WIDTH = 40
"""Columns of pane 1 and its frame at 160 columns."""


def main() -> None:
    sys.path.insert(0, sys.argv.pop(1))
    import tuibench  # type: ignore[import-not-found] # the tools' folder is an argument

    class PartScreen(tuibench.Screen):
        def commit(self, ignore: Any = ()) -> bool:
            if not ignore:
                return super().commit()
            before = {y: [part[LIST_WIDTH:] for part in self.shown[y]] for y in self.dirty}
            super().commit()
            return any(
                [part[LIST_WIDTH:] for part in self.shown[y]] != parts
                for y, parts in before.items()
                if y not in ignore
            )

    class PartSession(tuibench.Session):
        def parse(self) -> None:
            given = self.ignore
            self.ignore = () if self.waiting else given
            try:
                super().parse()
            finally:
                self.ignore = given

    whole_tree = tuibench.tree_usage
    tuibench.tree_usage = lambda pids: whole_tree(own_programs(pids))
    found = tuibench.tree
    tuibench.tree = lambda root: [pid for pid in found(root) if pid == root or tuibench._live(pid)]
    tuibench.Screen, tuibench.Session = PartScreen, PartSession
    tuibench.main()


def own_programs(pids: Iterable[int]) -> list[int]:
    """Those processes that run a program of their own.

    Between `vfork` and `exec`, a child has its parent's command line and pages. The app starts
    dozens of processes, and sums of RSS would count the app twice whenever one is met then.
    """
    commands = {pid: _command(pid) for pid in pids}
    return [
        pid for pid, (parent, command) in commands.items()
        if parent not in commands or command != commands[parent][1]
    ]  # fmt: skip


def _command(pid: int) -> tuple[int, bytes]:
    """The parent's id and the command line of a process; zero and nothing of one that is gone."""
    try:
        folder = Path(f"/proc/{pid}")
        fields = (folder / "stat").read_bytes().rpartition(b")")[2].split()
        return int(fields[1]), (folder / "cmdline").read_bytes()
    except OSError:
        return 0, b""


if __name__ == "__main__":
    main()
