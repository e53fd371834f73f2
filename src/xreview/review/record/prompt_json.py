"""The account of prompts as JSON: the `prompts` of the scorecard.

    {"records": [{"prompt": PROMPT, "sessions", "reports", "decided": int, "precision": SHARE,
                  "dollars": EFFORT, "minutes": EFFORT, "replies": REPLIES | null}],
     "comparisons": [{"one": PROMPT, "other": PROMPT, "verdict": "thin" | "overlap" | "apart"}],
     "unattributed": int, "replies": [{"model": str, …REPLIES}]}

    PROMPT   {"reference": "risk/2" | "risk/2+yours", "digest": str}
    EFFORT   {"amount": float | null, "known", "of": int}
    REPLIES  {"answers", "malformed", "repaired": int}

SHARE is that of the scorecard. `precision` is accepted out of accepted and rejected.
"""

from typing import Any

from xreview.domain.reply_count import ReplyCount
from xreview.domain.scorecard.prompt_figures import (
    PromptAccount,
    PromptEffort,
    PromptRecord,
    ScoredPrompt,
)
from xreview.review.record.share_json import share_json


def prompt_account_json(account: PromptAccount) -> dict[str, Any]:
    """The account as JSON values."""
    return {
        "records": [_record(one) for one in account.records],
        "comparisons": [
            {
                "one": _prompt(one.one.prompt),
                "other": _prompt(one.other.prompt),
                "verdict": one.verdict.value,
            }
            for one in account.comparisons
        ],
        "unattributed": account.unattributed,
        "replies": [{"model": name, **_replies(one)} for name, one in account.replies.items()],
    }


def _record(record: PromptRecord) -> dict[str, Any]:
    return {
        "prompt": _prompt(record.prompt),
        "sessions": record.sessions,
        "reports": record.reports,
        "decided": record.decided,
        "precision": share_json(record.precision),
        "dollars": _effort(record.dollars),
        "minutes": _effort(record.minutes),
        "replies": None if record.replies is None else _replies(record.replies),
    }


def _prompt(prompt: ScoredPrompt) -> dict[str, str]:
    return {"reference": prompt.reference, "digest": prompt.digest}


def _effort(effort: PromptEffort) -> dict[str, Any]:
    amount = effort.amount if effort.known else None
    return {"amount": amount, "known": effort.known, "of": effort.of}


def _replies(count: ReplyCount) -> dict[str, int]:
    return {"answers": count.answers, "malformed": count.malformed, "repaired": count.repaired}
