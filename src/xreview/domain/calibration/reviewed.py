"""Reviewed files: the level each was called, and whether it proved wrong later.

Only people's decisions make a file count, so that nothing automatic can earn trust. A sign that a
file was wrong always counts, even if a person had accepted the file.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import NamedTuple

from xreview.domain.attention.level import AttentionLevel
from xreview.domain.events.outcome_events import AftermathKind, AftermathSeen
from xreview.domain.events.person_events import FoundIn
from xreview.domain.events.review_events import AttentionWeighed
from xreview.domain.record import dataclass


class ProvedWrong(StrEnum):
    """How it came to light that a reviewed file was wrong."""

    MISSED = "missed"
    """Found in testing."""
    SHIPPED = "shipped"
    """Found in production."""
    REVERTED = "reverted"
    FIXED = "fixed later"


class LaterSign(NamedTuple):
    """One sign that a file was wrong when a session reviewed it.

    Args:
        at: when it came to light (ISO 8601).
        cause: the commit, or the action of the person who recorded it: one cause can be a sign for
            several sessions.
    """

    session: str
    path: str
    what: ProvedWrong
    at: str
    cause: str


class ChangeKey(NamedTuple):
    """What sessions of the same change have in common: their files count once.

    Args:
        base, head: as in `SessionOpened`; without a head, all sessions on top of one commit are
            taken for one change that was reviewed again.
        session: only where neither is known, as of a patch.
    """

    repository: str
    base: str | None
    head: str | None
    session: str = ""


def change_key(repository: str, session: str, base: str | None, head: str | None) -> ChangeKey:
    """The change that a session reviewed."""
    return ChangeKey(repository, base, head, "" if base or head else session)


@dataclass(frozen=True, slots=True)
class ReviewedFile:
    """A file of a change that a person decided about, or that proved wrong.

    Args:
        level: the one that it had when it was reviewed last.
    """

    path: str
    level: AttentionLevel
    topics: tuple[str, ...]
    wrong: frozenset[ProvedWrong]


@dataclass(frozen=True, slots=True)
class ReviewHistory:
    """What is known of past sessions, by session.

    Args:
        weighed: in the order in which they were written.
        decided: the sessions in which a person made a decision that holds.
    """

    weighed: Mapping[str, AttentionWeighed]
    changes: Mapping[str, ChangeKey]
    decided: Collection[str]
    signs: tuple[LaterSign, ...]


def sign_of_miss(session: str, path: str, found: FoundIn, at: str, action: str) -> LaterSign:
    """The sign that a person recorded with `log missed`."""
    shipped = found is FoundIn.PRODUCTION
    what = ProvedWrong.SHIPPED if shipped else ProvedWrong.MISSED
    return LaterSign(session, path, what, at, action)


def sign_of_aftermath(seen: AftermathSeen, accepted: Collection[str]) -> LaterSign | None:
    """The sign that git's history holds; None for a fix of what the review had found.

    Args:
        accepted: the fingerprints that a person accepted: a later commit that fixes one is what
            the review asked for. A revert counts all the same.
    """
    if seen.kind is AftermathKind.FIXED:
        if any(subject in accepted for subject in seen.subjects):
            return None
        what = ProvedWrong.FIXED
    else:
        what = ProvedWrong.REVERTED
    return LaterSign(seen.reviewed, seen.path, what, seen.committed_at, seen.commit)


def reviewed_files(history: ReviewHistory) -> tuple[ReviewedFile, ...]:
    """Return the files that count, each once for a change."""
    signs: dict[tuple[str, str], set[ProvedWrong]] = {}
    for sign in history.signs:
        signs.setdefault((sign.session, sign.path), set()).add(sign.what)
    cells: dict[tuple[ChangeKey, str], _Cell] = {}
    for session, weighed in history.weighed.items():
        key = history.changes.get(session) or change_key("", session, None, None)
        is_decided = session in history.decided
        for file in weighed.files:
            cell = cells.setdefault((key, file.path), _Cell())
            cell.level, cell.topics = file.level, file.topics
            cell.is_decided |= is_decided
            cell.wrong |= signs.get((session, file.path), set())
    return tuple(
        ReviewedFile(path, cell.level, cell.topics, frozenset(cell.wrong))
        for (_, path), cell in cells.items()
        if cell.is_decided or cell.wrong
    )


class _Cell:
    __slots__ = ("is_decided", "level", "topics", "wrong")

    def __init__(self) -> None:
        self.level = AttentionLevel.READ
        self.topics: tuple[str, ...] = ()
        self.is_decided = False
        self.wrong: set[ProvedWrong] = set()
