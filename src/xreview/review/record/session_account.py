"""The account of a session as it was recorded, or as it runs: the same figures for both."""

from collections.abc import Hashable, Iterator, Sequence

from xreview.disagreement.repeats import joined, repeats_in
from xreview.domain.decision import Verdict
from xreview.domain.finding import Finding
from xreview.domain.record import replace
from xreview.domain.session_account.account import SessionAccount
from xreview.domain.session_account.counting import session_account
from xreview.domain.session_account.facts import AccountedFinding
from xreview.export.document import ExportEntry
from xreview.review.record.remaining import remaining_recorded
from xreview.review.record.session_record import KnownOfFindings, RecordedSession


def recorded_account(recorded: RecordedSession, known: KnownOfFindings) -> SessionAccount:
    """Return the account of a session with today's decisions."""
    facts, id = recorded.facts, recorded.about.id
    entries = recorded.entries(known)
    missed = facts.missed
    if missed is not None:
        missed = tuple(one for one in missed if one.action not in known.undone)
    account = session_account(
        replace(
            facts,
            findings=tuple(_accounted(recorded, entries, known)),
            missed=missed,
            aftermath=tuple(one for one in known.aftermath if one.reviewed == id),
        )
    )
    if recorded.about.is_by_analysers:
        return account
    return replace(account, remaining=remaining_recorded(recorded, entries))


def handling_of(entry: ExportEntry) -> Hashable:
    """What was done about a finding: places of a rule that were handled alike are one finding."""
    return (
        entry.decided and entry.decided.action,
        entry.note,
        entry.carried,
        entry.suppression,
        entry.session,
        entry.opinions,
        entry.outcomes,
        tuple(one.id for one in entry.proposals),
        entry.fix,
        entry.threads,
    )


def _accounted(
    recorded: RecordedSession, entries: Sequence[ExportEntry], known: KnownOfFindings
) -> Iterator[AccountedFinding]:
    """The findings as exports join them, each with all its reports."""
    by_finding = {id(one): entry for one, entry in zip(recorded.findings, entries, strict=True)}

    def handling(finding: Finding) -> Hashable:
        return handling_of(by_finding[id(finding)])

    for together in repeats_in(recorded.findings, handling):
        alike = [by_finding[id(one)] for one in together]
        levels = [one.attention for one in alike if one.attention is not None]
        entry = replace(alike[0], attention=max(levels, default=None))
        yield _with_known(joined(together), entry, known)


def _with_known(finding: Finding, entry: ExportEntry, known: KnownOfFindings) -> AccountedFinding:
    about = [one for one in known.escalations if one.is_about(finding)]
    decided, answers = entry.decided, sum(len((*one.opinions, *one.outcomes)) for one in about)
    is_escalated = decided is not None and decided.decision.verdict is Verdict.ESCALATE
    # Without the journal, an escalation is only known by its decision, and no answer to it is.
    is_unknown = is_escalated and not about
    return AccountedFinding(
        finding,
        decided,
        entry.suppression is not None,
        entry.author_family,
        entry.attention,
        len(about) or int(is_escalated),
        None if is_unknown else answers,
        entry.fix.outcome if entry.fix else None,
        entry.is_fixed,
    )
