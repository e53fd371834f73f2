"""What a commit's message claims. A claim alone never counts: the diff must agree with it."""

import re

_SHOWN = 4000
_TYPE = re.compile(r"([a-z]{2,12})(?:\([^()\n]{0,60}\))?!?:\s")
_WORD = re.compile(r"\b[a-z]+\b")
_REVERTS = re.compile(r"\bThis reverts commit ([0-9a-f]{7,64})\b")
_MOST_NAMED = 20

FIX_TYPES = frozenset(("fix", "bugfix", "hotfix"))
"""Types of Conventional Commits (conventionalcommits.org) that mean a fix."""
OTHER_TYPES = frozenset(
    ("build", "chore", "ci", "docs", "feat", "perf", "refactor", "revert", "style", "test", "tests")
)
"""Those that don't, whatever else the message says."""
FIX_WORDS = frozenset(
    (
        *("fix", "fixes", "fixed", "fixing", "bugfix", "hotfix", "bug", "bugs", "regression"),
        *("regressions", "crash", "crashes", "broken", "vulnerability"),
    )
)
COSMETIC_WORDS = frozenset(
    (
        *("typo", "typos", "formatting", "lint", "linter", "whitespace", "indentation"),
        *("spelling", "grammar"),
    )
)
"""In the first line, these say that what is fixed isn't a defect."""


def fix_word(message: str) -> str:
    """Return the word with which a message says that it fixes a defect; "" if it doesn't."""
    text = message[:_SHOWN].lower()
    subject = text.partition("\n")[0]
    if typed := _TYPE.match(subject):
        if typed[1] in FIX_TYPES:
            return "" if _has(subject, COSMETIC_WORDS) else typed[1]
        if typed[1] in OTHER_TYPES:
            return ""
    if subject.startswith("revert ") or _has(subject, COSMETIC_WORDS):
        return ""
    return next((word for word in _WORD.findall(text) if word in FIX_WORDS), "")


def reverted_ids(message: str) -> tuple[str, ...]:
    """Return the commits, possibly abbreviated, that a message says it reverts, as `git revert`
    writes it."""
    return tuple(_REVERTS.findall(message[: 4 * _SHOWN])[:_MOST_NAMED])


def _has(text: str, words: frozenset[str]) -> bool:
    return not words.isdisjoint(_WORD.findall(text))
