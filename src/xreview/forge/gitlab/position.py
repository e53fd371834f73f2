"""Where a draft note goes: GitLab's `position` (https://docs.gitlab.com/api/draft_notes/).

A line has both numbers if it is unchanged, and one of them if it was added or removed. The ends of
a range may have a `line_code` and a `type` only: GitLab refuses positions with more.
"""

import hashlib

from xreview.domain.pull.posting import PlannedComment, PostPlacement
from xreview.domain.record import dataclass


@dataclass(frozen=True, slots=True)
class DiffRefs:
    """The full ids of the commits of one version of a merge request.

    Args:
        base: the merge base. start: of the target branch. head: of the source branch.
    """

    base: str
    start: str
    head: str


def position_of(comment: PlannedComment, refs: DiffRefs) -> dict[str, object]:
    """The position of a comment on lines or on a file."""
    position: dict[str, object] = {
        "position_type": "file" if comment.placement is PostPlacement.FILE else "text",
        "base_sha": refs.base,
        "start_sha": refs.start,
        "head_sha": refs.head,
        "old_path": comment.old_path or comment.path,
        "new_path": comment.path,
    }
    if comment.placement is PostPlacement.FILE:
        return position
    if comment.old_line:
        position["old_line"] = comment.old_line
    if comment.new_line:
        position["new_line"] = comment.new_line
    if comment.is_range:
        position["line_range"] = {
            "start": _end(comment.path, comment.old_start, comment.new_start),
            "end": _end(comment.path, comment.old_line, comment.new_line),
        }
    return position


def _end(path: str, old: int, new: int) -> dict[str, str]:
    code = hashlib.sha1(path.encode("utf-8", "surrogateescape"), usedforsecurity=False)
    end = {"line_code": f"{code.hexdigest()}_{old}_{new}"}
    if not (old and new):
        end["type"] = "new" if new else "old"
    return end
