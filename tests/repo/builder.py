"""Real git repositories for tests, free of whatever the machine's git is configured to do.

    def test_it(tmp_path):
        repository = Builder(tmp_path / "project")
        repository.write("a.py", "print(1)\n")
        repository.commit("first")

Identity, dates and the branch name (`main`) are fixed, so object ids are the same everywhere.
"""

import os
import subprocess
import tempfile
from functools import cache
from pathlib import Path

NAME, EMAIL = "Ada Example", "ada@example.org"
ACTOR = f"{NAME} <{EMAIL}>"
_FORGES = ("GH_", "GITHUB_", "GITLAB_", "GLAB_", "GITEA_", "FORGEJO_", "BITBUCKET_")
# Has the identity, and no sample hooks: a repository costs one process, and 15 files less.
TEMPLATE = Path(__file__).parents[1] / "data" / "git_template"
_FIRST_COMMIT = 1_700_000_000  # 2023-11-14, each further commit one minute later


def isolated_environment(home: Path) -> dict[str, str]:
    """The environment of a fresh machine: no user or system git configuration, C locale.

    Give it to `monkeypatch` where the code under test reads `os.environ` (see `isolate`).
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GIT_", "XDG_", "LC_", *_FORGES))
        and name not in ("EMAIL", "LANGUAGE", "NETRC")
    }
    return kept | {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": str(home / "gitconfig"),
        "LC_ALL": "C",
        # Compiling the rules that find secrets takes seconds, and gives the same in each home.
        "KF_RULE_CACHE_DIR": str(_rules()),
    }


@cache
def _rules() -> Path:
    folder = Path(tempfile.gettempdir()) / f"xreview-test-rules-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def isolate(monkeypatch, home: Path) -> Path:
    """Make this process's environment that of a fresh machine whose home is `home`."""
    home.mkdir(parents=True, exist_ok=True)
    fresh = isolated_environment(home)
    for name in set(os.environ) - set(fresh):
        monkeypatch.delenv(name)
    for name, value in fresh.items():
        monkeypatch.setenv(name, value)
    return home


class Builder:
    """A repository in a folder of its own, driven by the real git.

    Args:
        top: the folder; made where missing.
        init: arguments of `git init`; None where `top` is a repository already (a clone).
    """

    def __init__(self, top: Path, init: tuple[str, ...] | None = ()) -> None:
        self.top = top
        self.home = top.parent / f"{top.name}.home"
        self.home.mkdir(parents=True, exist_ok=True)
        self._commits = 0
        top.mkdir(parents=True, exist_ok=True)
        if init is not None:
            self.git("init", "--quiet", f"--template={TEMPLATE}", "--initial-branch=main", *init)
        else:
            self.git("config", "user.name", NAME)
            self.git("config", "user.email", EMAIL)

    def git(self, *arguments: str | bytes, check: bool = True, input: bytes = b"") -> str:
        """Run git here; its output, without the last line feed."""
        return (
            self.git_bytes(*arguments, check=check, input=input)
            .decode("utf-8", "surrogateescape")
            .removesuffix("\n")
        )

    def git_bytes(self, *arguments: str | bytes, check: bool = True, input: bytes = b"") -> bytes:
        """Run git here; its output as bytes."""
        when = f"{_FIRST_COMMIT + 60 * self._commits} +0000"
        environment = isolated_environment(self.home) | {
            "GIT_AUTHOR_DATE": when,
            "GIT_COMMITTER_DATE": when,
            "GIT_EDITOR": "true",
        }
        done = subprocess.run(
            ["git", "-c", "protocol.file.allow=always", "-c", "core.fsync=none", *arguments],
            cwd=self.top,
            env=environment,
            input=input,
            capture_output=True,
        )
        if check and done.returncode:
            raise AssertionError(f"git {arguments} failed: {done.stderr.decode(errors='replace')}")
        return done.stdout

    def write(self, path: str | bytes, content: str | bytes, *, executable: bool = False) -> Path:
        """Write a file below the top, with the folders it needs."""
        target = self.path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        data = content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
        target.write_bytes(data)
        target.chmod(0o755 if executable else 0o644)
        return target

    def path(self, path: str | bytes) -> Path:
        """The absolute path of a file of the repository."""
        return self.top / os.fsdecode(path)

    def link(self, path: str, target: str) -> Path:
        """Make a symbolic link below the top."""
        link = self.path(path)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(target)
        return link

    def delete(self, path: str | bytes) -> None:
        """Delete a file from the worktree."""
        self.path(path).unlink()

    def add(self, *paths: str) -> None:
        """Stage the given paths, or everything."""
        self.git("add", *(("--", *paths) if paths else ("--all",)))

    def commit(self, message: str = "change", *, add: bool = True, author: str = "") -> str:
        """Commit (everything, unless told not to stage first); the new commit's id."""
        if add:
            self.add()
        self._commits += 1
        extra = (f"--author={author}",) if author else ()
        self.git("commit", "--quiet", "--allow-empty", "--no-verify", "-m", message, *extra)
        return self.rev("HEAD")

    def rev(self, revision: str) -> str:
        """The full id of what a revision names."""
        return self.git("rev-parse", "--verify", "--end-of-options", revision)

    def branch(self, name: str, start: str = "HEAD") -> None:
        """Make a branch and check it out."""
        self.git("checkout", "--quiet", "-b", name, start)

    def checkout(self, name: str) -> None:
        """Check out a branch or commit."""
        self.git("checkout", "--quiet", name)

    def clone(self, to: Path, *arguments: str) -> "Builder":
        """Clone this repository by its file:// address into `to`."""
        self.git(
            "clone", "--quiet", f"--template={TEMPLATE}", *arguments, f"file://{self.top}", str(to)
        )
        return Builder(to, init=None)
