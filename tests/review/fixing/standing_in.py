"""A stand-in for a disposable tree, and what is handed over, in few words."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.analysers.changes import diff_body
from tests.fakes.model import ScriptedModel, answer
from tests.fakes.reports import finding, report
from tests.review.rebut.building import answerer
from xreview.domain.change import FileDiff, FileStatus
from xreview.domain.fixing.fixer import FixerReply, FixerResult, FixerStatus
from xreview.domain.report import Report, ReviewerIdentity, ReviewerKind
from xreview.export.document import ExportEntry
from xreview.review.fixing.order import FixOrder

CRITIC = ReviewerIdentity("gpt", ReviewerKind.MODEL, "openai", "gpt-6.2-sol")
PAY = (
    "def pay(amount):\n    return charge(amount)\n\n\ndef charge(amount):\n    return amount / 0\n"
)
FIXED = PAY.replace("amount / 0", "amount")
CLAIM = report(
    "Dividing by zero", path="shop/pay.py", line=6, quote="    return amount / 0", reviewer=CRITIC
)


@dataclass(frozen=True)
class Patch:
    """A patch of texts."""

    tree: str
    files: tuple[FileDiff, ...]
    refused: Mapping[str, str] = field(default_factory=dict)


class StandInTree:
    """Files in a folder, and git trees that are dictionaries."""

    base = "base"

    def __init__(self, top: Path, **trees: Mapping[str, str]) -> None:
        self.top = top
        self.trees = trees
        self.puts: list[tuple[str, tuple[str, ...] | None]] = []
        top.mkdir(exist_ok=True)
        self._write(trees["fixed"], None)

    def put(self, tree: str, paths: Collection[str] | None = None) -> None:
        self.puts.append((tree, None if paths is None else tuple(paths)))
        self._write(self.trees[tree], paths)

    def patch(self) -> Patch:
        """What differs between the two trees."""
        old, new = self.trees["base"], self.trees["fixed"]
        files: list[FileDiff] = []
        for path in sorted({*old, *new}):
            before, after = old.get(path, ""), new.get(path, "")
            status = FileStatus.MODIFIED if path in old and path in new else FileStatus.ADDED
            status = status if path in new else FileStatus.DELETED
            if before != after:
                files.append(FileDiff(path, status, body=diff_body(before, after)))
        return Patch("fixed", tuple(files))

    def _write(self, files: Mapping[str, str], paths: Collection[str] | None) -> None:
        there = {str(one.relative_to(self.top)) for one in self.top.rglob("*") if one.is_file()}
        for path in paths if paths is not None else {*there, *files}:
            target = self.top / path
            if path not in files:
                target.unlink(missing_ok=True)
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(files[path])


def order(*reports: Report, **given: Any) -> FixOrder:
    return FixOrder(tuple(ExportEntry(finding(one)) for one in reports or (CLAIM,)), **given)


def reply(*reports: Report, files: tuple[str, ...] = ()) -> FixerReply:
    results = (
        FixerResult(one.fingerprint, FixerStatus.FIXED, files, "I SAY IT IS FIXED")
        for one in reports or (CLAIM,)
    )
    return FixerReply(tuple(results))


def verdict(state: str = "gone", about: Report = CLAIM, **changed: Any) -> dict[str, Any]:
    return {
        "fingerprint": about.fingerprint,
        "path": "shop/pay.py",
        "line": 6,
        "quote": "    return amount",
        "why": "Nothing is divided.",
        "state": state,
        **changed,
    }


def says(*verdicts: dict[str, Any], new: Any = (), read: Any = ("shop/pay.py",)) -> ScriptedModel:
    said = {"findings": verdicts, "new_findings": list(new), "reviewed_paths": list(read)}
    return ScriptedModel(answer(json.dumps(said)))


def critic(model: ScriptedModel, **given: Any):
    return answerer(model, identity=CRITIC, **given)
