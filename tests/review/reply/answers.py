"""Answers of a model, made with as few words as a test needs."""

import json
from typing import Any

from xreview.domain.change import Side
from xreview.domain.report import ReviewerIdentity, ReviewerKind
from xreview.review.reply.check import Checker
from xreview.review.reply.quote import ShownCode

REVIEWER = ReviewerIdentity("opus", ReviewerKind.MODEL, "anthropic", "claude-opus-5-5")
CODE = (
    "def pay(amount):",
    "    try:",
    "        charge(amount)",
    "    except Exception:",
    "        pass",
)
SHOWN = ShownCode({("src/pay.py", Side.NEW): CODE})
CHECKER = Checker(REVIEWER, SHOWN)


def finding(**changed: Any) -> dict[str, Any]:
    return {
        "path": "src/pay.py",
        "side": "new",
        "start_line": 4,
        "quote": "    except Exception:\n        pass",
        "title": "Failed charges are swallowed",
        "claim": "Every error of charge() is ignored.",
        "scenario": "The card is declined and the order ships.",
        "settle": "A test with a charge() that raises.",
        "category": "error-handling",
        "severity": "high",
        "confidence": "medium",
        "request": {"direction": "add", "topic": "error handling"},
        "suggestion": {"description": "Let it raise.", "replacement": None},
        **changed,
    }


def answer(*findings: Any) -> str:
    return json.dumps({"findings": list(findings)})
