"""The pull requests that are measured on, and the scorer's reading of them."""

import importlib.util
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType

from xreview.domain.change import Side
from xreview.domain.identity.anchor import Anchor
from xreview.domain.report import (
    Category,
    Confidence,
    Lens,
    Report,
    ReviewerIdentity,
    ReviewerKind,
    Severity,
)

SHARED = Path(__file__).parents[3] / "shared" / "data"
Clusters = list[list[str]]


def made(
    id: str,
    text: str,
    tool: str,
    path: str = "",
    line: int = 0,
    end: int = 0,
    category: Category = Category.EDGE_CASE,
) -> Report:
    """A report as a fixture gives it; what it does not give is the same for all."""
    return Report(
        fingerprint=id,
        reviewer=ReviewerIdentity(tool, ReviewerKind.MODEL, tool),
        lens=Lens.RISK,
        rule="",
        title="",
        claim=text,
        scenario="",
        category=category,
        severity=Severity.MEDIUM,
        confidence=Confidence.MEDIUM,
        anchor=Anchor(path, Side.NEW, line, max(line, end), ""),
    )


class Fixtures:
    """The pull requests of a folder: their reports, and the scorer's own reading of them."""

    def __init__(self, folder: Path) -> None:
        script = folder / "evaluate.py"
        self.scorer = _module(script if script.exists() else SHARED / "crb" / "evaluate.py")
        inner = "fixtures" if (folder / "fixtures").is_dir() else "heldout"
        split = "dev" if inner == "fixtures" else "heldout"
        self.labelled = self.scorer.load(split, str(folder), None)
        self.reports: dict[str, list[Report]] = {}
        self.repositories: dict[str, str] = {}
        for file in sorted((folder / inner).glob("*.json")):
            read = json.loads(file.read_text(encoding="utf-8"))
            if read.get("pr") in self.labelled:
                self.repositories[read["pr"]] = read["repo"]
                self.reports[read["pr"]] = [
                    made(one["id"], one["text"], tool)
                    for tool, said in read["reviewers"].items()
                    for one in said
                ]

    def counts(self, pr: str, clusters: Clusters) -> tuple[float, ...]:
        """What B-cubed and pair scores are added up from, of the findings that are in a cluster."""
        of = {id: at for at, cluster in enumerate(clusters) for id in cluster}
        findings = [one for one in self.labelled[pr] if one["id"] in of]
        rows, pairs, _, _ = self.scorer.align_pr(findings, of)
        sums = (sum(row[0] for row in rows), sum(row[2] for row in rows), len(rows))
        return (*sums, pairs[True, True], pairs[False, True], pairs[True, False])

    def label(self, pr: str, left: str, right: str) -> bool | None:
        """Whether two findings are of one issue, None if the scorer doesn't count the pair."""
        of = {one["id"]: one for one in self.labelled[pr]}
        findings = [of[left], of[right]]
        for one, other in (findings, findings[::-1]):
            votes = {
                issue
                for said in self.labelled[pr]
                if said["tool"] == other["tool"]
                for issue in said["any"]
            }
            if one["issues"] and not other["issues"] and one["issues"] & votes:
                return None  # its tool may mean this issue in another finding
        _, pairs, _, _ = self.scorer.align_pr(findings, {left: 0, right: 0})
        return next((label for label, _ in pairs), None)

    def triage(self, orders: Mapping[str, list[Clusters]]) -> tuple[float, float]:
        """The area under the curve, and cards read to 80 %, means over `orders`, whose keys are a
        pull request's name and, behind a blank, anything."""
        curves = []
        for pr, cards in orders.items():
            golden = {one["id"]: set(one["golden"]) for one in self.labelled[pr.split()[0]]}
            gold = {at: set().union(*(golden[id] for id in card)) for at, card in enumerate(cards)}
            if total := len(set().union(*gold.values())):
                curves.append(self.scorer.curve(list(gold), gold, total))
        return _mean([one[0] for one in curves]), _mean([one[1] for one in curves])


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("evaluate", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else float("nan")


def scores(counts: Sequence[tuple[float, ...]]) -> tuple[float, float, float, float]:
    """B-cubed precision, recall and F1, and pair F1."""
    precise, recalled, findings, hits, wrong, missed = map(sum, zip(*counts, strict=True))
    precision, recall = precise / findings, recalled / findings
    both = 2 * precision * recall / (precision + recall)
    return precision, recall, both, 2 * hits / max(1, 2 * hits + wrong + missed)
