"""Files of findings as reviewers, for `--import FILE`; the content decides the format."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from pathlib import Path

from xreview.domain.errors import UsageError
from xreview.imports.content import read_content
from xreview.imports.describing import named_apart
from xreview.imports.format import beyond, formats
from xreview.imports.node import MalformedError
from xreview.imports.reviewer import ImportedReviewer
from xreview.imports.source import source_name
from xreview.imports.statement import ToolStatement

Listed = Callable[[], Collection[str]]
"""Returns the paths of all files in the repository. Raises ChangeError where git fails."""


def imported_reviewers(
    paths: Iterable[Path],
    taken: Collection[str] = (),
    listed: Listed = tuple,
    root: str | None = None,
) -> tuple[ImportedReviewer, ...]:
    """Return one reviewer for each tool in these files, in the order of the files.

    This parses up to 50 MB, so call it in a thread where something else must not wait. Raises
    UsageError, with the place, where a file can't be read or is malformed; then none is imported.

    Args:
        taken: names of other reviewers; an imported one of the same name gets a number.
        root: the folder in which the tools ran, from `--import-root`.
    """
    names = set(taken)
    reviewers: list[ImportedReviewer] = []
    for path in paths:
        for said in read_findings(path):
            identity = named_apart(said.identity, names)
            names.add(identity.name)
            named = replace(said, identity=identity)
            reviewers.append(ImportedReviewer(named, source_name(path), listed, root))
    return tuple(reviewers)


def read_findings(path: Path) -> tuple[ToolStatement, ...]:
    """What each tool says in a file. Raises UsageError where it can't be read or is malformed."""
    content = read_content(path)
    for format in formats():
        if format.matches(content):
            first, *others = format.read(content)
            if content.beyond:
                first = replace(first, unread=(*first.unread, beyond(content.beyond)))
            return (first, *others)
    name = source_name(path)
    if not content.text.strip():
        raise MalformedError(name, "it is empty")
    if content.rows and content.rows[0].is_list and content.first is None:
        raise UsageError(
            f"{name} is an empty list, which names neither its format nor its tool.",
            "Have the tool write SARIF, which names the tool.",
        )
    *most, last = (format.name for format in formats())
    raise UsageError(
        f"{name} isn't in a format that can be imported.",
        f"These formats can be imported: {', '.join(most)}, and {last}.",
    )
