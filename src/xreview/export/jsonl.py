"""A finding a line, for programs that stream.

The first line is the review: an object with `"type": "review"` and all that the `json` format says
beside its findings, so that a file without findings still tells whether all was read. Each other
line is a finding: an object with `"type": "finding"` and the fields of an element of `findings` in
that format (`findings.schema.json`). `jq 'select(.type == "finding")'` gives the findings alone.
Lines end with a line feed, the last one too; texts are escaped as in `json`.
"""

from xreview.export.ascii_json import ascii_json
from xreview.export.document import ExportDocument
from xreview.export.format import ExportFormat
from xreview.export.json import finding_to_json, review_to_json


def _render(document: ExportDocument) -> str:
    """The review, then its findings in the order of the document."""
    rows = [{"type": "review", **review_to_json(document)}]
    rows += [{"type": "finding", **finding_to_json(entry)} for entry in document.entries]
    return "".join(f"{ascii_json(row)}\n" for row in rows)


FORMAT = ExportFormat("jsonl", ".jsonl", "application/x-ndjson", "one finding a line", "l", _render)
