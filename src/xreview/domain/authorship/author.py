"""The author of a change, with the evidence. No evidence means `unknown`, never `human`."""

from collections.abc import Mapping
from enum import StrEnum

from xreview.domain.record import dataclass, field
from xreview.domain.report import Confidence

MIXED = "mixed"
"""The vendor of a change that models of several vendors wrote."""

PERSON = "person"
"""The tool of evidence that a person wrote something; missing evidence never means that."""


class EvidenceKind(StrEnum):
    """The kinds of evidence, most trusted first."""

    ANSWER = "answer"
    """The user's answer, for this repository and branch."""
    ATTEMPT = "attempt"
    """The user took these lines from an attempt, whose writer is known."""
    NOTE = "note"
    SESSION = "session"
    TRACE = "trace"
    CHECKPOINT = "checkpoint"
    TRAILER = "trailer"
    IDENTITY = "identity"
    PULL = "pull"
    """The account and the description of a pull request."""
    BRANCH = "branch"


@dataclass(frozen=True, slots=True)
class WrittenLines:
    """Lines of one file, as 1-based inclusive ranges; () means the whole file."""

    path: str
    ranges: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence of an author.

    Args:
        tool, vendor, model: "" for unknown; `vendor` is a family of `family.family_of`.
        confidence: how reliable this kind is.
        pointer: where to check it, raw: a line of a commit message, a path.
        commit: the commit it is about; "" for uncommitted changes.
        lines: what it is about; () means all of the commit, or all uncommitted changes.
        at: UTC as ISO 8601; "" for unknown.
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
        """The vendor, or `PERSON`; "" for neither."""
        return self.vendor or (PERSON if self.tool == PERSON else "")


@dataclass(frozen=True, slots=True)
class Author:
    """The author of a change or a file, "" for unknown parts, with sentences that a user can check.

    `vendor` is a model family or `MIXED`.
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
    def is_person(self) -> bool:
        """Whether evidence says that a person wrote it, and none names a model family."""
        return self.tool == PERSON and not self.vendor

    @property
    def is_mixed(self) -> bool:
        """Whether models of several vendors wrote it."""
        return self.vendor == MIXED

    @property
    def family(self) -> str:
        """The one model family that wrote it; "" for several or unknown."""
        return "" if self.is_mixed else self.vendor

    @property
    def label(self) -> str:
        """The author in a few words."""
        return " ".join(filter(None, (self.vendor, self.model or self.tool))) or "unknown"


UNKNOWN_AUTHOR = Author()


@dataclass(frozen=True, slots=True)
class VendorShare:
    """The part of a change or a file, from 0 to 1, that one family, `PERSON`, or an unknown author
    ("") wrote."""

    vendor: str
    part: float


@dataclass(frozen=True)
class Attribution:
    """Everything known about who wrote a change.

    Args:
        author: of the whole change, by changed lines.
        by_path: of each file with evidence, by path.
        evidence: all of it, most trusted first.
        contradictions: sentences about evidence that disagrees, for the user to judge.
        notices: what wasn't searched and why (out of time, too large, turned off).
        shares, shares_by_path: who wrote how much of the change and of each file in `by_path`,
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
        """The family that wrote a file; "" for several or unknown."""
        return self.by_path.get(path, self.author).family

    @property
    def is_mostly_unknown(self) -> bool:
        """Whether a family is known, but not who wrote more than half of the changed lines."""
        unknown = sum(share.part for share in self.shares if not share.vendor)
        return self.author.is_known and unknown > 0.5

    @property
    def families(self) -> dict[str, str]:
        """The families of files that differ from the whole change's, by path."""
        return {
            path: author.family
            for path, author in self.by_path.items()
            if author.family != self.author.family
        }
