"""A finding a line, for programs that stream.

The first line is the review: an object with `"type": "review"` and all that the `json` format says
beside its findings, so that a file without findings still tells whether all was read. Each other
line is a finding: an object with `"type": "finding"` and the fields of an element of `findings` in
that format (`findings.schema.json`). `jq 'select(.type == "finding")'` gives the findings alone.
Lines end with a line feed, the last one too; texts are escaped as in `json`.
"""

from dataclasses import dataclass

from xreview.export.ascii_json import ascii_json
from xreview.export.base import EVERYTHING, ExportDocument, Exporter, Standing
from xreview.export.json import finding_to_json, review_to_json


@dataclass(frozen=True, slots=True)
class JsonLinesExporter:
    """The `jsonl` format (https://jsonlines.org)."""

    name: str = "jsonl"
    suffix: str = ".jsonl"
    media_type: str = "application/x-ndjson"
    holds: frozenset[Standing] = EVERYTHING

    def render(self, document: ExportDocument) -> str:
        """The review, then its findings in the order of the document."""
        rows = [{"type": "review", **review_to_json(document)}]
        rows += [{"type": "finding", **finding_to_json(entry)} for entry in document.entries]
        return "".join(f"{ascii_json(row)}\n" for row in rows)


EXPORTER: Exporter = JsonLinesExporter()
