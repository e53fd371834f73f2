"""Gathering a repository's evidence of who wrote a change; call it in a thread."""

import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from xreview.domain.change import ChangeSource
from xreview.domain.errors import ChangeError
from xreview.domain.text import count_of
from xreview.repo.attribution.base import Deadline, GatheredTraces
from xreview.repo.attribution.changed_lines import LineCount
from xreview.repo.attribution.evidence_source import Found, TracedChange, evidence_sources
from xreview.repo.attribution.lineage import COMMITTED, Lineage, lineage_of
from xreview.repo.repository import Repository

COMMITS = 500
_T = TypeVar("_T")


def evidence_in(
    repository: Repository,
    source: ChangeSource,
    deadline: float,
    clock: Callable[[], float] = time.monotonic,
    limit: int = COMMITS,
) -> GatheredTraces:
    """Gather all evidence in the repository of who wrote a change.

    Args:
        deadline: when to stop, in seconds of `clock`, and return what was found.
        limit: the most commits that are searched, the newest first.

    Malformed, oversized or missing evidence never raises; a notice says what was skipped.
    """
    until = Deadline(deadline, clock)
    notices: list[str] = []

    def attempt(label: str, step: Callable[[], _T], default: _T) -> _T:
        why = "; the time was up."
        if until.left:
            try:
                return step()
            except ChangeError as error:
                why = f". {error.message}"
        notices.append(f"Author search: {label} not searched{why}")
        return default

    count: LineCount | None = None
    if source.kind in COMMITTED:
        count = attempt("sizes of commits", lambda: LineCount(repository, source, limit), None)
    lineage = attempt(
        "list of commits", lambda: lineage_of(repository, source, limit, until), Lineage()
    )
    if lineage.has_more:
        notices.append(f"Author search: only the newest {count_of(limit, 'commit')} searched.")
    change = TracedChange(repository, source, lineage, until)
    nothing: Found = (), ()
    results = [attempt(one.label, partial(one.find, change), nothing) for one in evidence_sources()]
    notices += (notice for _, more in results for notice in more)
    counted = _finished(count, until, lineage, notices)
    evidence = tuple(trace for found, _ in results for trace in found)
    return GatheredTraces(evidence, counted, tuple(notices))


def _finished(
    count: LineCount | None, until: Deadline, lineage: Lineage, notices: list[str]
) -> dict[str, dict[str, int]]:
    """The counted lines by commit and path; adds a notice if the count is incomplete."""
    if count is None:
        return {}
    had_time = until.left > 0
    counted: dict[str, dict[str, int]] = {}
    try:
        counted = count.finish(until)
    except ChangeError as error:
        notices.append(f"Author search: sizes of commits not counted. {error.message}")
    if not had_time or not until.left:
        of = count_of(len(lineage.ids), "commit")
        notices.append(f"Author search: {len(counted)} of {of} counted; the time was up.")
    return counted
