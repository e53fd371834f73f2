"""What happens while a change is reviewed, as payloads of events."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

from xreview.domain.authorship.author import Author
from xreview.domain.change import ChangeKind, FileDiff, Unshown
from xreview.domain.changed_file import ChangedFile, changed_file
from xreview.domain.coverage import CoverageEntry
from xreview.domain.events.carried import CarriedOver
from xreview.domain.events.event_json import (
    Json,
    context_from_json,
    context_to_json,
    coverage_from_json,
    coverage_to_json,
    list_in,
    number_in,
    object_of,
    report_from_json,
    report_to_json,
    reviewer_from_json,
    reviewer_to_json,
    stance_from_json,
    stance_to_json,
    text_in,
    text_or_none_in,
    texts_in,
    unread_from_json,
    unread_to_json,
    words_in,
)
from xreview.domain.report import Confidence, Report, ReviewerIdentity
from xreview.domain.stance import Stance


@dataclass(frozen=True, slots=True)
class SessionOpened:
    """A person (or a headless run) began to look at a change.

    Args:
        base, head: the commits compared, as in `ChangeSource`; None where there is none.
        program: name and version of what wrote the session.
        reviewers: who was asked; () in version 1, which did not say.
        repository_top: the folder of the working tree, "" where there is none or it is not known.
    """

    type: ClassVar[str] = "session-opened"
    version: ClassVar[int] = 2
    kind: ChangeKind
    title: str
    base: str | None
    head: str | None
    program: str
    reviewers: tuple[ReviewerIdentity, ...] = ()
    repository_top: str = ""

    def to_json(self) -> dict[str, Any]:
        """The payload as JSON values."""
        return {
            "kind": self.kind.value,
            "title": self.title,
            "base": self.base,
            "head": self.head,
            "program": self.program,
            "reviewers": [reviewer_to_json(reviewer) for reviewer in self.reviewers],
            "repository_top": self.repository_top,
        }

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The payload out of JSON values; KeyError or ValueError where they do not fit."""
        return cls(
            ChangeKind(text_in(data, "kind")),
            text_in(data, "title"),
            text_or_none_in(data, "base"),
            text_or_none_in(data, "head"),
            text_in(data, "program"),
            tuple(reviewer_from_json(object_of(one)) for one in list_in(data, "reviewers")),
            text_in(data, "repository_top"),
        )


@dataclass(frozen=True, slots=True)
class ChangeCollected:
    """The whole change was read.

    Args:
        files, added, removed: how many files, and lines on either side.
        paths_digest: a hash of the paths, which tells two changes apart without naming a file.
        listed: each file, in git's order; () in version 1, which named none.
    """

    type: ClassVar[str] = "change-collected"
    version: ClassVar[int] = 2
    files: int
    added: int
    removed: int
    paths_digest: str
    listed: tuple[ChangedFile, ...] = ()

    @classmethod
    def of(cls, files: Iterable[FileDiff]) -> Self:
        """What there is to say of these files. Costs one pass over their diffs."""
        listed = tuple(map(changed_file, files))
        paths = "\0".join(file.path for file in listed)
        return cls(
            len(listed),
            sum(file.added for file in listed),
            sum(file.removed for file in listed),
            hashlib.sha256(paths.encode("utf-8", "surrogatepass")).hexdigest(),
            listed,
        )

    def to_json(self) -> dict[str, Any]:
        """The payload as JSON values."""
        return {
            "files": self.files,
            "added": self.added,
            "removed": self.removed,
            "paths_digest": self.paths_digest,
            "listed": [file.to_json() for file in self.listed],
        }

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The payload out of JSON values; KeyError or ValueError where they do not fit."""
        return cls(
            number_in(data, "files"),
            number_in(data, "added"),
            number_in(data, "removed"),
            text_in(data, "paths_digest"),
            tuple(ChangedFile.from_json(object_of(one)) for one in list_in(data, "listed")),
        )


@dataclass(frozen=True, slots=True)
class AuthorAttributed:
    """Who wrote the change, with the evidence; the fields of `domain.author.Author`.

    `confidence` is None in version 1, which did not say. `families` are those of the files, by
    path, that another family wrote than the whole change ("" for several families, or for nobody
    knows); none in versions 1 and 2, which did not say.
    """

    type: ClassVar[str] = "author-attributed"
    version: ClassVar[int] = 3
    tool: str
    vendor: str
    model: str
    evidence: tuple[str, ...] = ()
    confidence: Confidence | None = None
    families: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)

    @property
    def author(self) -> Author:
        """The author it names."""
        return Author(self.tool, self.vendor, self.model, self.evidence, self.confidence)

    def to_json(self) -> dict[str, Any]:
        """The payload as JSON values."""
        return {
            "tool": self.tool,
            "vendor": self.vendor,
            "model": self.model,
            "evidence": list(self.evidence),
            "confidence": self.confidence and self.confidence.word,
            "families": dict(self.families),
        }

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The payload out of JSON values; KeyError or ValueError where they do not fit."""
        confidence = text_or_none_in(data, "confidence")
        return cls(
            text_in(data, "tool"),
            text_in(data, "vendor"),
            text_in(data, "model"),
            texts_in(data, "evidence"),
            None if confidence is None else Confidence[confidence.upper()],
            words_in(data, "families"),
        )


