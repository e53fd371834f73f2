"""Files of findings as reviewers, for `--import FILE`; the content decides the format."""

import functools
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from xreview.discussion.github import joined_threads
from xreview.domain.errors import UsageError
from xreview.domain.pull.discussion import Discussion
from xreview.domain.pull.pull import ForgeAccount
from xreview.domain.record import replace
from xreview.imports.content import Content, read_content
from xreview.imports.describing import named_apart
from xreview.imports.format import beyond, discussion_formats, formats
from xreview.imports.node import MalformedError
from xreview.imports.reviewer import ImportedReviewer
from xreview.imports.source import source_name
from xreview.imports.statement import ToolStatement
from xreview.imports.thread_reviewer import ThreadReviewer
from xreview.imports.threads import reviewers_from

Listed = Callable[[], Collection[str]]
"""Returns the paths of all files in the repository. Raises ChangeError where git fails."""


def imported_reviewers(
    paths: Iterable[Path],
    taken: Collection[str] = (),
    listed: Listed = tuple,
    root: str | None = None,
) -> tuple[ImportedReviewer | ThreadReviewer, ...]:
    """Return one reviewer for each tool in these files, in the order of the files.

    Files of what is said on a pull request are read together: one reviewer for each account, after
    the tools. This parses up to 50 MB, so call it in a thread where something else must not wait.
    Raises UsageError, with the place, where a file can't be read or is malformed; then none is
    imported.

    Args:
        taken: names of other reviewers; an imported one of the same name gets a number.
        root: the folder in which the tools ran, from `--import-root`.
    """
    names = set(taken)
    reviewers: list[ImportedReviewer | ThreadReviewer] = []
    discussions: list[Discussion] = []
    for path in paths:
        content = read_content(path)
        if (discussion := _discussion(content)) is not None:
            discussions.append(discussion)
            continue
        for said in _statements(content):
            identity = named_apart(said.identity, names)
            names.add(identity.name)
            named = replace(said, identity=identity)
            reviewers.append(ImportedReviewer(named, source_name(path), listed, root))
    if discussions:
        said_in_all = joined_discussions(discussions)
        reviewers += reviewers_from(said_in_all, ForgeAccount(""), "", names)
    return tuple(reviewers)


def read_findings(path: Path) -> tuple[ToolStatement, ...]:
    """What each tool says in a file. Raises UsageError where it can't be read or is malformed."""
    return _statements(read_content(path))


def joined_discussions(discussions: Iterable[Discussion]) -> Discussion:
    """Several files about one pull request: a thread that is in two of them counts once.

    GitHub's REST names a thread by the number of its first comment, GraphQL by an id with its
    state.
    """
    joined = functools.reduce(Discussion.joined, discussions, Discussion())
    by_rest = [one for one in joined.threads if one.id.isdigit()]
    others = [one for one in joined.threads if not one.id.isdigit()]
    return replace(joined, threads=joined_threads(others, by_rest))


def _discussion(content: Content) -> Discussion | None:
    found = (one for one in discussion_formats() if one.matches(content))
    return next((one.read(content) for one in found), None)


def _statements(content: Content) -> tuple[ToolStatement, ...]:
    for format in formats():
        if format.matches(content):
            first, *others = format.read(content)
            if content.beyond:
                first = replace(first, unread=(*first.unread, beyond(content.beyond)))
            return (first, *others)
    name = content.file
    if not content.text.strip():
        raise MalformedError(name, "it is empty")
    if content.rows and content.rows[0].is_list and content.first is None:
        raise UsageError(
            f"{name} is an empty list, which names neither its format nor its tool.",
            "Have the tool write SARIF, which names the tool.",
        )
    *most, last = (format.name for format in (*formats(), *discussion_formats()))
    raise UsageError(
        f"{name} isn't in a format that can be imported.",
        f"These formats can be imported: {', '.join(most)}, and {last}.",
    )
