"""Commits, trees and blobs of a repository, by git itself."""

import subprocess
from functools import cache

from xreview.analysers import plan
from xreview.domain.change import FileDiff, FileStatus

Tree = dict[str, str]  # blob ids by path


class Git:
    def __init__(self, folder: str) -> None:
        self.folder = folder

    def __call__(self, *words: str) -> bytes:
        command = ["git", "-C", self.folder, "-c", "core.quotepath=off", *words]
        return subprocess.run(command, check=True, capture_output=True).stdout

    def commits(self, most: int) -> list[str]:
        endings = [f"*.{ending}" for ending in plan.LANGUAGES]
        words = ("log", "--first-parent", "--no-patch", f"-{most}", "--format=%H")
        return self(*words, "--", *endings).decode().split()[::-1]

    @cache  # noqa: B019 - lives as long as the program
    def tree(self, commit: str) -> Tree:
        rows = self("ls-tree", "-r", "-z", commit).decode("utf-8", "replace").split("\0")[:-1]
        found = {}
        for row in rows:
            (mode, _, blob), path = row.partition("\t")[0].split(), row.partition("\t")[2]
            file = FileDiff(path, FileStatus.ADDED, new_mode=mode, body=b"@")
            if mode.startswith("100") and plan.skip(file) is None:
                found[path] = blob
        return found

    @cache  # noqa: B019 - lives as long as the program
    def blob(self, id: str) -> bytes:
        return self("cat-file", "blob", id)
