"""The record of a coding agent: what it is, how it is started, and how its output is read."""

import re
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from xreview.agents.base.activity import ReadAttempts, Refusals
from xreview.agents.base.destination import USUAL, Destination
from xreview.agents.base.environment import agent_environment, writing_environment
from xreview.domain.record import dataclass, field
from xreview.ports.json_value import JsonObject
from xreview.ports.model import ModelSignal
from xreview.ports.provider import AGENTS, Provider, find_provider, providers
from xreview.ports.request import Effort, ModelRequest, Structure, instructions_for

if TYPE_CHECKING:
    from xreview.agents.running.scratch import Scratch

_INSTRUCTIONS = ("agents.md", ".agents", ".mcp.json", ".env", ".git")
"""Files and folders that no single agent owns."""

_BETWEEN = re.compile(r"\s*(?:&&|\|\||;)\s*")
_SHELL_SYNTAX = re.compile(r"[\"'\\$`(){}<>#&|\n]")


@dataclass(frozen=True)
class ReadableFolder:
    """What an agent can read.

    Args:
        top: the reviewed checkout. No agent runs in it, or uses a program from it.
        copy_to: fills the empty folder in which the agent runs with readable files (not ignored,
            not secret); None to show it the change only. Raises ReviewerError.
    """

    top: Path
    copy_to: Callable[[Path], Awaitable[None]] | None = None


@dataclass(frozen=True)
class WritableFolder:
    """What an agent can change in its write mode.

    Args:
        top: the user's checkout. No program from it is used.
        work: the folder in which the agent runs, and the only one that it can change. It has none
            of `instruction_names`, but for a harmless `.git`.
        checks: the commands that it can run, as the user wrote them.
        links: the paths in `top` that `work` links to, such as `node_modules`.
    """

    top: Path
    work: Path
    checks: tuple[str, ...] = ()
    links: tuple[str, ...] = ()

    @property
    def linked(self) -> tuple[Path, ...]:
        """The real paths that `links` lead to, in the checkout only."""
        top = self.top.resolve()
        found = ((top / path).resolve() for path in self.links)
        return tuple(path for path in found if path != top and path.is_relative_to(top))

    @property
    def commands(self) -> tuple[str, ...]:
        """The checks, and the single commands of a check such as `make lint && make test`.

        Agents allow such a check only if they allow its commands.
        """
        found = dict.fromkeys(self.checks)
        for check in self.checks:
            parts = _BETWEEN.split(check.strip())
            if not any(_SHELL_SYNTAX.search(part) for part in parts):
                found |= dict.fromkeys(filter(None, parts))
        return tuple(found)


@dataclass(frozen=True)
class Run:
    """One run of an agent.

    Args:
        model: the model to run; "" for the agent's own choice.
        environ: the user's environment, of which the agent gets only what it needs.
        marker: identifies this run's processes.
        writable: what it can change; None for its read mode.
        budget: the most to spend, in US dollars, where the agent has such a limit.
    """

    request: ModelRequest
    program: Path
    model: str
    effort: Effort | None
    readable: ReadableFolder
    scratch: "Scratch"
    environ: Mapping[str, str] = field(repr=False)
    marker: str = ""
    writable: WritableFolder | None = None
    budget: float | None = None

    @property
    def folder(self) -> Path:
        """The agent's working directory."""
        return self.writable.work if self.writable else self.scratch.work

    def prompt(self, structure: Structure, *, with_instructions: bool = True) -> bytes:
        """Return the whole conversation as one text, since agents keep nothing between runs."""
        request = self.request
        parts = [instructions_for(request, structure)] if with_instructions else []
        parts += [request.shared, request.question]
        for exchange in request.exchanges:
            parts += [f"You have answered:\n\n{exchange.echo}", exchange.text]
        return "\n\n".join(part for part in parts if part).encode("utf-8", "replace")


@dataclass(frozen=True)
class AgentCommand:
    """How to start an agent.

    Args:
        argv: the program's absolute path, and its arguments; never a key or the prompt.
        folder: the working directory.
        environment: all variables, made by `agent_environment`.
        prompt: its standard input.
        marker: a unique value in its environment, to find children that left its process group.
    """

    argv: Sequence[str]
    folder: Path
    environment: Mapping[str, str]
    prompt: bytes
    marker: str = ""


