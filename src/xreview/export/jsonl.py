"""One finding per line, for programs that stream (https://jsonlines.org).

The first line has `"type": "review"` and everything but the findings of the `json` format. Each
other line has `"type": "finding"` and the fields of an element of `findings`
(`findings.schema.json`). `jq 'select(.type == "finding")'` selects the findings.
"""

from xreview.export.ascii_json import ascii_json
from xreview.export.document import ExportDocument
from xreview.export.format import ExportFormat
from xreview.export.json import finding_to_json, review_to_json


def _render(document: ExportDocument) -> str:
    """The review, then its findings."""
    rows = [{"type": "review", **review_to_json(document)}]
    rows += [{"type": "finding", **finding_to_json(entry)} for entry in document.entries]
    return "".join(f"{ascii_json(row)}\n" for row in rows)


FORMAT = ExportFormat("jsonl", ".jsonl", "application/x-ndjson", "one finding a line", "l", _render)
