"""`xreview-tui attempt` as a real process, with stand-ins of the agents' programs on PATH."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.cli.program import Done, Program
from tests.proof.tasks import CHECK
from tests.repo.builder import Builder
from tests.repo.disposable.trees import hashed

AGENT = Path(__file__).parents[1] / "fakes" / "agent_programs" / "writes.py"
LOGINS = {
    "claude": ".claude/.credentials.json",
    "codex": ".codex/auth.json",
    "gemini": ".gemini/oauth_creds.json",
    "opencode": ".local/share/opencode/auth.json",
}
"""Where they keep their logins. With keys in the environment, models of the same vendors could be
asked over their APIs too."""


class Stage:
    """A repository, a home with some agents, and the program.

    Args:
        agents: the names of their programs.
    """

    def __init__(self, folder: Path, repository: Builder, *agents: str) -> None:
        self.repository = repository
        self.home = folder / "home"
        self.program = Program(self.home, repository.top)
        programs = folder / "programs"
        programs.mkdir()
        for name in agents:
            link = programs / name
            link.write_text(
                f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -S {AGENT} {name} "$@"\n'
            )
            link.chmod(0o755)
            self._put(LOGINS[name], "{}")
            self.script(name)
        if "opencode" in agents:
            self._put(".config/opencode/opencode.json", '{"model": "xai/grok-5"}')
        self.temporary = folder / "temporary"
        self.temporary.mkdir()
        self.program.environ["TMPDIR"] = str(self.temporary)
        self.program.environ["PATH"] = f"{programs}:/usr/bin:/bin"
        self.configure("")

    @property
    def shelf(self) -> Path:
        """Where attempts are kept."""
        return self.program.data / "state" / "attempts"

    def configure(self, text: str) -> None:
        (self.program.config / "config.toml").write_text(text)

    def script(self, agent: str, **said: Any) -> None:
        """What an agent does and says (see `writes.py`)."""
        self._put(f"{agent}/script.json", json.dumps(said))

    def turn(self, agent: str, number: int, **said: Any) -> None:
        """What it does and says in one of its attempts."""
        self._put(f"{agent}/turns/{number:03}.json", json.dumps(said))

    def asked(self, agent: str, role: str) -> list[dict[str, Any]]:
        """What an agent was asked in a role: write, describe, review, rebut."""
        log = self.home / agent / "asked.jsonl"
        lines = log.read_text().splitlines() if log.exists() else []
        return [one for one in map(json.loads, lines) if one["role"] == role]

    def run(self, *words: str) -> Done:
        return self.program.run(*words)

    def attempt(self, *words: str) -> Done:
        return self.run("attempt", *words)

    def trial(self, task: str, *words: str, check: str = CHECK) -> dict[str, Any]:
        """Have a task attempted; what the program says of it."""
        checks = ("--check", check) if check else ()
        done = self.attempt(task, *checks, "--yes-egress", "--budget", "50", "--json", *words)
        assert done.out, done.err
        return {**json.loads(done.out), "code": done.code, "err": done.err}

    def start(self, *words: str) -> "subprocess.Popen[bytes]":
        """Start the program in a process of its own, to be killed."""
        return subprocess.Popen(
            self.program.command(*words),
            cwd=self.repository.top,
            env=self.program.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def as_json(self, *words: str) -> Any:
        done = self.run(*words, "--json")
        assert done.out, done.err
        return json.loads(done.out)

    def writers(self, trial: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """The attempts of a trial by the names of their writers; shows these from now on."""
        told = self.as_json("attempt", "--reveal", trial["id"])
        return {one["writer"]["name"]: one for one in told["attempts"]}

    def checkout(self) -> dict[str, tuple[int, str]]:
        """Every file of the checkout: index, references, hooks and settings of git included."""
        return hashed(self.repository.top)

    def _put(self, path: str, text: str) -> None:
        file = self.home / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def running_in(*folders: Path) -> list[str]:
    """The processes of this machine that run in one of these folders, or with it as their home."""
    found: list[str] = []
    homes = {f"HOME={one}".encode() for one in folders}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ")
            variables = set((process / "environ").read_bytes().split(b"\0"))
            place = (process / "cwd").readlink()
        except OSError:  # it ended meanwhile, or isn't ours
            continue
        is_there = any(place.is_relative_to(one) for one in folders)
        if command and process.name != str(os.getpid()) and (is_there or homes & variables):
            found.append(f"{process.name} {command.decode(errors='replace')}")
    return found
