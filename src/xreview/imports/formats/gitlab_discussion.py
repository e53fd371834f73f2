"""GitLab's discussions: `glab api --paginate projects/ID/merge_requests/N/discussions`."""

from collections.abc import Iterator

from xreview.discussion.gitlab import gitlab_discussion
from xreview.domain.pull.discussion import Discussion
from xreview.imports.content import Content
from xreview.imports.format import DiscussionFormat


def _matches(content: Content) -> bool:
    first = content.first
    if first is not None and first.is_list:  # pages
        first = next(first.each(), None)
    return first is not None and first.names.issuperset({"id", "individual_note", "notes"})


def _read(content: Content) -> Discussion:
    return gitlab_discussion(_values(content), head="")


def _values(content: Content) -> Iterator[object]:
    for element in content.elements:
        if element.is_list:
            yield from (one.value for one in element.each())
        else:
            yield element.value


DISCUSSION = DiscussionFormat("GitLab discussions", _matches, _read)
