"""Which commits a change is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from xreview.domain.change import ChangeKind, ChangeSource
from xreview.repo.attribution.base import Deadline
from xreview.repo.attribution.references import output_before_deadline
from xreview.repo.repository import Repository

COMMITTED = (ChangeKind.COMMIT, ChangeKind.RANGE, ChangeKind.BRANCH)
"""The kinds of change that commits are part of."""


@dataclass(frozen=True)
class Lineage:
    """The commits of a change.

    Args:
        ids: their full ids, the newest first; () where nothing is committed.
        children: the commit of the change that follows on each first parent.
        has_more: there are more commits than were asked for.
        head: the id of what is not committed comes after; "" where all is committed, or where
            there is no commit yet.
    """

    ids: tuple[str, ...] = ()
    children: Mapping[str, str] = field(default_factory=dict[str, str])
    has_more: bool = False
    head: str = ""

    @cached_property
    def known(self) -> frozenset[str]:
        """The ids, to look one up."""
        return frozenset(self.ids)


def lineage_of(
    repository: Repository, source: ChangeSource, limit: int, deadline: Deadline
) -> Lineage:
    """The commits of a change, at most `limit`. Raises ChangeError."""
    if source.kind in (ChangeKind.WORKTREE, ChangeKind.STAGED):
        return Lineage(head=source.base or "")
    if source.kind not in COMMITTED:
        return Lineage()
    log = repository.start("rev-list", "--parents", *revisions(source, limit + 1))
    ids: list[str] = []
    children: dict[str, str] = {}
    for row in output_before_deadline(log, deadline).split("\n")[:-1]:
        id, *parents = row.split()
        ids.append(id)
        if parents:
            children[parents[0]] = id
    # Without a head it is the worktree since another branch: commits, and what is not committed.
    newest = ids[0] if ids else source.base or ""
    head = "" if source.head else newest
    return Lineage(tuple(ids[:limit]), children, len(ids) > limit, head)


def revisions(source: ChangeSource, limit: int) -> tuple[str, ...]:
    """The arguments with which git walks the commits of a change."""
    if source.kind is ChangeKind.COMMIT:
        limit = 1
    base = f"^{source.base}" if source.base else ""
    excluded = () if source.kind is ChangeKind.COMMIT or not base else (base,)
    return (f"--max-count={limit}", "--end-of-options", source.head or "HEAD", *excluded, "--")
