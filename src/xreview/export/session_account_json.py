"""The account of a session, and attention, as JSON values."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from xreview.domain.attention.level import AttentionLevel
from xreview.domain.events.review_events import AttentionWeighed
from xreview.domain.remaining.remaining import Remaining
from xreview.domain.scorecard.proportion import Proportion
from xreview.domain.session_account.account import (
    ArmAccount,
    FateCounts,
    LaterCount,
    LevelAccount,
    SessionAccount,
    SpendingAccount,
)


def level_to_json(level: AttentionLevel | None) -> dict[str, Any] | None:
    """A level with its word; None if it wasn't weighed."""
    return None if level is None else _level(level)


def _level(level: AttentionLevel) -> dict[str, Any]:
    return {"level": int(level), "word": level.word}


def attention_to_json(weighed: AttentionWeighed | None) -> dict[str, Any] | None:
    """The attention of a change and its files; None if it wasn't weighed."""
    if weighed is None:
        return None
    return {
        **_level(weighed.level),
        "why": list(weighed.why),
        "files": [
            {"path": one.path, **_level(one.level), "topics": list(one.topics)}
            for one in weighed.files
        ],
    }


def session_account_to_json(account: SessionAccount) -> dict[str, Any]:
    """The account, but for the list of what was read, which exports have beside it. Unknown is
    null."""
    contests, escalations = account.contests, account.escalations
    return {
        "findings": _fates(account.findings),
        "rejected_as": _counted(account.reasons),
        "only_by_people": account.own,
        "decided_elsewhere": account.elsewhere,
        "reviewers": [
            {
                "name": reviewer.name,
                "kind": reviewer.kind and reviewer.kind.value,
                "vendor": reviewer.vendor or None,
                "findings": _fates(counts),
            }
            for reviewer, counts in account.reviewers.items()
        ],
        "contested": {
            "total": contests.total,
            "rulings": _counted(contests.rulings),
            "sides_taken": contests.sides,
            "without_ruling": contests.otherwise,
            "open": contests.open,
        },
        "escalated": {
            "total": escalations.asked,
            "answered": escalations.answered,
            "waiting": escalations.waiting,
            "unknown": escalations.unknown,
            "decided_since": escalations.settled,
        },
        "fixes": {"outcomes": _counted(account.fixes), "working": account.working},
        "later": account.later and _later(account.later),
        "arms": {arm.value: _arm(one) for arm, one in account.arms.items()},
        "attention": account.attention and _levels(account.attention),
        "is_over": account.is_over,
        "failures": [{"reviewer": name, "why": why} for name, why in account.failures.items()],
        "reviewing": _spending(account.models),
        "fixing": account.fixing and _spending(account.fixing),
        "seconds_to_last_decision": account.seconds,
        "remaining": account.remaining and _remaining_json(account.remaining),
    }


def _remaining_json(remaining: Remaining) -> dict[str, Any]:
    unseen, why_not = remaining.unseen, remaining.why_not
    return {
        "found": remaining.found,
        "shared": remaining.shared,
        "by_reader": dict(remaining.by_reader),
        "lenses": sorted(remaining.lenses),
        "files": remaining.files,
        "of_files": remaining.of_files,
        "unseen": unseen
        and {
            "likely": round(unseen.likely, 2),
            "low": unseen.low,
            "high": unseen.high,
            "method": unseen.method.value,
        },
        "why_not": why_not and why_not.value,
    }


def _counted(counts: Mapping[Any, int]) -> dict[str, int]:
    return {str(key.value if isinstance(key, StrEnum) else key): n for key, n in counts.items()}


def _share(share: Proportion | None) -> dict[str, int] | None:
    return None if share is None else {"count": share.count, "of": share.of}


def _fates(counts: FateCounts) -> dict[str, Any]:
    return {
        "total": counts.total,
        "by_fate": _counted(counts.by_fate),
        "accepted_share": _share(counts.accepted_share),
    }


def _later(later: LaterCount) -> dict[str, Any]:
    return {
        "missed": _counted(later.missed),
        "aftermath": [
            {"kind": kind.value, "reported": foreseen.value, "files": files}
            for (kind, foreseen), files in later.aftermath.items()
        ],
    }


def _arm(one: ArmAccount) -> dict[str, Any]:
    read = {"files_read": _share(one.files), "lines_read": _share(one.lines)}
    return {"findings": _fates(one.findings), **read}


def _levels(attention: LevelAccount) -> dict[str, Any]:
    return {
        **_level(attention.change),
        "levels": [
            {
                **_level(one.level),
                "files": one.files,
                "findings": _fates(one.findings),
            }
            for one in attention.levels
        ],
        "unread": [
            {"path": one.path, **_level(one.level), "why": one.why} for one in attention.unread
        ],
    }


def _spending(spending: SpendingAccount) -> dict[str, Any]:
    return {
        "dollars": spending.dollars,
        "seconds": spending.seconds,
        "parties": [
            {"name": one.name, "dollars": one.dollars, "seconds": one.seconds}
            for one in spending.parties
        ],
    }
