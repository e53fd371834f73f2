"""Escalated findings of a repository, letters about them, and the answers, from the journal."""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from xreview.domain.decision import Reason, Verdict
from xreview.domain.errors import UsageError
from xreview.domain.escalation import Escalation
from xreview.domain.events.event import EscalationResolved, Event, FixConfirmed, ReportReceived
from xreview.domain.finding import Finding
from xreview.domain.identity.anchor import is_begun_by, short_form
from xreview.domain.record import dataclass, replace
from xreview.domain.state import Triage
from xreview.domain.text import count_of, shorten
from xreview.export.document import ExportEntry, Standing
from xreview.export.file import write_file
from xreview.journal.replay import escalations_of, triage_of
from xreview.journal.store import Journal
from xreview.journal.subjects import subjects_of
from xreview.review.escalate.person import MOST_CHARACTERS, answer_in, letter, resolved_by
from xreview.review.record.document import document_in
from xreview.review.session.surroundings import new_id, now

_LONGEST_NAMED = 80
_LONGEST_NAME = 200
_NOT_IN_NAMES = re.compile(r"[^0-9A-Za-z_-]")
_MOST_MEANT = 5
_SEE_LIST = "Run `xreview-tui escalation list` to see them."


@dataclass(frozen=True)
class EscalatedFindings:
    """The findings of a repository that are escalated now, most urgent first, and their
    escalations.

    `not_here` counts the escalated reports that can't be shown, because they aren't in this journal
    or their code was edited since.
    """

    entries: tuple[ExportEntry, ...] = ()
    escalations: tuple[Escalation, ...] = ()
    not_here: int = 0

    def letter(self, wanted: str, asked_by: str) -> str:
        """The letter about a finding; neutral text.

        `wanted` is a fingerprint of one of its reports, the short form (`anchor.short_form`), or
        the beginning of either; an exact match wins over a prefix. `asked_by` is a name as git has
        it.

        Raises UsageError if none or several findings match, or it isn't escalated to a person.
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
                f"“{_named(wanted)}” is escalated to: {target}. Letters are for a person.",
                "In the app, press e and then p to escalate it to a person.",
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
                f"No escalated finding of this repository matches “{_named(wanted)}”.", _SEE_LIST
            )
        if len(meant) > 1:
            more = ", …" if len(meant) > _MOST_MEANT else ""
            raise UsageError(
                f"“{_named(wanted)}” matches {len(meant)} escalated findings.",
                f"Give more of the fingerprint: {', '.join([*meant][:_MOST_MEANT])}{more}.",
            )
        return next(iter(meant.values()))

    def _fitting(self, fits: Callable[[str], bool]) -> dict[str, ExportEntry]:
        """The findings with a fingerprint that fits, by that fingerprint."""
        return {
            names[0]: entry
            for entry in self.entries
            if (names := [name for name in entry.finding.fingerprints if fits(name)])
        }


def _led_by(finding: Finding, subjects: tuple[str, ...]) -> Finding:
    """The finding led by an escalated report: only an answer about one matches the escalation."""
    reports = sorted(finding.reports, key=lambda report: report.fingerprint not in subjects)
    return replace(finding, reports=tuple(reports))


def _named(wanted: str) -> str:
    return shorten(wanted, _LONGEST_NAMED)


def escalated_in(journal: Journal, repository: str) -> EscalatedFindings:
    """The escalated findings of a repository, over all its sessions. Raises JournalError.

    Reads all decisions of the repository, and all events of the sessions that saw the escalated
    findings last.
    """
    names = frozenset(_escalated_names(triage_of(journal, repository)))
    if not names:
        return EscalatedFindings()
    told = _sessions_that_tell(journal, repository, names)
    ids = [one.id for one in journal.sessions(repository) if one.id in told]
    entries = document_in(journal, repository, ids).entries if ids else ()
    here = tuple(entry for entry in entries if entry.standing is Standing.ESCALATED)
    known = {name for entry in entries for name in entry.finding.fingerprints}
    return EscalatedFindings(here, escalations_of(journal, repository, names), len(names - known))


def _escalated_names(triage: Triage) -> Iterator[str]:
    for name, history in triage.history.items():
        holding = [made for made in history if made.action not in triage.undone]
        if holding and holding[-1].decision.verdict is Verdict.ESCALATE:
            yield name


def _sessions_that_tell(journal: Journal, repository: str, names: frozenset[str]) -> set[str]:
    """The sessions that last reported each of them or found it fixed."""
    last: dict[tuple[str, type], tuple[str, str]] = {}
    kinds = (ReportReceived, FixConfirmed)
    for event in journal.events(repository=repository, types=kinds, about=names):
        for name in names.intersection(subjects_of(event.payload)):
            key = (name, type(event.payload))
            last[key] = max(last.get(key, ("", "")), (event.at, event.session))
    return {session for _, session in last.values()}


def letter_name(fingerprint: str) -> str:
    """The file name of a letter about one finding."""
    return _file_called(short_form(fingerprint))


def _file_called(identity: str) -> str:
    # The identity may come from another person's journal.
    return f"xreview-letter-{_NOT_IN_NAMES.sub('_', identity)[:_LONGEST_NAME]}.md"


def letter_names(findings: Sequence[Finding]) -> list[str]:
    """Distinct file names for letters about these findings in one folder.

    Raises UsageError if a finding occurs twice: one of the letters would be lost.
    """
    wholes = [finding.fingerprint for finding in findings]
    if len(set(wholes)) < len(wholes):
        raise UsageError(
            "Two of the findings have the same fingerprint, so their letters would have the same"
            " name. Nothing was written.",
            "Escalate them one by one.",
        )
    shorts = list(map(letter_name, wholes))
    counts = Counter(shorts)
    return [
        short if counts[short] == 1 else _file_called(whole)
        for short, whole in zip(shorts, wholes, strict=True)
    ]


def check_free(paths: Iterable[Path]) -> None:
    """Raise UsageError if one of the paths exists: it might be an answer.

    Check all letters before you write the first.
    """
    taken = [path for path in paths if path.exists() or path.is_symlink()]
    if not taken:
        return
    others = count_of(len(taken) - 1, "other")
    if len(taken) == 1:
        raise UsageError(f"{taken[0]} already exists.", "Choose another file.")
    raise UsageError(f"{taken[0]} and {others} already exist.", "Choose another folder.")


def write_letter(path: Path, text: str) -> None:
    """Write a letter to a new file. Raises UsageError if it exists or can't be written."""
    check_free([path])
    write_file(path, text)


def read_letter(path: Path) -> str:
    """The text of a returned letter. Raises UsageError if it can't be read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            content = file.read(MOST_CHARACTERS * 4 + 1)
    except OSError as error:
        raise UsageError(
            f"{path} can't be read: {error.strerror or error}.",
            "Name the letter that the colleague sent back.",
        ) from error
    return (content or b"").decode("utf-8", "replace")


def keep_answer(journal: Path, repository: str, actor: str, text: str) -> EscalationResolved:
    """Write the answer in a letter to the journal, and return the event.

    `actor` enters the answer and didn't necessarily give it. Raises UsageError if the letter has no
    answer or answers nothing here; JournalError.
    """
    answer = answer_in(text)
    with Journal.open(journal) as opened:
        resolved = resolved_by(answer, escalations_of(opened, repository, [answer.finding]))
        opened.append([Event(new_id(), new_id(), repository, now(), actor, resolved)])
    return resolved
