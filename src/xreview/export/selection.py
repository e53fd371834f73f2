"""Choosing what goes into an export."""

from collections.abc import Collection
from dataclasses import replace

from xreview.domain.report import Severity
from xreview.export.base import ExportDocument, Standing


def select(
    document: ExportDocument,
    *,
    standings: Collection[Standing] | None = None,
    severities: Collection[Severity] | None = None,
) -> ExportDocument:
    """The document with the findings of these standings and severities only; None means all.

    How many were taken out is added to `left_out`, so that no export looks like all there is.
    """
    kept = tuple(
        entry
        for entry in document.entries
        if (standings is None or entry.standing in standings)
        and (severities is None or entry.finding.severity in severities)
    )
    left_out = document.left_out + len(document.entries) - len(kept)
    return replace(document, entries=kept, left_out=left_out)


def at_least(severity: Severity) -> frozenset[Severity]:
    """This severity and all that are worse."""
    return frozenset(other for other in Severity if other >= severity)
