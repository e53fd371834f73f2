"""An agent that edits files, and a repository with accepted findings, for `xreview-tui fix`."""

import json
import shlex
import sys
from pathlib import Path

from tests.cli.program import Done, Program
from tests.cli.test_export import RISKY, decide
from tests.repo.builder import Builder
from xreview.domain.decision import Decision, Reason, Verdict

AGENT = Path(__file__).parents[1] / "fakes" / "agent_programs" / "fixes.py"
ACCEPT = Decision(Verdict.ACCEPT, Reason.FIX)
SAFE = (
    RISKY.replace('f"ls {name}", shell=True', '["ls", name], check=True')
    .replace("items=[]", "items=()")
    .replace("except:\n        pass", "except IndexError:\n        return None")
)
"""The code without what the analysers find in it."""


class Fixes:
    """A checkout with findings, an agent that does what `plan` says, and the program."""

    def __init__(self, program: Program, repository: Builder) -> None:
        self.program, self.repository = program, repository
        self.findings: list[dict] = []
        programs = program.home / "bin"
        programs.mkdir()
        agent = programs / "claude"
        agent.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {AGENT} "$@"\n')
        agent.chmod(0o755)
        program.environ["PATH"] = f"{programs}:/usr/bin:/bin"
        self.log_in()

    @classmethod
    def in_folder(cls, folder: Path) -> "Fixes":
        """A home and a repository with one commit, in a folder of their own."""
        repository = Builder(folder / "project")
        repository.write("a.py", "print(1)\n")
        repository.commit("first")
        return cls(Program(folder / "home", repository.top), repository)

    @property
    def shelf(self) -> Path:
        return self.program.data / "state" / "fixes"

    def log_in(self) -> None:
        self.tell(".claude/.credentials.json", "{}")

    def tell(self, name: str, text: str) -> None:
        """Tell the agent something (see its program)."""
        file = self.program.home / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def said(self, name: str) -> str:
        """What the agent kept."""
        return (self.program.home / name).read_text()

    def plan(self, *commands: str) -> None:
        """What the agent does: shell commands in its folder."""
        self.tell("plan", "\n".join(commands))

    def writes(self, content: str = SAFE, path: str = "run.py") -> str:
        """A command that writes a file."""
        kept = self.program.home / f"new-{path.replace('/', '-')}"
        kept.write_text(content)
        return f"cat {shlex.quote(str(kept))} > {shlex.quote(path)}"

    def configure(self, text: str) -> None:
        (self.program.config / "config.toml").write_text(text)

    def review(self) -> None:
        """Review the risky file and accept all that was found: the `findings`."""
        self.repository.write("run.py", RISKY)
        done = self.program.run("review", "--format", "json")
        assert done.code == 1, done.err
        self.findings = json.loads(done.out)["findings"]
        for one in self.findings:
            decide(self.program, self.repository, one, ACCEPT)

    def fix(self, *words: str, **environ: str) -> Done:
        return self.program.run("fix", "--yes-egress", *words, **environ)

    def as_json(self, *words: str) -> dict:
        done = self.fix("--json", *words)
        assert done.out, done.err
        return json.loads(done.out) | {"code": done.code}
