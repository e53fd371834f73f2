"""Files of findings as reviewers: `--import FILE`.

    reviewers += imported_reviewers([Path("bandit.sarif")], taken=[...])

The format is told by the content, not by the name (`formats`). A file is read and checked to its
end before anything of it is used; single results that are malformed are counted and said, and do
not lose the others. This reads files and parses up to 50 MB: call it in a thread where something
else must not wait.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from pathlib import Path

from xreview.domain.errors import UsageError
from xreview.imports.content import read_content
from xreview.imports.format import beyond, formats
from xreview.imports.identity import named_apart
from xreview.imports.problem import ToolStatement
from xreview.imports.reviewer import ImportedReviewer
from xreview.imports.source import source_name

Listed = Callable[[], Collection[str]]
"""Gives the paths of all files of the repository. Raises ChangeError where git fails."""


def imported_reviewers(
    paths: Iterable[Path],
    taken: Collection[str] = (),
    listed: Listed = tuple,
    root: str | None = None,
) -> tuple[ImportedReviewer, ...]:
    """The tools that speak in these files, one reviewer for each, in the order of the files.

    Args:
        taken: names that other reviewers have; an imported one gets a number behind its own then.
        root: the folder in which the tools ran, as the person says it.

    Raises UsageError, with the place, where a file can't be read or is malformed; none of the files
    is then imported.
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
        if format.tells(content):
            first, *others = format.read(content)
            if content.beyond:
                first = replace(first, unread=(*first.unread, beyond(content.beyond)))
            return (first, *others)
    name = source_name(path)
    if not content.text.strip():
        raise UsageError(
            f"{name} can't be imported: it is empty.",
            "Nothing of it was imported. Have its tool write it again.",
        )
    if content.rows and content.rows[0].is_list and content.first is None:
        raise UsageError(
            f"{name} is an empty list, of no format that can be imported: nothing in it tells "
            "which tool looked.",
            "Have the tool write SARIF, which says so.",
        )
    *most, last = (format.name for format in formats())
    raise UsageError(
        f"{name} is of no format that can be imported.", f"These can: {', '.join(most)} and {last}."
    )