@dataclass(frozen=True, slots=True)
class Exit:
    """How a program ended: its exit status, negative for a signal, or None if it was killed.

    `complaint` is the end of its standard error, for classifying errors only.
    """

    code: int | None
    complaint: str


@dataclass(frozen=True)
class Probe:
    """A command that shows whether the agent can read at all, without asking a model.

    Args:
        command: exits with 0 if it can.
        why: turns the command's standard error into a reason, as a clause.
    """

    command: AgentCommand
    why: Callable[[str], str]


class Login(StrEnum):
    """Whether an agent is logged in, judged by its files and variables, without trying."""

    LOGGED_IN = "logged in"
    LOGGED_OUT = "not logged in"
    UNKNOWN = "unknown"
    """It can have a login in the OS keyring, which we don't read."""


@dataclass(frozen=True, slots=True)
class AgentSetup:
    """An agent's own configuration, read from its files and the environment.

    Args:
        model: the model it would run, as its option takes it; "" for its own choice.
        vendor: that model's family; "" when unknown.
        destination: where its requests go.
    """

    login: Login
    model: str = ""
    vendor: str = ""
    destination: Destination = USUAL


class AgentEventReader(ABC):
    """Reads the events of one run."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self.attempts = ReadAttempts()
        self.refusals = Refusals()

    @abstractmethod
    def read(self, event: JsonObject) -> Iterator[ModelSignal]:
        """Return one event's signals; none for unknown events. Raises ModelError."""

    @property
    def is_over(self) -> bool:
        """Whether this was the last event, so that we needn't wait for the program's exit."""
        return False

    @abstractmethod
    def finish(self, ended: Exit) -> Iterator[ModelSignal]:
        """Return the last signals, ending with `Finished`. Raises ModelError without an answer."""


@dataclass(frozen=True, kw_only=True)
class Agent(Provider, ABC):
    """A coding agent.

    Args:
        program: its usual name on PATH.
        package: its name in the npm registry.
        tested: the newest version tested, by its first two numbers.
        structured: whether it enforces the answer's schema itself.
        variables: what it gets of the user's environment, in addition to what all agents get.
        instructions: the files and folders of a repository that it obeys, in lower case.
        obeys_folder: whether no option keeps it from obeying them.
    """

    is_agent: bool = True
    program: str
    package: str
    tested: tuple[int, int]
    structured: bool = False
    variables: tuple[str, ...] = ()
    instructions: tuple[str, ...] = ()
    obeys_folder: bool = False

    @abstractmethod
    def setup(self, environ: Mapping[str, str], model: str) -> AgentSetup:
        """Read its configuration, never a secret; `model` is what our settings name, or ""."""

    @abstractmethod
    def command(self, run: Run) -> AgentCommand:
        """Return how to start it, hardened; can write options into `run.scratch`."""

    def probe(self, run: Run) -> Probe | None:
        """Return what must work before it is asked; None for nothing."""
        del run
        return None

    @abstractmethod
    def reader(self, run: Run) -> AgentEventReader:
        """Return the reader of its output."""

    def variables_of(self, model: str) -> tuple[str, ...]:
        """Return the variables it gets of the user's environment when it runs a model."""
        del model
        return self.variables

    def environment(self, run: Run) -> dict[str, str]:
        """Return all variables it is started with."""
        own = self.variables_of(run.model)
        made = agent_environment(run.environ, run.readable.top, run.scratch.temporary, own)
        if (writable := run.writable) is None:
            return made
        return writing_environment(made, writable.top, writable.work, run.scratch.top)


def agent_named(name: str) -> Agent:
    """Return the agent of that name. Raises LookupError."""
    found = find_provider(name)
    if not isinstance(found, Agent):
        raise LookupError(f"{name} isn't an agent")
    return found


def all_agents() -> tuple[Agent, ...]:
    """Return all agents, in the order in which to list them."""
    return tuple(one for one in providers(AGENTS) if isinstance(one, Agent))


def is_obeyed(path: str) -> bool:
    """Whether any agent could obey the file at this path of a repository."""
    return any(part in instruction_names() for part in path.lower().split("/"))


@cache
def instruction_names() -> frozenset[str]:
    """The files and folders that any agent obeys, in lower case; copies for agents omit them."""
    own = (name for agent in all_agents() for name in agent.instructions)
    return frozenset((*_INSTRUCTIONS, *own))
