"""Branch names: a tie-breaker, and for Codex often the only hint in git.

Agents that work in the cloud name their branches (`claude/fix-…`, `codex/…`). Of the verifiable
branches that begin with `codex/`, another vendor's model wrote a quarter (authorship reference,
section 1), so this is never certain.
"""

import re
from collections.abc import Iterable

from xreview.domain.authorship.author import Evidence, EvidenceKind
from xreview.domain.change import ChangeKind
from xreview.domain.report import Confidence
from xreview.repo.attribution.evidence_source import EvidenceSource, Found, TracedChange
from xreview.repo.attribution.signatures.conventions import CodingTool, conventions

_JULES = re.compile(r".-\d{16,20}\Z")
_LONGEST = 250
_HEADS, _REMOTES = "refs/heads/", "refs/remotes/"
_MOST_BRANCHES = 50


def branch_evidence(names: Iterable[str]) -> tuple[Evidence, ...]:
    """The evidence in branch names, given without `refs/heads/`."""
    evidence: list[Evidence] = []
    for name in names:
        if (tool := _tool(name[:_LONGEST])) is None:
            continue
        sure = Confidence.LOW if tool.vendor else Confidence.MEDIUM
        pointer = f"branch {name[:_LONGEST]}"
        evidence.append(Evidence(EvidenceKind.BRANCH, tool.name, tool.vendor, "", sure, pointer))
    return tuple(evidence)


def _tool(name: str) -> CodingTool | None:
    known = conventions()
    if tool := known.tool_of_branch(name):
        return tool
    # Jules ends its branch names with a task number.
    return known.by_word["jules"] if _JULES.search(name) else None


def _find(change: TracedChange) -> Found:
    source = change.source
    if source.kind is ChangeKind.PATCH:
        return (), ()
    if source.kind is ChangeKind.PULL:
        return branch_evidence((source.branch,)), ()
    if source.kind in (ChangeKind.COMMIT, ChangeKind.RANGE) and source.head:
        return branch_evidence(_branches_at(change, source.head)), ()
    return branch_evidence((change.repository.branch,)), ()


def _branches_at(change: TracedChange, commit: str) -> tuple[str, ...]:
    """The local and remote branches that end at a commit, without the remote's name."""
    found = change.references(f"--points-at={commit}", _HEADS, _REMOTES)
    names = (
        name.removeprefix(_REMOTES).partition("/")[2]
        if name.startswith(_REMOTES)
        else name.removeprefix(_HEADS)
        for name in found
    )
    return tuple(dict.fromkeys(names))[:_MOST_BRANCHES]


SOURCE = EvidenceSource(EvidenceKind.BRANCH, "branch names", _find)
