"""What happens while a change is reviewed, as payloads of events."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Self

from xreview.domain.amount import check_amounts
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.authorship.author import Author
from xreview.domain.change import ChangeKind, FileDiff, Unshown
from xreview.domain.changed_file import ChangedFile, changed_file
from xreview.domain.coverage import IGNORED, CoverageEntry
from xreview.domain.events.carried import CarriedOver
from xreview.domain.events.codec import Json, inlined, list_of, object_of, to_json
from xreview.domain.events.payload import FindingEvent, SessionEvent, unchanged
from xreview.domain.identity.anchor import NO_CONTEXT
from xreview.domain.record import dataclass, field
from xreview.domain.reply_count import ReplyCount
from xreview.domain.report import Confidence, Report, ReviewerIdentity
from xreview.domain.stance import Stance


@dataclass(frozen=True, slots=True)
class SessionOpened(SessionEvent):
    """A user, or a headless run, opened a change.

    Args:
        base, head: the commits compared, as in `ChangeSource`.
        program: name and version of the program.
        reviewers: those asked at the start; () in version 1, which didn't record them. A person can
            be one since version 3.
        repository_top: the folder of the working tree; "" if there is none, and in version 1.
        pull: the URL of a pull request's page; "" for none, and before version 4, which didn't have
            that kind of change.
        kind: never an attempt before version 5.
    """

    type: ClassVar[str] = "session-opened"
    version: ClassVar[int] = 5
    upgrades = (
        lambda data: {**data, "reviewers": [], "repository_top": ""},
        unchanged,
        lambda data: {**data, "pull": ""},
        unchanged,
    )
    kind: ChangeKind
    title: str
    base: str | None
    head: str | None
    program: str
    reviewers: tuple[ReviewerIdentity, ...] = ()
    repository_top: str = ""
    pull: str = ""


@dataclass(frozen=True, slots=True)
class ReviewersJoined(SessionEvent):
    """More reviewers were asked after the session was opened; a person can be one since version
    2."""

    type: ClassVar[str] = "reviewers-joined"
    version: ClassVar[int] = 2
    upgrades = (unchanged,)
    reviewers: tuple[ReviewerIdentity, ...]


@dataclass(frozen=True, slots=True)
class OpponentChosen(SessionEvent):
    """The reviewers were chosen, some of them of the author's own family. `why` is the sentence
    that the user was shown."""

    type: ClassVar[str] = "opponent-chosen"
    reviewers: tuple[str, ...]
    same_family: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class ChangeCollected(SessionEvent):
    """The whole change was read.

    Args:
        files, added, removed: counts of files and of lines.
        paths_digest: a hash of the paths: tells two changes apart without naming a file.
        listed: each file, in git's order; () in version 1.
    """

    type: ClassVar[str] = "change-collected"
    version: ClassVar[int] = 2
    upgrades = (lambda data: {**data, "listed": []},)
    files: int
    added: int
    removed: int
    paths_digest: str
    listed: tuple[ChangedFile, ...] = ()

    @classmethod
    def of(cls, files: Iterable[FileDiff]) -> Self:
        """The event for these files. Costs one pass over their diffs."""
        listed = tuple(map(changed_file, files))
        paths = "\0".join(file.path for file in listed)
        return cls(
            len(listed),
            sum(file.added for file in listed),
            sum(file.removed for file in listed),
            hashlib.sha256(paths.encode("utf-8", "surrogatepass")).hexdigest(),
            listed,
        )


@dataclass(frozen=True, slots=True)
class AuthorAttributed(SessionEvent):
    """Who wrote the change, with the evidence; the fields are those of `Author`.

    Args:
        confidence: None in version 1.
        families: the model families of files whose author differs from the whole change's, by
            path; "" for several families or unknown. Empty in versions 1 and 2.
    """

    type: ClassVar[str] = "author-attributed"
    version: ClassVar[int] = 3
    upgrades = (lambda data: {**data, "confidence": None}, lambda data: {**data, "families": {}})
    tool: str
    vendor: str
    model: str
    evidence: tuple[str, ...] = ()
    confidence: Confidence | None = None
    families: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)

    @property
    def author(self) -> Author:
        """The author as the rest of the domain knows it."""
        return Author(self.tool, self.vendor, self.model, self.evidence, self.confidence)


@dataclass(frozen=True, slots=True)
class NoticeGiven(SessionEvent):
    """The user was told something about the session, in a sentence: git is in the middle of a
    rebase, an import skipped entries, a file couldn't be written."""

    type: ClassVar[str] = "notice-given"
    is_shared = False
    sentence: str


