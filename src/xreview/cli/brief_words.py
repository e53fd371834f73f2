"""What `brief` tells on standard error: questions, answers, and what would change at the forge."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from xreview.domain.text import count_of, shorten, visible, visible_block

if TYPE_CHECKING:
    from xreview.review.briefing.basis import BriefBasis
    from xreview.review.pulls.describing import DescriptionPreview

_LONGEST_SHOWN = 120


def given_lines(basis: "BriefBasis") -> Iterator[str]:
    """A line for each question that is answered, with its number."""
    for at, question in enumerate(basis.questions, 1):
        if said := basis.answers.get(question.text):
            shown = shorten(visible(" ".join(said.split())), _LONGEST_SHOWN)
            yield f"Answered: {at}. {question.text} — {shown}"


def unanswered_lines(basis: "BriefBasis") -> Iterator[str]:
    """A line for each question without an answer, and how to answer."""
    waiting = frozenset(basis.unanswered)
    for at, question in enumerate(basis.questions, 1):
        if question in waiting:
            yield f"Not answered: {at}. {question.text}"
    if waiting:
        yield 'Answer with --answer "N=TEXT", or run `xreview-tui brief` in a terminal.'


def preview_text(preview: "DescriptionPreview") -> str:
    """Exactly what would change in the pull request."""
    return "\n".join(_preview(preview))


def _preview(preview: "DescriptionPreview") -> Iterator[str]:
    address = preview.pull.address
    yield (
        f"{address.shown} at {address.forge.name}, as {visible(preview.account.login)}: "
        f"{visible(preview.pull.title)}"
    )
    if preview.title:
        yield f"New title: {visible(preview.title)}"
    else:
        yield "The title stays."
    if preview.original.strip():
        lines = preview.original.strip().count("\n") + 1
        yield f"Your own text stays above ({count_of(lines, 'line')})."
    yield "Replaces what was written before:" if preview.before else "Adds below:"
    yield ""
    yield from (f"    {line}".rstrip() for line in visible_block(preview.ours).split("\n"))
    yield ""
    yield from map(visible, preview.notices)
