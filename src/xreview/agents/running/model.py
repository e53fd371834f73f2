"""A coding agent as a `Model`, with one run of its program per request."""

import asyncio
import re
import time
import uuid
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing
from pathlib import Path

from xreview.agents.base.agent import (
    Agent,
    AgentEventReader,
    Exit,
    ReadableFolder,
    Run,
    WritableFolder,
)
from xreview.agents.finding.detection import Detected, detect
from xreview.agents.running.harmless import HarmlessTree
from xreview.agents.running.leash import MARKER
from xreview.agents.running.process import AgentProcess, Silence
from xreview.agents.running.scratch import Scratch
from xreview.domain.record import dataclass, replace
from xreview.hardening.programs import without_folders
from xreview.hardening.redaction import bytes_without_keys, know_environment, without_keys
from xreview.ports.failure import Failure, ModelError
from xreview.ports.json_value import object_in, parse_json
from xreview.ports.model import (
    Doing,
    Finished,
    ModelFeatures,
    ModelIdentity,
    ModelLimits,
    ModelSignal,
    Stop,
)
from xreview.ports.provider import ReviewerSettings
from xreview.ports.request import Effort, ModelRequest

_LEAVING_SECONDS = 2.0
"""The time for a program to exit after its last event; we don't wait for its analytics."""

_TRIAL_SECONDS = 20.0
_FIX_SECONDS = 1800.0

