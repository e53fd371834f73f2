"""The findings of a repository that wait for somebody's answer, and letters about them.

All of it comes out of the journal, so that no session need run.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from xreview.domain.decision import Reason, Verdict
from xreview.domain.errors import UsageError
from xreview.domain.escalation import Escalation
from xreview.domain.events.event import FixConfirmed, ReportReceived
from xreview.domain.finding import Finding
from xreview.domain.identity.anchor import is_begun_by, short_form
from xreview.domain.state import Triage
from xreview.domain.text import count_of, shorten
from xreview.export.document import ExportEntry, Standing
from xreview.export.file import write_file
from xreview.journal.replay import escalations_of, triage_of
from xreview.journal.store import Journal
from xreview.review.escalate.person import letter
from xreview.review.record.document import document_in

_LONGEST_NAMED = 80
_LONGEST_NAME = 200
_NOT_IN_NAMES = re.compile(r"[^0-9A-Za-z_-]")
_MOST_MEANT = 5
_SEE_LIST = "`xreview-tui escalation list` names those that are."


@dataclass(frozen=True)
class Escalated:
    """The findings of a repository that are escalated, as they hold today.

    Args:
        entries: as an export tells them, in order of attention.
        escalations: those of these findings that were not undone, in time.
        not_here: how many escalated reports can't be told of: they are not in this journal any
            more, or never came to it, or their code was edited since.
    """

    entries: tuple[ExportEntry, ...] = ()
    escalations: tuple[Escalation, ...] = ()
    not_here: int = 0

    def letter(self, wanted: str, asked_by: str) -> str:
        """The letter about the finding whose fingerprint begins so; neutral text.

        Args:
            wanted: one of its reports' fingerprints, its short form (`domain.anchor.short_form`)
                or the beginning of either. A whole one means no finding that it merely begins.
            asked_by: who asks, as git names people.

        Raises UsageError where none or several are meant, or it was not escalated to a person.
        """
        entry = self._meant(wanted)
        asked = [
            one
            for one in self.escalations
            if one.target is Reason.PERSON and one.is_about(entry.finding)
        ]
        if not asked:
            target = entry.decided.decision.reason if entry.decided else ""
            raise UsageError(
                f"“{_named(wanted)}” is escalated to: {target}. A letter goes to a person.",
                "In the app, e and then p escalates it to one.",
            )
        return letter(_led_by(entry.finding, asked[-1].subjects), asked[-1].action, asked_by)

    def _meant(self, wanted: str) -> ExportEntry:
        fits: list[Callable[[str], bool]] = [
            lambda name: name == wanted,
            lambda name: short_form(name) == wanted,
            lambda name: is_begun_by(name, wanted),
        ]
        meant: dict[str, ExportEntry] = {}
        for one in fits:
            meant = meant or self._fitting(one)
        if not meant:
            raise UsageError(
                f"No escalated finding of this repository is “{_named(wanted)}”.", _SEE_LIST
            )
        if len(meant) > 1:
            more = ", …" if len(meant) > _MOST_MEANT else ""
            raise UsageError(
                f"“{_named(wanted)}” begins {len(meant)} escalated findings.",
                f"Give more of the fingerprint: {', '.join([*meant][:_MOST_MEANT])}{more}.",
            )
        return next(iter(meant.values()))

    def _fitting(self, fits: Callable[[str], bool]) -> dict[str, ExportEntry]:
        """The findings of which a fingerprint fits, by that fingerprint."""
        return {
            names[0]: entry
            for entry in self.entries
            if (names := [name for name in entry.finding.fingerprints if fits(name)])
        }


def _led_by(finding: Finding, subjects: tuple[str, ...]) -> Finding:
    """The finding with a report first that was escalated: a letter about another has no answer."""
    reports = sorted(finding.reports, key=lambda report: report.fingerprint not in subjects)
    return replace(finding, reports=tuple(reports))


def _named(wanted: str) -> str:
    return shorten(wanted, _LONGEST_NAMED)


def escalated_in(journal: Journal, repository: str) -> Escalated:
    """What is escalated in a repository, over all its sessions. Raises JournalError.

    It costs as much as the repository has decisions, and as the sessions that saw the escalated
    findings last have events.
    """
    names = frozenset(_escalated_names(triage_of(journal, repository)))
    if not names:
        return Escalated()
    told = _sessions_that_tell(journal, repository, names)
    ids = [one.id for one in journal.sessions(repository) if one.id in told]
    entries = document_in(journal, repository, ids).entries if ids else ()
    here = tuple(entry for entry in entries if entry.standing is Standing.ESCALATED)
    known = {name for entry in entries for name in entry.finding.fingerprints}
    return Escalated(here, escalations_of(journal, repository, names), len(names - known))


def _escalated_names(triage: Triage) -> Iterator[str]:
    for name, history in triage.history.items():
        holding = [made for made in history if made.action not in triage.undone]
        if holding and holding[-1].decision.verdict is Verdict.ESCALATE:
            yield name


def _sessions_that_tell(journal: Journal, repository: str, names: frozenset[str]) -> set[str]:
    """The sessions that reported each of them last, or found it to be gone."""
    last: dict[tuple[str, type], tuple[str, str]] = {}
    kinds = (ReportReceived, FixConfirmed)
    for event in journal.events(repository=repository, types=kinds, about=names):
        match event.payload:
            case ReportReceived(report):
                about = (report.fingerprint,)
            case FixConfirmed(subjects):
                about = subjects
            case _:
                continue
        for name in names.intersection(about):
            key = (name, type(event.payload))
            last[key] = max(last.get(key, ("", "")), (event.at, event.session))
    return {session for _, session in last.values()}


def letter_name(fingerprint: str) -> str:
    """The name of the file of a letter about one finding."""
    return _file_called(short_form(fingerprint))


def _file_called(identity: str) -> str:
    # An identity may come out of somebody else's journal.
    return f"xreview-letter-{_NOT_IN_NAMES.sub('_', identity)[:_LONGEST_NAME]}.md"


def letter_names(findings: Sequence[Finding]) -> list[str]:
    """The names of the files of letters that go to one folder, one for each finding, all distinct.

    Raises UsageError where a finding is in it twice: one of the letters would be lost.
    """
    wholes = [finding.fingerprint for finding in findings]
    if len(set(wholes)) < len(wholes):
        raise UsageError(
            "Two of the findings have one fingerprint, so their letters would have one name.",
            "Escalate them one by one. Nothing was written.",
        )
    shorts = list(map(letter_name, wholes))
    counts = Counter(shorts)
    return [
        short if counts[short] == 1 else _file_called(whole)
        for short, whole in zip(shorts, wholes, strict=True)
    ]


def check_free(paths: Iterable[Path]) -> None:
    """Raise UsageError where there is something at one of the paths already: it might be an answer.

    For several letters it is asked of all of them before the first is written.
    """
    taken = [path for path in paths if path.exists() or path.is_symlink()]
    if not taken:
        return
    others = count_of(len(taken) - 1, "other")
    if len(taken) == 1:
        raise UsageError(f"{taken[0]} is there already.", "Name another place for it.")
    raise UsageError(f"{taken[0]} and {others} are there already.", "Name another folder.")


def write_letter(path: Path, text: str) -> None:
    """Write a letter to a new file. Raises UsageError where it can't be written, or where something
    is there already: it might be an answer."""
    check_free([path])
    write_file(path, text)
