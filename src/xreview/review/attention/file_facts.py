"""What is known about changed files beside their diffs: coverage, callers, released names."""

from collections.abc import Mapping, Sequence

from xreview.domain.attention.file_facts import FileFacts
from xreview.domain.change import FileDiff
from xreview.review.session.whole_change import WholeChange


def look_up_facts(change: WholeChange, files: Sequence[FileDiff]) -> Mapping[str, FileFacts]:
    """Return what is known, by path; files of which nothing is known aren't in it. Blocks on git
    and on reading files."""
    return {}