_RETRYING = re.compile(r"status:? ([45]\d\d)[^\n]{0,40}retry", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AgentPatience:
    """Timeouts for an agent, in seconds.

    Args:
        overall: for one request.
        quiet: the silence after which to report it.
        grace: between SIGTERM and SIGKILL.
    """

    overall: float = 900.0
    quiet: float = 10.0
    grace: float = 3.0


class AgentModel:
    """Asks one coding agent.

    Args:
        effort: the default for requests without one.
        writable: what it can change; None for its read mode.
        budget: the most to spend on one request, in US dollars; not all agents have such a limit.
    """

    def __init__(
        self,
        identity: ModelIdentity,
        agent: Agent,
        program: Path,
        readable: ReadableFolder,
        environ: Mapping[str, str],
        *,
        known: ModelLimits | None = None,
        effort: Effort | None = None,
        patience: AgentPatience | None = None,
        writable: WritableFolder | None = None,
        budget: float | None = None,
    ) -> None:
        self.identity = identity
        self.features = ModelFeatures(agent.structured, tools=False, has_own_tools=True)
        self._agent = agent
        self._program = program
        self._readable = readable
        self._environ = environ
        know_environment(environ)
        self._known = known or ModelLimits()
        self._effort = effort
        self._patience = patience or AgentPatience()
        self._writable = writable
        self._budget = budget
        self._running: set[AgentProcess] = set()

    async def limits(self) -> ModelLimits:
        """Return the configured limits; agents report none."""
        return self._known

    async def ask(self, request: ModelRequest) -> AsyncGenerator[ModelSignal, None]:
        """Run the program once. Raises ModelError, and errors from filling the copy."""
        yield Doing(f"starting {self._agent.label}")
        scratch = await asyncio.to_thread(Scratch.make)
        tree = HarmlessTree(self._writable) if self._writable else None
        try:
            if tree is not None:
                await asyncio.to_thread(tree.prepare, self._agent)
            run = self._run(request, scratch)
            await scratch.copy(self._readable)
            async with aclosing(self._running_agent(run)) as signals:
                async for signal in signals:
                    yield signal
        finally:
            if tree is not None:
                await asyncio.shield(asyncio.to_thread(tree.restore))
            await asyncio.shield(asyncio.to_thread(scratch.delete))

    async def close(self) -> None:
        """Stop what is still running."""
        await asyncio.gather(*(process.end(self._patience.grace) for process in self._running))

    def _run(self, request: ModelRequest, scratch: Scratch) -> Run:
        return Run(
            request,
            self._program,
            self.identity.model,
            request.effort or self._effort,
            self._readable,
            scratch,
            self._environ,
            marker=uuid.uuid4().hex,
            writable=self._writable,
            budget=self._budget,
        )

    async def _running_agent(self, run: Run) -> AsyncGenerator[ModelSignal, None]:
        command = self._agent.command(run)
        environment = {**command.environment, MARKER: run.marker}
        await self._try(run)
        process = await AgentProcess.start(
            replace(command, environment=environment, marker=run.marker), self._agent.label
        )
        self._running.add(process)
        try:
            async with aclosing(self._signals(process, self._agent.reader(run))) as signals:
                async for signal in signals:
                    yield signal
        finally:
            await process.end(self._patience.grace)
            self._running.discard(process)

    async def _signals(
        self, process: AgentProcess, reader: AgentEventReader
    ) -> AsyncGenerator[ModelSignal, None]:
        patience = self._patience
        began = time.monotonic()
        async with aclosing(process.lines(patience.overall, patience.quiet)) as lines:
            async for line in lines:
                if isinstance(line, Silence):
                    yield self._silent(line, process.complaint)
                    continue
                for signal in _read(reader, bytes_without_keys(line)):
                    yield signal
                if reader.is_over:
                    break
        left = max(patience.overall - (time.monotonic() - began), 0)
        code = await process.code(min(_LEAVING_SECONDS, left))
        why = "" if process.took_prompt else "it exited before reading the whole request"
        why = why or reader.attempts.trouble
        for signal in reader.finish(Exit(code, without_keys(process.complaint))):
            if isinstance(signal, Finished):
                signal = replace(signal, refused=reader.refusals.all)
                if why and signal.stop is Stop.OK:
                    signal = replace(signal, stop=Stop.UNREAD, detail=f"{self._agent.label}: {why}")
            yield signal

    async def _try(self, run: Run) -> None:
        """Check that it can read files, before anything is sent. Raises ModelError."""
        probe = self._agent.probe(run)
        if probe is None:
            return
        process = await AgentProcess.start(probe.command, self._agent.label)
        try:
            code = await process.code(_TRIAL_SECONDS)
            await process.heard()
        finally:
            await process.end(grace=0)
        if code != 0:
            does, who = ("change", "fixer") if self._writable else ("read", "reviewer")
            raise ModelError(
                Failure.REQUEST,
                f"{self._agent.label} can't {does} files here: {probe.why(process.complaint)}.",
                f"Fix that, or choose another {who}.",
            )

    def _silent(self, silence: Silence, complaint: str) -> Doing:
        """Describe a silence; some agents report retries only on standard error."""
        label = self._agent.label
        tries = _RETRYING.findall(complaint)
        if tries:
            return Doing(f"{label} retries (status {tries[-1]}), {silence.seconds:.0f} s so far")
        return Doing(f"{label} has been silent for {silence.seconds:.0f} s")


def _read(reader: AgentEventReader, line: bytes) -> Iterator[ModelSignal]:
    """Return the signals of one line; lines without a JSON object are ignored."""
    try:
        event = object_in(parse_json(line))
    except ValueError:
        return
    yield from reader.read(event)


def agent_model(
    settings: ReviewerSettings,
    readable: ReadableFolder | Path,
    environ: Mapping[str, str],
    *,
    detected: Detected | None = None,
    agent: Agent | None = None,
    patience: AgentPatience | None = None,
) -> AgentModel:
    """Return the configured agent as a model. Raises ModelError if it can't be used.

    Args:
        readable: what it can read; a path for the change only, in that checkout.
        agent: replaces the usual one.
    """
    if isinstance(readable, Path):
        readable = ReadableFolder(readable)
    found = detected or detect(settings, environ, readable.top)
    return _model(settings, found, readable, environ, agent, patience or AgentPatience())


def writing_agent_model(
    settings: ReviewerSettings,
    writable: WritableFolder,
    environ: Mapping[str, str],
    *,
    detected: Detected | None = None,
    agent: Agent | None = None,
    patience: AgentPatience | None = None,
    budget: float | None = None,
) -> AgentModel:
    """Return the configured agent in its write mode. Raises ModelError if it can't be used.

    Each request changes the files of `writable.work` as they are by then, and no session is kept.

    Args:
        agent: replaces the usual one.
        budget: the most to spend on one request, in US dollars; only Claude Code has such a limit.
    """
    own = without_folders(environ.get("PATH", ""), (writable.work.resolve(),))
    found = detected or detect(settings, {**environ, "PATH": own}, writable.top)
    readable = ReadableFolder(writable.top)
    patience = patience or AgentPatience(overall=_FIX_SECONDS)
    return _model(settings, found, readable, environ, agent, patience, writable, budget)


def _model(
    settings: ReviewerSettings,
    found: Detected,
    readable: ReadableFolder,
    environ: Mapping[str, str],
    agent: Agent | None,
    patience: AgentPatience,
    writable: WritableFolder | None = None,
    budget: float | None = None,
) -> AgentModel:
    if found.program is None or found.why_not:
        raise ModelError(
            Failure.KEY if found.program else Failure.CONNECTION,
            f"{found.agent.label} can't be used: {found.why_not}.",
            f"Run `{settings.command or found.agent.program}` once, or choose another "
            f"{'fixer' if writable else 'reviewer'}.",
        )
    return AgentModel(
        found.identity(settings),
        agent or found.agent,
        found.program,
        readable,
        environ,
        known=ModelLimits(
            output_tokens=settings.max_output or None, window=settings.context or None
        ),
        effort=Effort(settings.effort) if settings.effort else None,
        patience=patience,
        writable=writable,
        budget=budget,
    )
