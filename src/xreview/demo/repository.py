"""Makes a git repository of the sample's commits, bit for bit the same each time.

One `git fast-import` of the whole history starts three processes instead of two for each commit.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from xreview.demo.sample import BASE, SampleCommit
from xreview.domain.errors import ChangeError
from xreview.repo.hardened.environment import hardened_environment, with_settings
from xreview.repo.hardened.process import GitProcess

_FIRST_DAY = 1_788_249_600  # 2026-09-01 08:00 UTC, each further commit a day later
_DAY = 86_400
_FAST = (("core.fsync", "none"), ("fastimport.unpackLimit", "1"))
"""It need not survive a power cut, and waiting for the disk takes most of the time."""
_ADVICE = "Check that git works here: `xreview-tui doctor`."


def make_repository(folder: Path, commits: Iterable[SampleCommit]) -> None:
    """Make a repository in an empty or missing folder, and check out the last commit's branch.

    Raises ChangeError if git fails, OSError if the folder can't be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    history = tuple(commits)
    branch = history[-1].branch
    _git(folder, "init", "--quiet", "--template=", f"--initial-branch={branch}")
    _git(folder, "fast-import", "--quiet", "--done", input=b"".join(_stream(history)))
    _git(folder, "reset", "--quiet", "--hard")


def _git(folder: Path, *arguments: str, input: bytes = b"") -> None:
    # Without the user's git configuration and the variables of their repository.
    plain = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    environment = with_settings(hardened_environment(plain, folder), _FAST)
    done = GitProcess(arguments, folder, environment, input, _ADVICE).finish()
    if done.code:
        raise ChangeError(f"The sample repository can't be made: {done.complaint}", _ADVICE)


def _stream(history: tuple[SampleCommit, ...]) -> Iterator[bytes]:
    """The commits in git-fast-import(1) format."""
    known = {BASE}
    for number, commit in enumerate(history):
        who = f"{commit.author} {_FIRST_DAY + number * _DAY} +0000"
        yield f"commit refs/heads/{commit.branch}\nauthor {who}\ncommitter {who}\n".encode()
        yield _data(commit.message)
        if commit.branch not in known:
            known.add(commit.branch)
            yield f"from refs/heads/{BASE}\n".encode()
        for path, content in commit.files.items():
            yield f"M 100644 inline {path}\n".encode() + _data(content)
    yield b"done\n"


def _data(text: str) -> bytes:
    content = text.encode()
    return b"data %d\n%b\n" % (len(content), content)
