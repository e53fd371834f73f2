"""The conventions of a repository: what holds, and changing it by events that are never erased."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from xreview.config.ignore import flaw
from xreview.domain.errors import UsageError
from xreview.domain.events.event import ConventionRemoved, ConventionWritten, Event, Payload
from xreview.domain.identity.convention import LONGEST_SENTENCE, Convention, convention_id
from xreview.domain.proposal import Proposal, taken_up
from xreview.journal.replay import proposals_of
from xreview.journal.store import Journal
from xreview.review.past.carry import load_history
from xreview.review.session.surroundings import new_id, now


class ConventionBook:
    """Reads and changes the conventions of one repository.

    Args:
        journal: the journal's file. repository: what events call it. actor: who asks.
    """

    def __init__(self, journal: Path, repository: str, actor: str) -> None:
        self._journal = journal
        self._repository = repository
        self._actor = actor

    def all(self) -> tuple[Convention, ...]:
        """Those that hold, in the order in which they were written. Raises JournalError."""
        with Journal.open(self._journal) as journal:
            return tuple(load_history(journal, self._repository, ()).conventions.values())

    def proposed(self) -> tuple[Proposal, ...]:
        """Conventions that others propose; none of them holds. Raises JournalError."""
        with Journal.open(self._journal) as journal:
            proposals = proposals_of(journal, self._repository)
        return tuple(one for one in proposals if isinstance(one.payload, ConventionWritten))

    def take(self, wanted: str) -> Convention:
        """Make the proposed convention with this id, or beginning of one, the person's own.

        Raises UsageError, JournalError.
        """
        matching = [one for one in self.proposed() if wanted and one.id.startswith(wanted)]
        if len(matching) != 1:
            said = "More than one convention is" if matching else "No convention is"
            raise UsageError(
                f"{said} proposed with the ID {wanted!r}.",
                "`xreview-tui conventions list` names them.",
            )
        (proposal,) = matching
        proposed, action, at = proposal.payload, new_id(), now()
        if not isinstance(proposed, ConventionWritten):
            raise UsageError(f"{wanted!r} is no convention.", "See `xreview-tui log proposals`.")
        pattern = proposed.path_pattern
        if pattern and (why := flaw(pattern)):
            raise UsageError(f"Its pattern {pattern!r} {why}.", "Write a convention of your own.")
        written = ConventionWritten(
            convention_id(action, 0),
            checked_sentence(proposed.sentence),
            proposed.subjects,
            self._actor,
            pattern,
        )
        self._append([written, *taken_up(action, matching)], at)
        return Convention(
            written.id, written.sentence, written.subjects, written.owner, at, pattern
        )

    def find(self, wanted: str) -> Convention:
        """The one with this id or unambiguous beginning of one. Raises UsageError."""
        conventions = self.all()
        matching = [one for one in conventions if wanted and one.id.startswith(wanted)]
        if len(matching) != 1:
            said = "There is more than one convention" if matching else "There is no convention"
            raise UsageError(f"{said} {wanted!r}.", "`xreview-tui conventions list` names them.")
        return matching[0]

    def edit(
        self, convention: Convention, sentence: str | None = None, path_pattern: str | None = None
    ) -> Convention:
        """Write another sentence, or other paths, for it; what is None stays.

        Raises UsageError where either is not fit to be one, JournalError.
        """
        edited = replace(
            convention,
            sentence=convention.sentence if sentence is None else checked_sentence(sentence),
            path_pattern=convention.path_pattern if path_pattern is None else path_pattern,
            owner=self._actor,
            at=now(),
        )
        if edited.path_pattern and (why := flaw(edited.path_pattern)):
            raise UsageError(
                f"The pattern {edited.path_pattern!r} {why}.",
                "It is written as in a .gitignore file.",
            )
        written = ConventionWritten(
            edited.id, edited.sentence, edited.subjects, edited.owner, edited.path_pattern
        )
        self._append([written], edited.at)
        return edited

    def remove(self, convention: Convention) -> None:
        """Let it hold no longer; that it did stays in the journal. Raises JournalError."""
        self._append([ConventionRemoved(convention.id)], now())

    def _append(self, payloads: Sequence[Payload], at: str) -> None:
        session = new_id()
        events = [
            Event(new_id(), session, self._repository, at, self._actor, payload)
            for payload in payloads
        ]
        with Journal.open(self._journal) as journal:
            journal.append(events)


def checked_sentence(text: str) -> str:
    """The text as one line. Raises UsageError where it says nothing or too much."""
    sentence = " ".join(text.split())
    if not sentence:
        raise UsageError("A convention needs a sentence.", "Say what is intended, and where.")
    if len(sentence) > LONGEST_SENTENCE:
        raise UsageError(
            f"The sentence has {len(sentence)} characters; {LONGEST_SENTENCE} are the most.",
            "Say it in fewer.",
        )
    return sentence
