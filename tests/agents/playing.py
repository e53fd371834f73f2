"""Runs the programs of `tests/fakes/agent_programs` through the real adapter of Claude Code."""

import json
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from xreview.agents import claude_code
from xreview.agents.base.agent import Agent, ReadableFolder
from xreview.agents.running.model import AgentModel, AgentPatience
from xreview.ports.model import ModelIdentity

PROGRAMS = Path(__file__).parents[1] / "fakes" / "agent_programs"
IDENTITY = ModelIdentity("claude", "anthropic", "claude-opus-5-5", "Claude Code")
KEY = "sk-ant-3f9a7c51d2e84b60"

Json = dict[str, Any]


class Played:
    """A home, a repository, and a program to be played in them."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.top = folder / "project"
        self.home.mkdir()
        self.top.mkdir()

    @property
    def environ(self) -> dict[str, str]:
        python = str(Path(sys.executable).parent)
        return {
            "HOME": str(self.home),
            "PATH": os.pathsep.join([python, os.environ["PATH"]]),
            "ANTHROPIC_API_KEY": KEY,
            "OPENAI_API_KEY": "sk-other-vendor",
        }

    @property
    def given(self) -> Json:
        return json.loads((self.home / "given.json").read_text())

    @property
    def pids(self) -> list[int]:
        file = self.home / "pids"
        return [int(pid) for pid in file.read_text().split()] if file.exists() else []

    def tell(self, name: str, text: str) -> None:
        (self.home / name).write_text(text)

    def say(self, *events: Json) -> None:
        self.tell("says", "".join(json.dumps(event) + "\n" for event in events))

    def model(
        self,
        program: str,
        *,
        patience: AgentPatience | None = None,
        agent: Agent | None = None,
        readable: ReadableFolder | None = None,
    ) -> AgentModel:
        return AgentModel(
            IDENTITY,
            agent or claude_code.PROVIDER,
            PROGRAMS / f"{program}.py",
            readable or ReadableFolder(self.top),
            self.environ,
            patience=patience or AgentPatience(overall=30.0, quiet=20.0, grace=0.3),
        )


def result(**fields: Any) -> Json:
    """Claude Code's last event, as it says it of a success."""
    return {
        "type": "result",
        "subtype": "success",
        "is_error": False,
        "result": "",
        "stop_reason": "end_turn",
        "total_cost_usd": 0.25,
        "usage": {"input_tokens": 20, "cache_read_input_tokens": 50, "output_tokens": 40},
        **fields,
    }


def alive(pids: list[int]) -> list[int]:
    """Those that still run; waits a moment for those that were just killed."""
    for _ in range(100):
        if not (left := [pid for pid in pids if _runs(pid)]):
            return []
        time.sleep(0.02)
    return left


def _runs(pid: int) -> bool:
    with suppress(FileNotFoundError, ProcessLookupError):
        # A zombie has ended; whoever adopted it has not looked yet.
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return state != "Z"
    return False
