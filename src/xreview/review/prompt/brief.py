"""The background of a change: its purpose and the repository's conventions.

Both are untrusted, because they can come from the repository under review. They are neutralised for
display, and bounded because they go out with every request.
"""

import asyncio
from collections.abc import Iterable, Sequence

from xreview.domain.record import dataclass
from xreview.domain.text import count_of, shorten, visible, visible_block
from xreview.review.egress.gate import Gate

LONGEST_PURPOSE = 8_000
"""Characters of the purpose."""

LONGEST_MESSAGE = 2_000
"""Characters of one commit message."""

MOST_SENTENCES = 200
"""The number of conventions that are sent, the first ones."""

_LONGEST_SENTENCE = 500


@dataclass(frozen=True, slots=True)
class Background:
    """What goes with every request of a review: what the change is meant to do ("" if unknown), and
    what is intentional in this repository, one sentence each."""

    purpose: str = ""
    conventions: tuple[str, ...] = ()

    def shortened(self, tokens: int) -> "Background":
        """At most so many tokens of each, for a small window, with notes about what was cut."""
        characters = tokens * _CHARACTERS_PER_TOKEN
        kept: list[str] = []
        left = characters
        for sentence in self.conventions:
            left -= len(sentence.encode("utf-8", "replace"))
            if left < 0:
                kept.append(f"(and {len(self.conventions) - len(kept):,} more)")
                break
            kept.append(sentence)
        return Background(shorten(self.purpose, max(characters, 1)), tuple(kept))


_CHARACTERS_PER_TOKEN = 2  # a low estimate

NO_BACKGROUND = Background()


def request_background(
    brief: str = "", messages: Sequence[str] = (), conventions: Iterable[str] = ()
) -> Background:
    """The background from raw texts: a person's brief, else the commit messages in reading order,
    and the distinct conventions."""
    said = visible_block(brief).strip()
    purpose = shorten(said, LONGEST_PURPOSE) if said else _purpose_of(messages)
    sentences = list(
        dict.fromkeys(
            shorten(sentence, _LONGEST_SENTENCE)
            for one in conventions
            if (sentence := visible(" ".join(one.split())))
        )
    )
    if more := len(sentences) - MOST_SENTENCES:
        sentences[MOST_SENTENCES:] = [f"(and {more:,} more)"] if more > 0 else []
    return Background(purpose, tuple(sentences))


async def cleared_background(
    gate: Gate, brief: str = "", messages: Sequence[str] = (), conventions: Iterable[str] = ()
) -> tuple[Background, int]:
    """The same without lines that look like secrets, and the number of those lines.

    The search comes before any cut: half a secret doesn't look like one.
    """
    return await asyncio.to_thread(_cleared, gate, brief, tuple(messages), tuple(conventions))


def _cleared(
    gate: Gate, brief: str, messages: Sequence[str], conventions: Sequence[str]
) -> tuple[Background, int]:
    first, *others = (gate.text(one) for one in (brief, *messages, *conventions))
    told = [one.text for one in others]
    background = request_background(first.text, told[: len(messages)], told[len(messages) :])
    return background, sum(one.withheld for one in (first, *others))


def _purpose_of(messages: Sequence[str]) -> str:
    told: list[str] = []
    left = LONGEST_PURPOSE
    for index, message in enumerate(messages):
        text = shorten(visible_block(message).strip(), LONGEST_MESSAGE)
        if len(text) > left:
            told.append(f"(and {count_of(len(messages) - index, 'more commit')})")
            break
        if text:
            told.append(text)
            left -= len(text)
    return "\n\n".join(told)
