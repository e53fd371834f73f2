"""Real git trees with given files, and the diffs between them as the program reads them."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from xreview.domain.change import FileDiff
from xreview.repo.change.comparison import DIFF_OPTIONS, PATCH
from xreview.repo.diff.git_diff import split_git_diff

FILE = "100644"
Files = Mapping[str, bytes | tuple[str, bytes]]
"""Contents by path, with the mode where it isn't a regular file's."""


class GitTrees:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "-q", "--bare", ".")

    def git(self, *arguments: str, given: bytes = b"") -> bytes:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "GIT_CONFIG_NOSYSTEM": "1",
        }
        command = ["git", *arguments]
        done = subprocess.run(
            command, cwd=self.folder, input=given, capture_output=True, check=True, env=environment
        )
        return done.stdout

    def tree(self, files: Files) -> str:
        """Write a tree with these files, at the top, and return its id."""
        written = {
            name: one if isinstance(one, tuple) else (FILE, one) for name, one in files.items()
        }
        paths = [self.folder / f"content-{number}" for number in range(len(written))]
        for path, (_, content) in zip(paths, written.values(), strict=True):
            path.write_bytes(content)
        names = "".join(f"{path}\n" for path in paths).encode()
        ids = self.git("hash-object", "-w", "--no-filters", "--stdin-paths", given=names).split()
        rows = b"".join(
            b"%s blob %s\t%s\0" % (mode.encode(), id, os.fsencode(name))
            for (name, (mode, _)), id in zip(written.items(), ids, strict=True)
        )
        return self.git("mktree", "-z", given=rows).decode().strip()

    def diff(self, old: str, new: str) -> tuple[FileDiff, ...]:
        """The diffs between two trees, as the program takes a patch."""
        output = self.git("diff", *PATCH, *DIFF_OPTIONS, old, new, "--")
        return tuple(file for batch in split_git_diff([output]) for file in batch)

    def patches(
        self, base: Files, attempts: Mapping[str, Files]
    ) -> dict[str, tuple[FileDiff, ...]]:
        """The patch of each attempt."""
        tree = self.tree(base)
        return {label: self.diff(tree, self.tree(files)) for label, files in attempts.items()}
