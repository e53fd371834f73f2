"""The part of the scorecard about tasks that several writers attempted."""

from collections.abc import Iterator

from xreview.domain.scorecard.figures import Scorecard
from xreview.domain.text import visible
from xreview.review.record.attempt_words import (
    ATTEMPT_NOTE,
    attempt_groups,
    attempt_tally_words,
    attempts_headline,
)
from xreview.tui.widgets.text_pane import TextPart


def attempt_parts(scorecard: Scorecard) -> Iterator[TextPart]:
    """Yield what came of attempts, in groups; nothing without any."""
    account = scorecard.attempts
    if not account.attempts:
        return
    yield ("\nAttempts\n", "bold underline")
    yield (f"{ATTEMPT_NOTE}\n", "$text-muted")
    yield f"{attempts_headline(account)}\n"
    for title, groups in attempt_groups(account):
        yield (f"\n{title}\n", "$text-muted")
        for label, tally in groups:
            yield (f"{visible(label)}\n", "bold")
            for line in attempt_tally_words(tally):
                yield f"  {line}\n"
