"""Who wrote the change, and what that rests on. Silence is `unknown`, never `human`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from xreview.domain.report import Confidence

MIXED = "mixed"
"""The vendor of a change that several vendors' models wrote."""


PERSON = "person"
"""The tool of evidence that says that a person wrote something. Silence never says that."""


class EvidenceKind(StrEnum):
    """What tells of an author, the most trusted first."""

    ANSWER = "answer"
    """The user said so, now or earlier for this repository and branch."""
    NOTE = "note"
    SESSION = "session"
    TRACE = "trace"
    CHECKPOINT = "checkpoint"
    TRAILER = "trailer"
    IDENTITY = "identity"
    BRANCH = "branch"


@dataclass(frozen=True, slots=True)
class WrittenLines:
    """Lines of one file, as 1-based inclusive ranges; no ranges stand for the whole file."""

    path: str
    ranges: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One trace that an author left.

    Args:
        tool, vendor, model: who; "" for what it does not tell. `vendor` is a family as
            `domain.family.family_of` names it.
        confidence: how sure this kind of trace is.
        pointer: where a person can check it, raw: a line of a commit message, a path.
        commit: the id of the commit it speaks of; "" for what is not committed.
        lines: what it speaks of; () stands for all of the commit, or of the uncommitted change.
        at: when, UTC as ISO 8601; "" where it does not say.
    """

    kind: EvidenceKind
    tool: str
    vendor: str
    model: str
    confidence: Confidence
    pointer: str
    commit: str = ""
    lines: tuple[WrittenLines, ...] = ()
    at: str = ""

    @property
    def who(self) -> str:
        """The vendor, or `PERSON`; "" where it tells neither."""
        return self.vendor or (PERSON if self.tool == PERSON else "")


@dataclass(frozen=True, slots=True)
class Author:
    """The author of a change or a file: tool, vendor (model family) and model.

    Every field may be "" for not known, and `vendor` may be `MIXED`; `evidence` are sentences a
    person can check, `confidence` is None where nothing is known.
    """

    tool: str = ""
    vendor: str = ""
    model: str = ""
    evidence: tuple[str, ...] = ()
    confidence: Confidence | None = None

    @property
    def is_known(self) -> bool:
        """Whether at least the model family is known."""
        return bool(self.vendor)

    @property
    def is_mixed(self) -> bool:
        """Whether several vendors' models wrote it."""
        return self.vendor == MIXED

    @property
    def family(self) -> str:
        """The one model family that wrote it: "" for several, and where nobody knows."""
        return "" if self.is_mixed else self.vendor

    @property
    def label(self) -> str:
        """The author in a few words for the header."""
        return " ".join(filter(None, (self.vendor, self.model or self.tool))) or "unknown"


UNKNOWN_AUTHOR = Author()


@dataclass(frozen=True, slots=True)
class VendorShare:
    """How much of a change or a file one vendor's models wrote.

    Args:
        vendor: the family, or `PERSON`; "" for what nothing tells either of.
        part: of all changed lines, from 0 to 1.
    """

    vendor: str
    part: float


@dataclass(frozen=True)
class Attribution:
    """All that is known of who wrote a change.

    Args:
        author: of the change as a whole, by changed lines.
        by_path: of each file, by its path in the change; a file nothing speaks of is not in it.
        evidence: every trace, the most trusted first.
        contradictions: sentences about traces that do not agree, for a person to judge.
        notices: what was not looked at and why (out of time, too large, switched off).
        shares, shares_by_path: who wrote how much, of the change and of each file in `by_path`;
            the largest first.
    """

    author: Author = UNKNOWN_AUTHOR
    by_path: Mapping[str, Author] = field(default_factory=dict[str, Author])
    evidence: tuple[Evidence, ...] = ()
    contradictions: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    shares: tuple[VendorShare, ...] = ()
    shares_by_path: Mapping[str, tuple[VendorShare, ...]] = field(
        default_factory=dict[str, tuple[VendorShare, ...]]
    )

    def family_of(self, path: str) -> str:
        """The family that wrote a file: "" for several, and where nobody knows."""
        return self.by_path.get(path, self.author).family

    @property
    def families(self) -> dict[str, str]:
        """The families of those files, by path, that are of another one than the whole change."""
        return {
            path: author.family
            for path, author in self.by_path.items()
            if author.family != self.author.family
        }
