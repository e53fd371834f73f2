"""What each agent's file provides: how it is started, and what its events mean."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from xreview.agents.attempts import Attempts
from xreview.agents.reading import ReadableFolder
from xreview.agents.running.process import AgentCommand
from xreview.agents.running.scratch import Scratch
from xreview.ports.json_value import JsonObject
from xreview.ports.model import ModelSignal
from xreview.ports.request import Effort, ModelRequest


@dataclass(frozen=True)
class Run:
    """All that one run of an agent is made of.

    Args:
        program: the absolute path of the program.
        model: which model it is to run; "" for its own choice.
        environ: the user's environment, of which an agent gets only what it needs.
        marker: tells this run's processes from all others.
    """

    request: ModelRequest
    program: Path
    model: str
    effort: Effort | None
    readable: ReadableFolder
    scratch: Scratch
    environ: Mapping[str, str] = field(repr=False)
    marker: str = ""


@dataclass(frozen=True, slots=True)
class Exit:
    """How a program ended.

    Args:
        code: its exit status, negative for a signal; None where it had to be ended.
        complaint: the last of its standard error, for classifying only.
    """

    code: int | None
    complaint: str


@dataclass(frozen=True)
class Trial:
    """A command that shows whether the agent can read at all, without a model.

    Args:
        command: ends with status 0 where it can.
        why: says of what the command complained why it can't, as a clause.
    """

    command: AgentCommand
    why: Callable[[str], str]


class AgentEventReader(Protocol):
    """Reads the events of one run."""

    attempts: Attempts
    """What became of its own attempts to read, as far as its events tell."""

    def read(self, event: JsonObject) -> Iterator[ModelSignal]:
        """What one event means; nothing for one that is not known. Raises ModelError."""
        ...

    @property
    def is_over(self) -> bool:
        """Whether the program said its last word, so that its end need not be waited for."""
        ...

    def finish(self, ended: Exit) -> Iterator[ModelSignal]:
        """The end of the turn, `Finished` last. Raises ModelError where there was no answer."""
        ...


class Agent(Protocol):
    """A coding agent that can be asked."""

    label: str
    """What people call it."""
    structured: bool
    """Whether it holds its answer to a schema by itself."""

    def command(self, run: Run) -> AgentCommand:
        """How to start it, hardened; may write its options into `run.scratch`."""
        ...

    def trial(self, run: Run) -> Trial | None:
        """What must work before it is asked anything; None where nothing needs to be tried."""
        ...

    def reader(self, run: Run) -> AgentEventReader:
        """Reads what it prints."""
        ...
