"""How much two texts say the same, without a model and without a vocabulary fitted elsewhere.

Jaccard over words and subwords (camelCase and snake_case split), the best single feature in
`../shared/reference/triage-evidence.md` (PR-AUC .91 on 2,238 findings).
"""

import re

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*|\d+")
_SUBWORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be by can for from has have if in is it its not of on or that the this"
        " to was when which will with without",
    )
)


def words(text: str) -> frozenset[str]:
    """The words of a text in lower case, with the parts of compound identifiers, stop words out."""
    found: set[str] = set()
    for word in _WORD.findall(text):
        found.add(word.lower())
        found.update(part.lower() for part in _SUBWORD.findall(word))
    return frozenset(found - _STOP_WORDS)


def jaccard(left: frozenset[str], right: frozenset[str]) -> float:
    """Shared words over all words: 0 for nothing in common, 1 for the same words."""
    union = len(left | right)
    return len(left & right) / union if union else 0.0
