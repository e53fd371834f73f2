"""Having imported files review changes that are given by their texts."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.analysers.changes import request
from xreview.domain.change import Change, FileDiff
from xreview.domain.coverage import CoverageEntry
from xreview.domain.report import Report, ReviewerIdentity
from xreview.imports.reader import imported_reviewers
from xreview.ports.reviewer import Notice, RawReport, ReviewRequest
from xreview.review.session.ground import Grounding

DATA = Path(__file__).parents[1] / "data" / "imports"
CART = (DATA / "shop" / "cart.py").read_text("utf-8")
NAIVE = 'import subprocess\n\nsubprocess.call("é𐐀 " + input(), shell=True)\n'


@dataclass
class Tool:
    """What one imported reviewer came to."""

    identity: ReviewerIdentity
    reports: list[Report]
    coverage: list[CoverageEntry]
    outside: int
    notices: list[str]


async def review(
    files: Iterable[Path],
    new: Mapping[str, str],
    old: Mapping[str, str] | None = None,
    *extra: FileDiff,
    taken: Collection[str] = (),
    repository: str = "",
    listed: Collection[str] = (),
    root: str | None = None,
) -> list[Tool]:
    asked = request(new, old, *extra)
    source = asked.change.source
    placed = type(source)(source.kind, source.title, repository)
    asked = ReviewRequest(Change(placed, asked.change.files), asked.contents)
    tools: list[Tool] = []
    for reviewer in imported_reviewers(files, taken, lambda: listed, root):
        grounding = Grounding(asked.change, asked.contents)
        reports: list[Report] = []
        coverage: list[CoverageEntry] = []
        notices: list[str] = []
        async for signal in reviewer.review(asked):
            if isinstance(signal, RawReport):
                reports.append(await grounding.check(signal, reviewer.lens))
            elif isinstance(signal, CoverageEntry):
                coverage.append(signal)
            elif isinstance(signal, Notice):
                notices.append(signal.sentence)
        tools.append(Tool(reviewer.identity, reports, coverage, reviewer.outside, notices))
    return tools


async def found_in(name: str, new: Mapping[str, str]) -> list[Report]:
    (tool,) = await review([DATA / name], new)
    return tool.reports


def written(folder: Path, value: Any, name: str = "it.json") -> Path:
    path = folder / name
    path.write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")
    return path


def sarif(*results: Any, **run: Any) -> Any:
    """A log of one run of a tool called "tool"."""
    driver = run.pop("driver", {})
    tool = {"driver": {"name": "tool", **driver}}
    return {"version": "2.1.0", "runs": [{"tool": tool, "results": list(results), **run}]}


def result(uri: str = "a.py", text: str = "It is wrong.", **changed: Any) -> Any:
    """A result on line 2, or on `region`."""
    region = changed.pop("region", {"startLine": 2})
    physical: dict[str, Any] = {"artifactLocation": changed.pop("artifact", {"uri": uri})}
    if region is not None:
        physical["region"] = region
    return {
        "ruleId": "R1",
        "message": {"text": text},
        "locations": [{"physicalLocation": physical}],
        **changed,
    }