@dataclass(frozen=True, slots=True)
class WeighedFile:
    """The attention that one file deserves.

    Args:
        topics: what it touches in which a mistake is expensive (`Risk.what`).
        digest: of what the change does to it (`domain.viewed.diff_digest`); "" if unknown.
    """

    path: str
    level: AttentionLevel
    topics: tuple[str, ...] = ()
    digest: str = ""


@dataclass(frozen=True, slots=True)
class AttentionWeighed(SessionEvent):
    """How much human reading the change deserves; a later one of a session replaces it. `why` is
    the reasons for its level, in words."""

    type: ClassVar[str] = "attention-weighed"
    is_shared = False
    level: AttentionLevel
    why: tuple[str, ...]
    files: tuple[WeighedFile, ...]


@dataclass(frozen=True, slots=True)
class ModelAsked(SessionEvent):
    """A model's review ended: which prompt it got, and where the code went.

    Args:
        reviewer: its name.
        host: where the code went; "" if every answer came from the cache.
        model: the model that was requested; served: the models that answered.
        prompt: name and version of the template ("risk/1"); digest: its SHA-256, hexadecimal.
        requests: how many were sent; remembered: how many answers came from the cache.
        withheld: how many lines were not sent because they look like secrets.
        replies: how many broke the schema; None if unknown, as before version 2.
    """

    type: ClassVar[str] = "model-asked"
    version: ClassVar[int] = 2
    upgrades = (lambda data: {**data, "replies": None},)
    reviewer: str
    host: str
    model: str
    served: tuple[str, ...]
    prompt: str
    digest: str
    requests: int
    remembered: int
    withheld: int
    replies: ReplyCount | None = None


@dataclass(frozen=True, slots=True)
class UsageReceived(SessionEvent):
    """A reviewer finished or was stopped; several for one session and reviewer add up.

    The cost is in US dollars, None if a price is unknown. Raises ValueError for an amount that is
    negative or not finite.
    """

    type: ClassVar[str] = "usage-received"
    reviewer: str
    input_tokens: int
    output_tokens: int
    cost: float | None
    seconds: float

    def __post_init__(self) -> None:
        check_amounts(self.input_tokens, self.output_tokens, self.cost, self.seconds)


def _with_left_out(data: Json) -> dict[str, Any]:
    """Version 2 marked what the `ignore` setting excludes only by its reason."""
    entries = [object_of(entry) for entry in list_of(data["entries"])]
    named = [
        {**entry, "reading": "left-out"} if entry.get("why") == IGNORED else entry
        for entry in entries
    ]
    return {**data, "entries": named, "unread": []}


@dataclass(frozen=True, slots=True)
class CoverageReceived(SessionEvent):
    """What the reviewers read and didn't read, a sentence for each that failed (none in version 1),
    and parts of the change that no diff shows (none before version 3)."""

    type: ClassVar[str] = "coverage-received"
    version: ClassVar[int] = 3
    upgrades = (lambda data: {**data, "failures": {}}, _with_left_out)
    entries: tuple[CoverageEntry, ...]
    failures: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)
    unread: tuple[Unshown, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportReceived(FindingEvent):
    """A reviewer's report that passed the checks: without its context in version 1, without
    `settle` before version 4, never a person's before version 5, never `regressed` before version
    6, without `source` before version 7; what earlier sessions say of it is unknown before version
    3."""

    type: ClassVar[str] = "report-received"
    version: ClassVar[int] = 7
    upgrades = (
        lambda data: {**data, "context": to_json(NO_CONTEXT)},
        lambda data: {**data, "carried": None},
        lambda data: {**data, "settle": ""},
        unchanged,
        unchanged,
        unchanged,
    )
    report: Report = field(metadata=inlined(context="anchor.context"))
    carried: CarriedOver | None = None


def _with_place(data: Json) -> dict[str, Any]:
    stance = {**object_of(data["stance"]), "path": "", "line": 0, "anchored": True}
    return {**data, "stance": stance}


@dataclass(frozen=True, slots=True)
class StanceTaken(FindingEvent):
    """A model took a stance on reports. A later one of the same party on a subject replaces it.
    Version 1 didn't record where its quote was found; a person can be a party since version 3."""

    type: ClassVar[str] = "stance-taken"
    version: ClassVar[int] = 3
    upgrades = (_with_place, unchanged)
    subjects: tuple[str, ...]
    stance: Stance


@dataclass(frozen=True, slots=True)
class FixConfirmed(FindingEvent):
    """A finding's problem is gone from the code; `evidence` says how that is known."""

    type: ClassVar[str] = "fix-confirmed"
    subjects: tuple[str, ...]
    evidence: str
