"""A user's machine and a loopback forge on which pull request 12 of acme/shop waits for them.

Ada reviews. Bob wrote the request; its change has problems that analysers find, and bots and people
commented on it.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.cli.program import Done, Program
from tests.fakes.forge_server import FakePull, ForgeServer
from tests.fakes.git_server import clone
from tests.repo.builder import Builder
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.events.event import DecisionMade, Event
from xreview.domain.pull.address import ForgeKind, PullAddress
from xreview.journal.store import Journal

WRITABLE = (ForgeKind.GITHUB, ForgeKind.GITLAB, ForgeKind.GITEA)
RABBIT = "coderabbitai[bot]"
COPILOT = "copilot-pull-request-reviewer[bot]"
ACCEPT = Decision(Verdict.ACCEPT, Reason.FIX)
INTENDED = Decision(Verdict.REJECT, Reason.INTENDED)
AT = "2030-01-01T00:00:00.000000+00:00"
BEFORE = (
    "import os\n\n\ndef load(path):\n    with open(path) as file:\n        return file.read()\n"
)
AFTER = """\
import os
import subprocess


def load(path):
    try:
        with open(path) as file:
            return file.read()
    except Exception:
        pass


def run(command):
    return subprocess.run(command, shell=True)
"""
SWALLOWED = 9
"""The line that the bot comments on."""
ISSUE = """\
_⚠️ Potential issue_ | _🟠 Major_

**Errors are swallowed.**

The bare handler hides failures of `load`.

<!-- cr-comment:v1:abc -->"""
QUOTA = (
    "Copilot was unable to review this pull request because the user who requested the review has "
    "reached their quota limit."
)


class AtForge:
    """A forge with the pull request, and Ada's program, in a clone.

    Attributes:
        work: Bob's repository. here: Ada's clone, or the folder she is in.
    """

    def __init__(self, server: ForgeServer, folder: Path, **given: Any) -> None:
        self.server, self.folder = server, folder
        self.work = Builder(folder / "work")
        self.work.write("a.py", BEFORE)
        self.work.commit("first")
        self.work.branch("topic")
        self.work.write("a.py", AFTER)
        self.work.commit("Run commands")
        self.work.checkout("main")
        self.token = server.account("ada")
        for login in ("bob", "cleo", RABBIT, COPILOT):
            server.account(login)
        self.project = server.project("acme/shop", self.work.top)
        described = {"title": "Run commands", "body": "Adds `run`."} | given
        self.pull: FakePull = self.project.open_pull(12, head="topic", author="bob", **described)
        self.program = Program(folder / "home", folder)
        netrc = self.program.home / ".netrc"
        netrc.write_text(f"machine 127.0.0.1 login ada password {self.token}\n")
        netrc.chmod(0o600)
        setting = f'[forges]\n"{server.host.origin}" = "{server.host.kind.value}"\n'
        (self.program.config / "config.toml").write_text(setting)
        self.program.environ["PATH"] = "/usr/bin:/bin"

    @property
    def url(self) -> str:
        return PullAddress(self.server.host, "acme/shop", self.pull.number).url

    @property
    def journal(self) -> Path:
        return self.program.data / "journal.sqlite3"

    def clone(self, *words: str, project: str = "acme/shop") -> Builder:
        """Clone as Ada, and go there."""
        top = self.folder / "clone"
        clone(f"{self.server.host.origin}/{project}.git", top, *words)
        self.program.folder = top
        return Builder(top, init=None)

    def run(self, *words: str, **environ: str) -> Done:
        """Run the program; it never shows the token."""
        done = self.program.run(*words, **environ)
        assert self.token not in done.out + done.err
        return done

    def review(self, *words: str) -> tuple[Done, dict[str, Any]]:
        """`review` with these words, and its JSON."""
        done = self.run("review", "--format", "json", *words)
        return done, json.loads(done.out) if done.out else {}

    def decide(self, finding: dict[str, Any], decision: Decision) -> None:
        """Decide as the app does, about a finding of the latest session in JSON."""
        subjects = tuple(report["fingerprint"] for report in finding["reports"])
        with Journal.open(self.journal) as journal:
            (session, *_) = journal.sessions(None)
            made = DecisionMade(f"action-{subjects[0]}", subjects, decision)
            event = Event(f"e-{subjects[0]}", session.id, session.repository, AT, "Ada", made)
            journal.append([event])

    def said_publicly(self) -> list[str]:
        """The texts of all comments on lines that everybody sees."""
        return [one.body for thread in self.pull.threads for one in thread.seen_by(None)]


@contextmanager
def at_forge(kind: ForgeKind, folder: Path, **given: Any) -> Iterator[AtForge]:
    """Serve it; what violates the forge's description fails at the end."""
    with ForgeServer(kind) as server:
        yield AtForge(server, folder, **given)


def state_of(repository: Builder) -> dict[str, str]:
    """Everything of a clone that is the user's: references, index, files, and settings of git."""
    refs = repository.git("for-each-ref", "--format=%(refname) %(objectname)").splitlines()
    found = {"refs": "\n".join(one for one in refs if not one.startswith("refs/xreview/"))}
    git = repository.top / ".git"
    for name in ("HEAD", "FETCH_HEAD", "ORIG_HEAD", "index", "config", "packed-refs", "shallow"):
        path = git / name
        found[name] = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "none"
    found["hooks"] = str(sorted(one.name for one in (git / "hooks").glob("*")))
    for path in sorted(repository.top.rglob("*")):
        if path.is_file() and ".git" not in path.parts:
            found[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found
