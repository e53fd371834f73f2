"""Gives an agent's reader the events of one run, without a program."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.models.requests import FULL
from xreview.agents.base.agent import Agent, Exit, ReadableFolder, Run
from xreview.agents.running.scratch import Scratch
from xreview.ports.failure import ModelError
from xreview.ports.model import ModelSignal
from xreview.ports.request import ModelRequest

TOP = Path("/project")
MODEL = "double/a-model"

Json = dict[str, Any]


def run_of(request: ModelRequest = FULL, **environ: str) -> Run:
    scratch = Scratch(Path("/nowhere/scratch"))
    scratch.work = TOP
    return Run(request, Path("/bin/agent"), MODEL, None, ReadableFolder(TOP), scratch, environ)


def read(
    agent: Agent,
    events: Sequence[object],
    ended: Exit | None = None,
    request: ModelRequest = FULL,
) -> list[ModelSignal | ModelError]:
    """The signals of these events, and of the end; a ModelError last where there was one."""
    reader = agent.reader(run_of(request))
    signals: list[ModelSignal | ModelError] = []
    try:
        for event in events:
            signals += reader.read(event)
        signals += reader.finish(ended or Exit(0, ""))
    except ModelError as error:
        signals.append(error)
    return signals
