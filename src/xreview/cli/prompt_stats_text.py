"""What each prompt brought, as a table for a terminal of 80 columns."""

import textwrap
from collections.abc import Iterator

from xreview.cli.table import Column, cut, table
from xreview.domain.scorecard.prompt_figures import PromptAccount
from xreview.domain.text import visible
from xreview.review.record.prompt_words import (
    NO_PROMPTS,
    OWN_NOTE,
    PROMPT_NOTE,
    REPLIES_TITLE,
    comparison_words,
    prompt_effort_words,
    replies_words,
    unattributed_words,
)
from xreview.review.record.scorecard_words import proportion_words

_COLUMNS = (
    Column("SESSIONS", is_number=True),
    Column("REPORTS", is_number=True),
    Column("DECIDED", is_number=True),
    Column("ACCEPTED", is_number=True),
    Column("PRECISION", is_number=True),
    Column("DOLLARS", is_number=True),
    Column("MINUTES", is_number=True),
)


def prompt_stats_text(account: PromptAccount, width: int) -> str:
    """All of it, with hostile text neutralised."""
    return "\n\n".join(_blocks(account, width))


def reply_block(account: PromptAccount, width: int) -> Iterator[str]:
    """Yield a line for each model whose replies broke the schema; nothing if none did."""
    if lines := replies_words(account):
        yield "\n".join([REPLIES_TITLE, *(_wrapped(line, width) for line in lines)])


def _blocks(account: PromptAccount, width: int) -> Iterator[str]:
    unattributed = unattributed_words(account)
    if not account.records:
        yield _wrapped(". ".join(filter(None, (NO_PROMPTS.rstrip("."), unattributed))) + ".", width)
        return
    figures = [
        (
            f"{one.sessions:,}",
            f"{one.reports:,}",
            f"{one.decided:,}",
            f"{one.precision.count:,}",
            proportion_words(one.precision),
            prompt_effort_words(one.dollars, "$"),
            prompt_effort_words(one.minutes),
        )
        for one in account.records
    ]
    header, *rows = table(_COLUMNS, figures).split("\n")
    lines = ["Reviews by prompt", header]
    for one, row in zip(account.records, rows, strict=True):
        lines += [cut(visible(one.prompt.label), width), row]
    yield "\n".join(lines)
    if compared := [_wrapped(comparison_words(one), width) for one in account.comparisons]:
        yield "\n".join(compared)
    if unattributed:
        yield unattributed
    yield from reply_block(account, width)
    notes = [
        PROMPT_NOTE,
        *([OWN_NOTE] if any(one.prompt.is_own for one in account.records) else []),
    ]
    yield "\n".join(_wrapped(note, width) for note in notes)


def _wrapped(text: str, width: int) -> str:
    return textwrap.fill(visible(text), width)
