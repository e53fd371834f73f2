"""Keeping a colleague's answer in the journal."""

import os
from pathlib import Path

from xreview.domain.errors import UsageError
from xreview.domain.events.event import EscalationResolved, Event
from xreview.journal.replay import escalations_of
from xreview.journal.store import Journal
from xreview.review.escalate.person import MOST_CHARACTERS, answer_in, resolved_by
from xreview.review.session.surroundings import new_id, now


def read_letter(path: Path) -> str:
    """The text of a letter that came back. Raises UsageError where it can't be read."""
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
    """Write down the answer in a letter; gives back what was written.

    Args:
        journal: the journal's file.
        repository: what events call the repository.
        actor: who hands the answer in, which need not be who gives it.
        text: of the letter.

    Raises UsageError where there is no answer in it, or nothing here that it answers;
    JournalError.
    """
    answer = answer_in(text)
    with Journal.open(journal) as opened:
        resolved = resolved_by(answer, escalations_of(opened, repository, [answer.finding]))
        opened.append([Event(new_id(), new_id(), repository, now(), actor, resolved)])
    return resolved
