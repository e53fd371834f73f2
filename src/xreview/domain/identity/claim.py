"""What a report claims, independent of its wording.

An analyser's rule has an id. A model words the same thing differently each time, so its claim is
reduced to a kind of failure: the first that the title names, else the claim. This is deliberately
coarse: the quoted code and its block are the finer part of the identity, and a key closer to the
wording would lose earlier decisions.
"""

import re
from functools import cached_property
from itertools import islice

from xreview.domain.record import dataclass
from xreview.domain.report import Category, Report

SAME_WORDS = 0.2
"""The overlap of words from which two models' claims about one quote are the same."""

SAID_AGAIN = 0.5
"""The overlap from which a reviewer's claim about one quote repeats its earlier one. It is higher
because a claim taken for a repeat is lost, while two that are one are only shown twice."""

MOST_BY_WORDS = 48
"""How many claims of one kind about one quote are compared by words."""

_KINDS: tuple[tuple[str, str], ...] = (
    ("injection", r"inject|unescaped|unsani[ti]|ssrf|xss|cross-site|csrf|path traversal|shell"),
    ("secret", r"secret|credential|api[ _-]?key|password|private key|leaks? (?:a )?token"),
    ("authorisation", r"authori[sz]|authenticat|permission|privilege|access control|bypass"),
    ("race", r"race|concurren|thread[- ]?safe|toctou|atomic|deadlock|lock|synchroni|mutex"),
    ("async", r"await|promise|foreach|fire[- ]and[- ]forget|asynchronous|callback"),
    ("null", r"null|nil\b|none\b|undefined|optional|attributeerror|dereferenc|npe\b"),
    (
        "swallowed",
        r"swallow|silent|ignored? error|error (?:is )?ignored|unhandled|uncaught|caught|catch",
    ),
    ("leak", r"leak|never closed|not closed|dispos|unsubscrib|dangling"),
    (
        "bounds",
        r"off[- ]by[- ]one|out of (?:bounds|range)|index(?:es|ing)?\b|(?:over|under)flow|slic",
    ),
    ("time", r"time ?zone|timestamp|utc\b|dates?\b|datetime|timeout|expir|ttl\b"),
    ("cache", r"cach|stale|invalidat|memoi"),
    ("key", r"collision|duplicate|unique|delimiter|hash"),
    ("type", r"type ?error|wrong type|mismatch|cast|isinstance|instanceof|signature"),
    ("name", r"typo|misspel|misleading|naming|rename|inconsisten|docstring|comment|documentation"),
    ("test", r"\btests?\b|assert|mock|coverage|flaky"),
    ("speed", r"n\+1|performance|inefficien|slow|quadratic|redundant|unnecessar|expensive"),
    ("validation", r"validat|unchecked|missing check|case[- ]sensitiv|regex|format"),
    ("condition", r"condition|logic|invert|comparison|operator|always (?:true|false)|wrong"),
    ("dead", r"dead code|unused|unreachable|never (?:used|called)|no[- ]op"),
    ("migration", r"migrat|schema|column|backward|compatib|default value"),
)
_KIND = re.compile(
    "|".join(rf"\b(?P<{name}>{expression})" for name, expression in _KINDS), re.IGNORECASE
)

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]+|\d+")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_ENDING = re.compile(r"(?:ing|ed|es|s|ion|ions|ly)$")
_STOP = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be but by can could does for from has have if in into is it its may"
        " might not of on or should so that the there this to was when where which while will with"
        " without would code function method line file",
    )
)


def claim_key_of(title: str, claim: str, category: Category) -> str:
    """The key of a model's claim: the kind of failure named in its title, else in the claim, else
    its category."""
    found = _KIND.search(title) or _KIND.search(claim)
    return f"model/{found.lastgroup if found else category.value}"


def claim_key(report: Report) -> str:
    """The rule of a report or, without one, the kind of its claim."""
    return report.rule or claim_key_of(report.title, report.claim, report.category)


@dataclass(frozen=True)
class Claim:
    """The claim of a report, parsed once for many comparisons."""

    report: Report

    @cached_property
    def key(self) -> str:
        """Its rule or kind."""
        return claim_key(self.report)

    @cached_property
    def plain(self) -> str:
        """Its literal words."""
        return plain(words_of(self.report.title, self.report.claim))

    @cached_property
    def stems(self) -> frozenset[str]:
        """Its words without their endings."""
        return stems(words_of(self.report.title, self.report.claim))

    def agrees(self, other: "Claim") -> bool:
        """Whether both claim the same about the same code. Symmetric."""
        if self.report.rule or other.report.rule:
            return self.report.rule == other.report.rule
        return self.key == other.key or self.agrees_in_words(other)

    def agrees_in_words(self, other: "Claim") -> bool:
        """Whether two models' claims about the same code share enough words. Symmetric."""
        return self.plain == other.plain or overlap(self.stems, other.stems) >= SAME_WORDS

    def distance(self, other: "Claim") -> tuple[bool, bool, float]:
        """How far apart they are: by kind, then literal words, then stems."""
        return self.key != other.key, self.plain != other.plain, -overlap(self.stems, other.stems)


def claims_agree(left: Report, right: Report) -> bool:
    """Whether two reports claim the same about the same code. Symmetric."""
    return Claim(left).agrees(Claim(right))


def words_agree(left: Report, right: Report) -> bool:
    """Whether two models' claims about the same code share enough words. Symmetric."""
    return Claim(left).agrees_in_words(Claim(right))


class Claims:
    """The claims of one kind by one reviewer about one quote, to recognise repeats.

    A new claim is compared by words with the first `MOST_BY_WORDS` only, and literally with the
    rest: more of them is not a review any more.
    """

    def __init__(self) -> None:
        self._stems: dict[str, frozenset[str]] = {}

    def earlier(self, said: str) -> str | None:
        """The `plain` text of an earlier claim that this one repeats; None for a new claim, which
        is remembered."""
        text = plain(said)
        if text in self._stems:
            return text
        own = stems(said)
        for known, its in islice(self._stems.items(), MOST_BY_WORDS):
            if overlap(own, its) >= SAID_AGAIN:
                return known
        self._stems[text] = own if len(self._stems) < MOST_BY_WORDS else frozenset()
        return None

    def is_first(self, text: str) -> bool:
        """Whether a `plain` text is the first claim."""
        return next(iter(self._stems), None) == text


def plain(text: str) -> str:
    """The text in lower case with white space collapsed."""
    return " ".join(text.casefold().split())


def words_of(title: str, claim: str) -> str:
    """The text by which a model's claim is compared with others."""
    return f"{title}\n{claim}"


def stems(text: str) -> frozenset[str]:
    """The words of a text without their endings, and the parts of compound identifiers."""
    found: set[str] = set()
    for word in _WORD.findall(text):
        parts = {word.lower(), *(part.lower() for part in _PART.findall(word))}
        found.update(_ENDING.sub("", part) or part for part in parts - _STOP)
    return frozenset(found)


def overlap(left: frozenset[str], right: frozenset[str]) -> float:
    """The Jaccard index: 0 for nothing in common, 1 for equal sets."""
    union = len(left | right)
    return len(left & right) / union if union else 0.0
