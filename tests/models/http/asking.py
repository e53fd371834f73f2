"""Asking the double through the real adapters, with time held still."""

from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from xreview.http.patience import Clock
from xreview.http.secret import Secret
from xreview.models.http.client import HttpClient
from xreview.models.http.format import wire_format
from xreview.ports.model import (
    Finished,
    Model,
    ModelIdentity,
    ModelSignal,
    Restarted,
    TextDelta,
)
from xreview.ports.request import Effort, ModelRequest, Tool

KEY = "sk-live-3f9a7c51d2e84b60"

SCHEMA = {
    "type": "object",
    "properties": {"findings": {"type": "array", "items": {"type": "string"}}},
    "required": ["findings"],
    "additionalProperties": False,
}
GREP = Tool(
    "grep",
    "Search the repository.",
    {
        "type": "object",
        "properties": {"pattern": {"type": "string"}},
        "required": ["pattern"],
        "additionalProperties": False,
    },
)
PLAIN = ModelRequest(instructions="Be brief.", question="Review this.")
FULL = ModelRequest(
    instructions="Be brief.",
    shared="The conventions.",
    question="Review this.",
    schema=SCHEMA,
    schema_name="review",
    tools=(GREP,),
    effort=Effort.HIGH,
    cache_key="repository",
)


def client_for(provider: str, url: str, clock: Clock, key: str = KEY, **options: Any) -> HttpClient:
    """A client for the double, as the record of the wire format wants it."""
    form = wire_format(provider)
    credential = form.credential(Secret(key)) if key else None
    dialect = form.load().dialect
    return HttpClient(url, dialect, credential, headers=form.headers, clock=clock, **options)


@dataclass
class StillClock:
    """A clock that moves only when somebody sleeps; `slept` holds each sleep."""

    now: float = 1000.0
    wall: float = 1_800_000_000.0
    slept: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        self.wall += seconds

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.now, lambda: self.wall, self.sleep, lambda: 0.0)


def identity(model: str, vendor: str = "") -> ModelIdentity:
    return ModelIdentity("reviewer", vendor, model, "127.0.0.1", is_local=True)


async def ask(model: Model, request: ModelRequest) -> list[ModelSignal]:
    async with aclosing(model.ask(request)) as signals:
        return [signal async for signal in signals]


def text_of(signals: list[ModelSignal]) -> str:
    """The answer as a consumer keeps it: void where the stream began anew."""
    text = ""
    for signal in signals:
        if isinstance(signal, Restarted):
            text = ""
        elif isinstance(signal, TextDelta):
            text += signal.text
    return text


def finished(signals: list[ModelSignal]) -> Finished:
    assert isinstance(signals[-1], Finished)
    assert sum(isinstance(signal, Finished) for signal in signals) == 1
    return signals[-1]
