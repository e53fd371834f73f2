"""Making a `Model` of a coding agent."""

from collections.abc import Mapping
from pathlib import Path

from xreview.agents.finding.detected import Detected
from xreview.agents.finding.detection import KINDS, AgentSettings, detect
from xreview.agents.model import AgentModel, AgentPatience
from xreview.agents.program import Agent
from xreview.agents.reading import ReadableFolder
from xreview.ports.failure import Failure, ModelError
from xreview.ports.model import ModelIdentity, ModelLimits
from xreview.ports.request import Effort


def agent_model(
    settings: AgentSettings,
    readable: ReadableFolder | Path,
    environ: Mapping[str, str],
    *,
    detected: Detected | None = None,
    agent: Agent | None = None,
    patience: AgentPatience | None = None,
) -> AgentModel:
    """The agent that these settings name, ready to be asked.

    Args:
        readable: what it may read; a path for the checkout alone.
        environ: the user's environment.
        detected: what `detect` found, to save looking again.
        agent: instead of the usual one of its kind.

    Raises ModelError where it can't be used, with the reason.
    """
    if isinstance(readable, Path):
        readable = ReadableFolder(readable)
    found = detected or detect(settings, environ, readable.top)
    kind = KINDS[settings.provider]
    if found.program is None or found.why_not:
        raise ModelError(
            Failure.KEY if found.program else Failure.CONNECTION,
            f"{kind.agent.label} can't be used: {found.why_not or 'it was not found'}.",
            f"Start `{settings.command or kind.command}` by hand once, or choose another reviewer.",
        )
    notices = (found.notice,) if found.notice else ()
    identity = ModelIdentity(
        settings.name,
        found.vendor,
        found.model,
        found.destination.of(kind.agent.label),
        notices=notices,
    )
    return AgentModel(
        identity,
        agent or kind.agent,
        found.program,
        readable,
        environ,
        known=ModelLimits(
            output_tokens=settings.max_output or None, window=settings.context or None
        ),
        effort=Effort(settings.effort) if settings.effort else None,
        patience=patience,
    )
