"""What a review of a pull request would post, and what was posted."""

from enum import StrEnum

from xreview.domain.change import Side
from xreview.domain.record import dataclass


class PostPlacement(StrEnum):
    """Where a finding goes."""

    LINES = "lines"
    """On lines of the diff."""
    FILE = "file"
    """On the file as a whole, where the forge can do that in a pending review."""
    BODY = "body"
    """In the text of the review."""


@dataclass(frozen=True, slots=True)
class PlannedComment:
    """What is posted for one finding.

    Args:
        subjects: the fingerprints of all its reports; the first names it in the marker.
        path: the file. old_path: the same file before the change.
        side, start_line, end_line: 1-based and inclusive; 0 unless `placement` is lines.
        old_line, new_line: the numbers of the last line on both sides, 0 where that side doesn't
            have it: GitLab wants both for unchanged lines.
        old_start, new_start: the same for the first line.
        body: Markdown as it is posted, with the marker.
        why: why it isn't on its lines, as a clause: “the line isn't part of the diff”; "" if it is.
    """

    subjects: tuple[str, ...]
    placement: PostPlacement
    path: str
    body: str
    side: Side = Side.NEW
    start_line: int = 0
    end_line: int = 0
    old_path: str = ""
    old_line: int = 0
    new_line: int = 0
    old_start: int = 0
    new_start: int = 0
    why: str = ""

    @property
    def is_range(self) -> bool:
        """Whether it is on more than one line."""
        return self.placement is PostPlacement.LINES and self.start_line < self.end_line


@dataclass(frozen=True, slots=True)
class ReviewPlan:
    """One review, before it is posted.

    Args:
        commit: the full id of the head that the lines were checked against.
        body: its text, with the findings whose placement is the body.
        comments: the findings, in the order of the diff, those in the body too.
        already: the subjects of findings that are posted already, by their marker.
    """

    commit: str
    body: str
    comments: tuple[PlannedComment, ...]
    already: tuple[tuple[str, ...], ...] = ()

    @property
    def inline(self) -> tuple[PlannedComment, ...]:
        """The comments on lines and files."""
        return tuple(one for one in self.comments if one.placement is not PostPlacement.BODY)


@dataclass(frozen=True, slots=True)
class PostedComment:
    """A comment at the forge that we wrote.

    Args:
        id: as the forge's API takes it to delete the comment. url: "" if it has none (yet).
        thread: the thread's id, "" if unknown.
        marker: the fingerprint in its marker; "" for none.
    """

    id: str
    url: str = ""
    thread: str = ""
    marker: str = ""


@dataclass(frozen=True, slots=True)
class PendingReview:
    """A review that only its author sees yet.

    Args:
        id: as the forge's API takes it.
        comments: those in it, as read back from the forge.
        is_ours: whether its text or a comment has our marker.
    """

    id: str
    url: str = ""
    commit: str = ""
    comments: tuple[PostedComment, ...] = ()
    is_ours: bool = False
