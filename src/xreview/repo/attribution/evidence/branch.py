"""What the name of a branch tells: a tie-breaker, and for Codex often the only hint in git.

Agents that work in the cloud name their branches (`claude/fix-…`, `codex/…`). Of the checkable
branches that begin with `codex/`, a quarter were written by another vendor's model (authorship
reference, section 1), so none of this is sure.
"""

import re
from collections.abc import Iterable

from xreview.domain.authorship.author import Evidence, EvidenceKind
from xreview.domain.report import Confidence
from xreview.repo.attribution.signatures.conventions import CodingTool, conventions

_JULES = re.compile(r".-\d{16,20}\Z")
_LONGEST = 250


def branch_evidence(names: Iterable[str]) -> tuple[Evidence, ...]:
    """The evidence in the names of the branches of a change, without `refs/heads/`."""
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
    # Jules ends the names of its branches with a number of a task.
    return known.by_word["jules"] if _JULES.search(name) else None
