"""Files of findings as reviewers: `--import FILE`.

    reviewers += imported_reviewers([Path("bandit.sarif")], taken=[...])

The format is told by the content, not by the name: SARIF 2.1.0, rdjson and rdjsonl, and our own
`json` and `jsonl`. A file is read and checked to its end before anything of it is used. This reads
files and parses up to 50 MB: call it in a thread where something else must not wait.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

from xreview.domain.errors import UsageError
from xreview.reviewers.imported.content import read_content
from xreview.reviewers.imported.identity import named_apart
from xreview.reviewers.imported.native import read_json, read_json_lines
from xreview.reviewers.imported.problem import Said
from xreview.reviewers.imported.rdjson import read_rdjson, read_rdjson_lines
from xreview.reviewers.imported.reviewer import ImportedReviewer
from xreview.reviewers.imported.sarif import read_sarif


def imported_reviewers(
    paths: Iterable[Path], taken: Collection[str] = ()
) -> tuple[ImportedReviewer, ...]:
    """The tools that speak in these files, one reviewer for each, in the order of the files.

    Args:
        taken: names that other reviewers have; an imported one gets a number behind its own then.

    Raises UsageError, with the place, where a file can't be read or is malformed; none of the files
    is then imported.
    """
    names = set(taken)
    reviewers: list[ImportedReviewer] = []
    for path in paths:
        for said in read_findings(path):
            identity = named_apart(said.identity, names)
            names.add(identity.name)
            reviewers.append(ImportedReviewer(replace(said, identity=identity), str(path)))
    return tuple(reviewers)


def read_findings(path: Path) -> tuple[Said, ...]:
    """What each tool says in a file. Raises UsageError where it can't be read or is malformed."""
    content = read_content(path)
    rows = content if isinstance(content, list) else [content]
    first = rows[0]
    fields = first.fields() if first.is_object else {}
    if len(rows) == 1 and "runs" in fields:
        return read_sarif(first)
    if len(rows) == 1 and "diagnostics" in fields:
        return read_rdjson(first)
    if len(rows) == 1 and "findings" in fields and "schema" in fields:
        return read_json(first)
    if "schema" in fields and "type" in fields:
        return read_json_lines(rows)
    if "message" in fields and "location" in fields:
        return read_rdjson_lines(rows)
    raise UsageError(
        f"{path} is of no format that can be imported.",
        "SARIF 2.1.0, rdjson, rdjsonl and this program's json and jsonl can.",
    )
