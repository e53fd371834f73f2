"""Asking the author on the terminal, one question after the other."""

import sys
from typing import TYPE_CHECKING

from xreview.domain.record import replace
from xreview.domain.text import count_of
from xreview.review.briefing.basis import clean_answer

if TYPE_CHECKING:
    from xreview.review.briefing.basis import BriefBasis

_LONGEST_LINE = 8_000


def can_ask() -> bool:
    """Whether there is a person at a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask_author(basis: "BriefBasis") -> "BriefBasis":
    """Ask what isn't answered; Enter skips a question, and the end of input skips all."""
    answers = dict(basis.answers)
    waiting = basis.unanswered
    print(
        f"{count_of(len(waiting), 'question')} before the text is written. Enter skips.",
        file=sys.stderr,
    )
    for at, question in enumerate(waiting, 1):
        print(f"\n{at}/{len(waiting)}  {question.text}\n> ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline(_LONGEST_LINE)
        if not line:
            break
        if said := clean_answer(line):
            answers[question.text] = said
    print(file=sys.stderr)
    return replace(basis, answers=answers)
