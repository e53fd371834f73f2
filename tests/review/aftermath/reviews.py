"""Reviews of real commits, for the tests of what came of them."""

from datetime import UTC, datetime

from tests.repo.builder import Builder
from xreview.domain.change import FileDiff
from xreview.domain.changed_file import changed_file
from xreview.domain.events.event import AftermathSeen
from xreview.repo.repository import find_repository
from xreview.review.aftermath.lines import PlacedFinding
from xreview.review.aftermath.looking import AftermathSearch, look_for_aftermath
from xreview.review.aftermath.sessions import PastReview

BASE = """import os


def first():
    return 1


def last():
    return 9
"""
WITH_TOTALS = """import os


def first():
    return 1


def totals(cart):
    total = 0
    for item in cart:
        total += item.price
    return total


def last():
    return 9
"""
FIXED = WITH_TOTALS.replace("item.price", "item.price * item.count")


def moment_of_commit(builder: Builder, commit: str) -> str:
    seconds = int(builder.git("show", "--no-patch", "--format=%ct", commit))
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")


def review_of(
    builder: Builder,
    base: str | None,
    head: str,
    session: str = "s1",
    findings: tuple[PlacedFinding, ...] = (),
) -> PastReview:
    """A session that was opened on commits, at the time of the last one."""
    at = moment_of_commit(builder, head)
    return PastReview(session, at, base, head, (), findings, {})


def uncommitted(
    builder: Builder, base: str, files: tuple[FileDiff, ...], session: str = "s1"
) -> PastReview:
    """A session on files that weren't committed then."""
    at = moment_of_commit(builder, base)
    return PastReview(session, at, base, None, tuple(map(changed_file, files)), (), {})


def look(builder: Builder, *reviews: PastReview, **given) -> AftermathSearch:
    return look_for_aftermath(find_repository(builder.top), builder.rev("HEAD"), reviews, **given)


def told(builder: Builder, *reviews: PastReview) -> list[tuple[str, str, str, int]]:
    return [brief(one) for one in look(builder, *reviews).found]


def brief(one: AftermathSeen) -> tuple[str, str, str, int]:
    return (one.reviewed, one.kind.value, one.path, one.lines)
