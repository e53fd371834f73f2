"""A reviewed pull request at a loopback GitHub, with accepted findings, for `post` and `reply`."""

import json
from pathlib import Path

from tests.cli.program import Done, Program
from tests.cli.test_export import RISKY
from tests.fakes.forge_server import ForgeServer
from tests.fakes.git_server import clone
from tests.repo.builder import Builder
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.events.event import DecisionMade, Event, PullOpened, ThreadsSeen
from xreview.domain.events.payload import PullEvent
from xreview.journal.store import Journal

ACCEPT = Decision(Verdict.ACCEPT, Reason.FIX)
AT = "2030-01-01T00:00:00.000000+00:00"


class Pulls:
    """Pull request 12 of acme/shop adds the risky file; ada reviews it in a clone.

    Attributes:
        findings: of her review, as exported in JSON.
    """

    def __init__(self, server: ForgeServer, work: Builder, folder: Path) -> None:
        self.server, self.work = server, work
        work.write("a.py", "print(1)\n")
        work.commit("first")
        work.branch("topic")
        work.write("run.py", RISKY)
        work.commit("the change")
        work.checkout("main")
        token = server.account("ada")
        server.account("bob")
        self.project = server.project("acme/shop", work.top)
        self.pull = self.project.open_pull(12, head="topic", author="bob", title="Sell more")
        top = folder / "clone"
        clone(f"{server.host.origin}/acme/shop.git", top)
        self.program = Program(folder / "home", top)
        self.program.environ |= {
            "GH_HOST": server.host.name,
            "GH_ENTERPRISE_TOKEN": token,
            "PATH": "/usr/bin:/bin",
        }
        self.token = token
        self.url = f"{server.host.origin}/acme/shop/pull/12"
        self.findings: list[dict] = []

    @property
    def identity(self) -> str:
        return str((self.program.folder / ".git").resolve())

    def review(self) -> None:
        done = self.program.run("review", "--pr", self.url, "--format", "json")
        assert done.code == 1, done.err
        self.findings = json.loads(done.out)["findings"]
        for one in self.findings:
            if not any(report.get("source") for report in one["reports"]):
                self.decide(one, ACCEPT)

    def journal(self) -> Journal:
        return Journal.open(self.program.data / "journal.sqlite3")

    def decide(self, finding: dict, decision: Decision) -> None:
        subjects = tuple(report["fingerprint"] for report in finding["reports"])
        with self.journal() as journal:
            session = journal.sessions(self.identity)[0].id
            made = DecisionMade(f"action-{subjects[0]}", subjects, decision)
            journal.append([Event(f"e-{subjects[0]}", session, self.identity, AT, "Ada", made)])

    def from_thread(self, source: str, decision: Decision | None) -> str:
        """The fingerprint of the finding that was read from a thread, decided like this."""
        (found,) = (
            one
            for one in self.findings
            if any(report.get("source") == source for report in one["reports"])
        )
        if decision is not None:
            self.decide(found, decision)
        return found["fingerprint"]

    def run(self, *words: str, **environ: str) -> Done:
        done = self.program.run(*words, **environ)
        assert self.token not in done.out + done.err
        return done

    def recorded(self) -> list[object]:
        """What was done at the forge."""
        with self.journal() as journal:
            payloads = [event.payload for event in journal.events()]
        read = (PullOpened, ThreadsSeen)
        return [one for one in payloads if isinstance(one, PullEvent) and not isinstance(one, read)]

    @property
    def bodies(self) -> list[str]:
        """What everybody can read on the diff."""
        return [
            one.body
            for thread in self.pull.threads
            for one in thread.comments
            if one.review is None or one.review.state != "PENDING"
        ]
