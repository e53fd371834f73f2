"""The conventions of a repository: listing them, and changing them by events."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from xreview.config.ignore import flaw
from xreview.domain.errors import UsageError
from xreview.domain.events.event import ConventionRemoved, ConventionWritten, Event, Payload
from xreview.domain.identity.convention import LONGEST_SENTENCE, Convention, convention_id
from xreview.domain.proposal import Proposal, taken_up
from xreview.domain.record import replace
from xreview.journal.replay import proposals_of
from xreview.journal.store import Journal
from xreview.review.past.carry import load_history
from xreview.review.session.surroundings import new_id, now

_Named = TypeVar("_Named", Convention, Proposal)
_LIST_THEM = "List them with `xreview-tui conventions list`."


class ConventionBook:
    """Reads and changes the conventions of one repository. All methods raise JournalError."""

    def __init__(self, journal: Path, repository: str, actor: str) -> None:
        self._journal = journal
        self._repository = repository
        self._actor = actor

    def all(self) -> tuple[Convention, ...]:
        """Those that hold, in the order they were written."""
        with Journal.open(self._journal) as journal:
            return tuple(load_history(journal, self._repository, ()).conventions.values())

    def proposed(self) -> tuple[Proposal, ...]:
        """Conventions that others propose; none of them holds."""
        with Journal.open(self._journal) as journal:
            proposals = proposals_of(journal, self._repository)
        return tuple(one for one in proposals if isinstance(one.payload, ConventionWritten))

    def take(self, wanted: str) -> Convention:
        """Adopt the proposed convention with this id or beginning of one. Raises UsageError."""
        said = ("Several proposals match", "No proposed convention matches")
        proposal = _only(self.proposed(), wanted, *said)
        proposed, action, at = proposal.payload, new_id(), now()
        if not isinstance(proposed, ConventionWritten):
            raise UsageError(f"{wanted!r} isn't a convention.", _LIST_THEM)
        pattern = proposed.path_pattern
        if pattern and (why := flaw(pattern)):
            raise UsageError(f"Its pattern {pattern!r} {why}.", "Write your own convention.")
        written = ConventionWritten(
            convention_id(action, 0),
            checked_sentence(proposed.sentence),
            proposed.subjects,
            self._actor,
            pattern,
        )
        self._append([written, *taken_up(action, [proposal])], at)
        return Convention(
            written.id, written.sentence, written.subjects, written.owner, at, pattern
        )

    def find(self, wanted: str) -> Convention:
        """The convention with this id or unambiguous beginning of one. Raises UsageError."""
        return _only(self.all(), wanted, "Several conventions match", "No convention matches")

    def edit(
        self, convention: Convention, sentence: str | None = None, path_pattern: str | None = None
    ) -> Convention:
        """Change its sentence or its paths; None keeps them. Raises UsageError if invalid."""
        edited = replace(
            convention,
            sentence=convention.sentence if sentence is None else checked_sentence(sentence),
            path_pattern=convention.path_pattern if path_pattern is None else path_pattern,
            owner=self._actor,
            at=now(),
        )
        if edited.path_pattern and (why := flaw(edited.path_pattern)):
            raise UsageError(
                f"The pattern {edited.path_pattern!r} {why}.", "Use the syntax of .gitignore files."
            )
        written = ConventionWritten(
            edited.id, edited.sentence, edited.subjects, edited.owner, edited.path_pattern
        )
        self._append([written], edited.at)
        return edited

    def remove(self, convention: Convention) -> None:
        """Remove it; the journal keeps that it held."""
        self._append([ConventionRemoved(convention.id)], now())

    def _append(self, payloads: Sequence[Payload], at: str) -> None:
        session = new_id()
        events = [
            Event(new_id(), session, self._repository, at, self._actor, payload)
            for payload in payloads
        ]
        with Journal.open(self._journal) as journal:
            journal.append(events)


def _only(among: Iterable[_Named], wanted: str, several: str, none: str) -> _Named:
    matching = [one for one in among if wanted and one.id.startswith(wanted)]
    if len(matching) != 1:
        raise UsageError(f"{several if matching else none} {wanted!r}.", _LIST_THEM)
    return matching[0]


def checked_sentence(text: str) -> str:
    """The text as one line. Raises UsageError if it is empty or too long."""
    sentence = " ".join(text.split())
    if not sentence:
        raise UsageError("A convention needs a sentence.", "Say what is intended and where.")
    if len(sentence) > LONGEST_SENTENCE:
        raise UsageError(
            f"The sentence has {len(sentence)} characters; at most {LONGEST_SENTENCE} are allowed.",
            "Shorten it.",
        )
    return sentence
