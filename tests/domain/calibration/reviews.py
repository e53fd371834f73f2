"""Events of reviews whose files were weighed."""

from collections.abc import Mapping
from dataclasses import replace

from tests.journal.build import event, opened
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.events.event import AftermathSeen, AttentionWeighed, Event, ProblemMissed
from xreview.domain.events.outcome_events import AftermathKind
from xreview.domain.events.person_events import FoundIn
from xreview.domain.events.review_events import WeighedFile
from xreview.domain.report import Severity

FILES: Mapping[str, tuple[int, tuple[str, ...]]] = {
    "pay.py": (4, ("money",)),
    "notes.py": (2, ()),
}
"""Level and topics by path."""


def weighed(id: str, of: str, files: Mapping[str, tuple[int, tuple[str, ...]]] = FILES) -> Event:
    listed = tuple(
        WeighedFile(path, AttentionLevel(level), topics) for path, (level, topics) in files.items()
    )
    return event(id, AttentionWeighed(AttentionLevel.STUDY, (), listed), session=of)


def session(id: str, head: str = "c" * 40, files=FILES) -> tuple[Event, Event]:
    """A session on a commit."""
    start = opened(session=id)
    start = replace(start, payload=replace(start.payload, head=head))
    return start, weighed(f"{id}/weighed", id, files)


def aftermath(
    id: str,
    path: str,
    kind: AftermathKind,
    *,
    of: str = "s1",
    commit: str = "",
    subjects: tuple[str, ...] = (),
) -> Event:
    at = "2026-02-03T04:05:06.000000+00:00"
    seen = AftermathSeen(of, kind, commit or id, at, path, 3, subjects, "It changes 3 lines.")
    return event(id, seen, session=of)


def missed(id: str, path: str, found: FoundIn = FoundIn.TESTING, *, of: str = "s1") -> Event:
    payload = ProblemMissed(id, path, 3, "It looped", found, Severity.HIGH)
    return event(id, payload, session=of)
