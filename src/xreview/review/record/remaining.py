"""Reads from a running or a recorded session how many problems no reader found."""

from collections.abc import Collection, Iterable, Mapping

from xreview.domain.account import Account, Fate
from xreview.domain.finding import Finding
from xreview.domain.remaining.remaining import CodeReader, Remaining, is_problem, remaining_of
from xreview.domain.report import Lens, ReviewerIdentity
from xreview.export.document import ExportEntry
from xreview.review.record.session_record import RecordedSession
from xreview.review.session.snapshot import ReviewSnapshot


def remaining_in(snapshot: ReviewSnapshot) -> Remaining:
    """Return what a running session has to go by."""
    lenses: dict[str, set[Lens]] = {}
    for one in snapshot.reviewers:
        lenses.setdefault(one.identity.name, set()).add(one.lens)
    problems = [
        snapshot.triage.chosen_part(one)
        for one in snapshot.findings
        if ((decided := snapshot.triage.decided(one)) or snapshot.suppression(one) is None)
        and is_problem(decided and decided.decision)
    ]
    reviewers = dict.fromkeys(one.identity for one in snapshot.reviewers)
    return remaining_of(problems, code_readers(snapshot.account, reviewers, lenses))


def remaining_recorded(session: RecordedSession, entries: Iterable[ExportEntry]) -> Remaining:
    """Return what a recorded session has to go by; `entries` are its findings as exported.

    A reviewer's lens is that of its reports, else the one in its name, else any.
    """
    problems = [
        one.finding
        for one in entries
        if (one.decided or one.suppression is None)
        and is_problem(one.decided and one.decided.decision)
    ]
    about = session.about
    lenses = {one.name: _lenses_of(one, session.findings) for one in about.reviewers}
    return remaining_of(problems, code_readers(about.account, about.reviewers, lenses))


def code_readers(
    account: Account,
    reviewers: Iterable[ReviewerIdentity],
    lenses: Mapping[str, Collection[Lens]],
) -> list[CodeReader]:
    """Return the models among the reviewers with the files that they read, one for each lens."""
    read: dict[str, set[str]] = {}
    for entry in account.entries:
        if entry.fate is Fate.READ:
            for name in entry.by:
                read.setdefault(name, set()).add(entry.path)
    return [
        CodeReader(one.family, lens, frozenset(read.get(one.name, ())))
        for one in reviewers
        if one.is_model
        for lens in lenses.get(one.name, ())
    ]


def _lenses_of(reviewer: ReviewerIdentity, findings: Iterable[Finding]) -> set[Lens]:
    reported = {
        report.lens
        for finding in findings
        for report in finding.reports
        if report.reviewer.name == reviewer.name
    }
    named = {lens for lens in Lens if reviewer.name.endswith(f"/{lens}")}
    return reported or named or set(Lens)