@dataclass(frozen=True, slots=True)
class NoticeGiven:
    """A sentence that the person must know about the session: what git is in the middle of, what
    an import left out, what could not be written."""

    type: ClassVar[str] = "notice-given"
    version: ClassVar[int] = 1
    sentence: str

    def to_json(self) -> dict[str, Any]:
        """The payload as JSON values."""
        return {"sentence": self.sentence}

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The payload out of JSON values; KeyError or ValueError where they do not fit."""
        return cls(text_in(data, "sentence"))


@dataclass(frozen=True, slots=True)
class ReportReceived:
    """A reviewer's report that passed the checks.

    `carried` is what it has from earlier sessions; None in versions 1 and 2, which did not say.
    The report's `settle` is "" in versions 1 to 3, which did not keep it.
    """

    type: ClassVar[str] = "report-received"
    version: ClassVar[int] = 4
    report: Report
    carried: CarriedOver | None = None

    def to_json(self) -> dict[str, Any]:
        """The payload as JSON values."""
        return {
            **report_to_json(self.report),
            "context": context_to_json(self.report.anchor.context),
            "carried": self.carried and self.carried.to_json(),
        }

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The payload out of JSON values; KeyError or ValueError where they do not fit."""
        report = report_from_json(data)
        context = context_from_json(object_of(data["context"]))
        carried = data["carried"]
        return cls(
            replace(report, anchor=replace(report.anchor, context=context)),
            None if carried is None else CarriedOver.from_json(object_of(carried)),
        )


@dataclass(frozen=True, slots=True)
class CoverageReceived:
    """What the reviewers read and did not read.

    `failures` are the reviewers that did not come to their end, by name, each with a sentence that
    says why; none in version 1, which did not say. `unread` is what no file's diff shows; none in
    versions 1 and 2, which had no word for what the user's settings leave out either.
    """

    type: ClassVar[str] = "coverage-received"
    version: ClassVar[int] = 3
    entries: tuple[CoverageEntry, ...]
    failures: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)
    unread: tuple[Unshown, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The payload as JSON values."""
        return {
            "entries": [coverage_to_json(entry) for entry in self.entries],
            "failures": dict(self.failures),
            "unread": [unread_to_json(one) for one in self.unread],
        }

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The payload out of JSON values; KeyError or ValueError where they do not fit."""
        return cls(
            tuple(coverage_from_json(object_of(entry)) for entry in list_in(data, "entries")),
            words_in(data, "failures"),
            tuple(unread_from_json(object_of(one)) for one in list_in(data, "unread")),
        )


@dataclass(frozen=True, slots=True)
class StanceTaken:
    """A model said what it thinks of reports; `subjects` are their fingerprints.

    A later stance of the same party on a subject takes the place of an earlier one. Version 1 did
    not say whether the stance's quote was found.
    """

    type: ClassVar[str] = "stance-taken"
    version: ClassVar[int] = 2
    subjects: tuple[str, ...]
    stance: Stance

    def to_json(self) -> dict[str, Any]:
        """The payload as JSON values."""
        return {"subjects": list(self.subjects), "stance": stance_to_json(self.stance)}

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The payload out of JSON values; KeyError or ValueError where they do not fit."""
        return cls(texts_in(data, "subjects"), stance_from_json(object_of(data["stance"])))
