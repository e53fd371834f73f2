"""The commits that a change consists of."""

from collections.abc import Mapping
from functools import cached_property

from xreview.domain.change import ChangeKind, ChangeSource
from xreview.domain.record import dataclass, field
from xreview.repo.attribution.base import Deadline
from xreview.repo.attribution.objects import output_before_deadline
from xreview.repo.repository import Repository

COMMITTED = (ChangeKind.COMMIT, ChangeKind.RANGE, ChangeKind.BRANCH, ChangeKind.PULL)
"""The kinds of change that include commits."""


@dataclass(frozen=True)
class Lineage:
    """The commits of a change.

    Args:
        ids: their full ids, the newest first; () if nothing is committed.
        children: by each first parent, the commit of the change that follows it.
        has_more: whether the change has more commits than were asked for.
        head: the commit below the uncommitted part; "" if everything is committed or nothing.
    """

    ids: tuple[str, ...] = ()
    children: Mapping[str, str] = field(default_factory=dict[str, str])
    has_more: bool = False
    head: str = ""

    @cached_property
    def known(self) -> frozenset[str]:
        """The ids as a set."""
        return frozenset(self.ids)


def lineage_of(
    repository: Repository, source: ChangeSource, limit: int, deadline: Deadline
) -> Lineage:
    """Find the commits of a change, at most `limit`. Raises ChangeError."""
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
    # Without a head the change is the worktree since a branch: commits and an uncommitted part.
    newest = ids[0] if ids else source.base or ""
    head = "" if source.head else newest
    return Lineage(tuple(ids[:limit]), children, len(ids) > limit, head)


def revisions(source: ChangeSource, limit: int) -> tuple[str, ...]:
    """The arguments with which git walks the commits of a change."""
    is_one = source.kind is ChangeKind.COMMIT
    excluded = (f"^{source.base}",) if source.base and not is_one else ()
    most = f"--max-count={1 if is_one else limit}"
    return (most, "--end-of-options", source.head or "HEAD", *excluded, "--")
