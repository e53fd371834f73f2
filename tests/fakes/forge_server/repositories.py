"""The git side of the double: bare repositories with real commits."""

import subprocess
from functools import cache
from pathlib import Path

from tests.fakes.forge_server.patches import FilePatch, read_patches
from tests.repo.builder import isolated_environment

_DIFF = ("diff", "-M", "--no-color", "--no-ext-diff", "--full-index", "--src-prefix=a/")


class BareRepository:
    """What a forge keeps of one project.

    Args:
        folder: the bare repository's folder, made anew. source: where it is cloned from.
    """

    def __init__(self, folder: Path, source: Path) -> None:
        self.folder = folder
        self._home = folder.parent / f"{folder.name}.home"
        self._home.mkdir(parents=True)
        self._run("clone", "--quiet", "--bare", "--no-hardlinks", str(source), str(folder))
        self.git("config", "uploadpack.allowAnySHA1InWant", "true")
        self.git("config", "uploadpack.allowFilter", "true")
        self.patches = cache(self._patches)
        self.merge_base = cache(self._merge_base)

    @property
    def environment(self) -> dict[str, str]:
        return isolated_environment(self._home) | {"GIT_CONFIG_COUNT": "0"}

    def git(self, *arguments: str) -> str:
        return self.git_bytes(*arguments).decode("utf-8", "replace").strip()

    def git_bytes(self, *arguments: str) -> bytes:
        return self._run("-C", str(self.folder), *arguments)

    def take(self, source: Path, revision: str, ref: str) -> str:
        """Set a reference to a commit of another repository; its full id."""
        commit = self._run("-C", str(source), "rev-parse", f"{revision}^{{commit}}")
        wanted = f"+{commit.decode().strip()}:{ref}"
        allowed = "-c", "uploadpack.allowAnySHA1InWant=true"
        upload = "--upload-pack=git -c uploadpack.allowAnySHA1InWant=true upload-pack"
        self.git(*allowed, "fetch", "--quiet", "--no-tags", upload, str(source), wanted)
        return commit.decode().strip()

    def commit(self, revision: str) -> str | None:
        """The full id of a commit here; None if there is no such one."""
        try:
            return self.git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
        except subprocess.CalledProcessError:
            return None

    def diff(self, base: str, head: str) -> bytes:
        return self.git_bytes(*_DIFF, base, head)

    def content(self, revision: str, path: str) -> bytes | None:
        """A file's content, None if there is none."""
        try:
            return self.git_bytes("cat-file", "blob", f"{revision}:{path}")
        except subprocess.CalledProcessError:
            return None

    def line_moved(self, path: str, line: int, old: str, new: str) -> int | None:
        """Where a line of a file at one commit is at another; None if it's gone."""
        if old == new:
            return line
        patches = self.patches(old, new).values()
        found = next((one for one in patches if one.old_path == path), None)
        return found.line_after(line) if found else line

    def _patches(self, base: str, head: str) -> dict[str, FilePatch]:
        raw = self.git_bytes("diff", "-M", "--raw", "-z", "--no-abbrev", base, head)
        return {one.path: one for one in read_patches(raw, self.diff(base, head))}

    def _merge_base(self, one: str, other: str) -> str:
        return self.git("merge-base", one, other)

    def _run(self, *arguments: str) -> bytes:
        done = subprocess.run(
            ["git", *arguments], env=self.environment, capture_output=True, check=True
        )
        return done.stdout
