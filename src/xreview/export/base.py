"""What is exported, and the formats, one module each.

A module of this package that has an `EXPORTER` is a format; dropping a file in adds one. What an
exporter renders is neutral: it may be printed to a terminal as it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol

from xreview.domain.carry_over import CarriedState
from xreview.domain.change import ChangeSource, FileDiff
from xreview.domain.coverage import CoverageEntry, CoverageSummary
from xreview.domain.errors import UsageError
from xreview.domain.finding import Finding
from xreview.domain.report import ReviewerIdentity
from xreview.domain.state import Decided, Triage


class Standing(StrEnum):
    """What became of a finding so far, in the order in which exports list them."""

    ACCEPTED = "accepted"
    ESCALATED = "escalated"
    OPEN = "open"
    REJECTED = "rejected"


@dataclass(frozen=True)
class ExportEntry:
    """A finding and what is known about it.

    Args:
        decided: the decision that holds for it, None while it is open. note: a person's note.
        carried: what became of it since the review before; None where there was none.
        session, seen_at: the session that saw it last, and when (UTC, ISO 8601); "" for unknown.
    """

    finding: Finding
    decided: Decided | None = None
    note: str = ""
    carried: CarriedState | None = None
    session: str = ""
    seen_at: str = ""

    @property
    def standing(self) -> Standing:
        """What became of it so far."""
        return Standing(self.decided.decision.verdict.done) if self.decided else Standing.OPEN


@dataclass(frozen=True)
class ExportDocument:
    """Everything an export says, raw; the exporters neutralise it.

    Args:
        program_version: of xreview-tui.
        exported_at: UTC, ISO 8601.
        source: where the change came from.
        author: `Author.label`.
        reviewers: who was asked, whether or not they raised anything.
        entries: the findings in order of attention.
        coverage, gaps: what was read, and what was not though it should have been.
        is_complete: False where a reviewer failed or was stopped, or something was not read.
        left_out: how many findings a selection took out of `entries`.
        files: the change's file diffs, for formats that must know its lines; () where they are not
            at hand.
    """

    program_version: str
    exported_at: str
    source: ChangeSource
    author: str
    reviewers: tuple[ReviewerIdentity, ...]
    entries: tuple[ExportEntry, ...]
    coverage: CoverageSummary
    gaps: tuple[CoverageEntry, ...]
    is_complete: bool
    left_out: int = 0
    files: tuple[FileDiff, ...] = ()

    @cached_property
    def by_standing(self) -> dict[Standing, tuple[ExportEntry, ...]]:
        """The entries of each standing, the worst first, else in the order they came."""
        worst_first = sorted(self.entries, key=lambda entry: -entry.finding.severity)
        return {
            standing: tuple(entry for entry in worst_first if entry.standing is standing)
            for standing in Standing
        }


class Exporter(Protocol):
    """One format."""

    @property
    def name(self) -> str:
        """What the user calls it: the name of its module."""
        ...

    @property
    def suffix(self) -> str:
        """Of a file in this format, with the dot."""
        ...

    @property
    def media_type(self) -> str:
        """As registered with IANA, or as in use where nothing is."""
        ...

    def render(self, document: ExportDocument) -> str:
        """The document in this format, with a line feed at its end."""
        ...


def entries_of(findings: Iterable[Finding], triage: Triage) -> tuple[ExportEntry, ...]:
    """The findings with what was decided and noted about each."""
    return tuple(
        ExportEntry(finding, triage.decided(finding), triage.note(finding)) for finding in findings
    )


@cache
def exporters() -> dict[str, Exporter]:
    """All formats by name, in alphabetical order."""
    package = __name__.rpartition(".")[0]
    modules = iter_modules(import_module(package).__path__)
    found = {
        module.name: getattr(import_module(f"{package}.{module.name}"), "EXPORTER", None)
        for module in modules
    }
    return {name: exporter for name, exporter in sorted(found.items()) if exporter is not None}


def exporter(name: str) -> Exporter:
    """The format of this name. Raises UsageError where there is none."""
    try:
        return exporters()[name]
    except KeyError:
        raise UsageError(
            f"There is no export format {name!r}.", f"Choose one of: {', '.join(exporters())}."
        ) from None
