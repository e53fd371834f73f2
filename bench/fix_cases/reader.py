"""A model without a model: it answers honestly, from the code that it is asked about."""

import json
import re
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from fix_cases.planting import PlantedCase
from xreview.ports.model import (
    Finished,
    ModelFeatures,
    ModelIdentity,
    ModelLimits,
    ModelSignal,
    Stop,
    TextDelta,
    Tokens,
)
from xreview.ports.request import ModelRequest

_FINGERPRINT = re.compile(r'"fingerprint": "([^"]+)"')


class HonestReader:
    """Says whether the problem of a case is in the files below `top`, and quotes the code."""

    identity = ModelIdentity("reader", "openai", "reader-1", "127.0.0.1", is_local=True)
    features = ModelFeatures()

    def __init__(self, case: PlantedCase, top: Path) -> None:
        self._case = case
        self._top = top

    async def limits(self) -> ModelLimits:
        return ModelLimits(200_000, 32_000)

    async def ask(self, request: ModelRequest) -> AsyncGenerator[ModelSignal, None]:
        verdicts = [self._verdict(name) for name in _FINGERPRINT.findall(request.question)]
        said = {
            "findings": verdicts,
            "new_findings": [],
            "reviewed_paths": [self._case.path],
        }
        yield TextDelta(json.dumps(said))
        yield Tokens(input=1000, output=100)
        yield Finished(Stop.OK, "reader-1")

    async def close(self) -> None:
        pass

    def _verdict(self, fingerprint: str) -> dict[str, Any]:
        text = (self._top / self._case.path).read_text()
        rows = text.split("\n")
        line = max(number for number, row in enumerate(rows, 1) if "return" in row)
        is_there = has_problem(text, self._case.defect.probe)
        return {
            "fingerprint": fingerprint,
            "path": self._case.path,
            "line": line,
            "quote": rows[line - 1],
            "why": "It was tried.",
            "state": "still_present" if is_there else "gone",
        }


def has_problem(text: str, probe: str) -> bool:
    """Whether a probe is true of a module's code."""
    names: dict[str, Any] = {}
    exec(compile(text, "module", "exec"), names)
    helpers = {"m": SimpleNamespace(**names), "raises": _raises, "changes": _changes}
    return bool(eval(probe, helpers))


def _raises(call: Callable[[], object]) -> bool:
    try:
        call()
    except Exception:  # noqa: BLE001
        return True
    return False


def _changes(call: Callable[[dict[str, int]], object], given: dict[str, int]) -> bool:
    before = dict(given)
    call(given)
    return given != before
