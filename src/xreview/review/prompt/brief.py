"""What a reviewer is told before the change: what it is for, and what is meant to be as it is.

Both are untrusted: commit messages and conventions may come from the repository under review. They
are neutralised, since people are shown them too, and bounded, since they go out with every request.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xreview.domain.text import count_of, shorten, visible, visible_block
from xreview.review.egress.gate import Gate

LONGEST_PURPOSE = 8_000
"""Characters of the purpose, whoever says it."""

LONGEST_MESSAGE = 2_000
"""Characters of one commit message."""

MOST_SENTENCES = 200
"""How many conventions are told; the first ones count."""

_LONGEST_SENTENCE = 500


@dataclass(frozen=True, slots=True)
class Background:
    """What goes with every request of a review.

    Args:
        purpose: what the change is meant to do; "" where nobody says.
        conventions: what is intended in this repository, one sentence each.
    """

    purpose: str = ""
    conventions: tuple[str, ...] = ()

    def shortened(self, tokens: int) -> "Background":
        """At most so many tokens of each, for a model that holds little; what is cut is said."""
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


_CHARACTERS_PER_TOKEN = 2  # rather too few: the estimate is five bytes for two tokens

NO_BACKGROUND = Background()


def request_background(
    brief: str = "", messages: Sequence[str] = (), conventions: Iterable[str] = ()
) -> Background:
    """The background out of raw texts.

    Args:
        brief: what a person says the change is for; where there is none, the commits say it.
        messages: the commit messages, in the order in which they shall be read.
        conventions: of the settings and those remembered from decisions; the same twice is told
            once.
    """
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
    """The same, without lines that look like secrets, and how many those were.

    They are looked for before anything is cut: half a secret does not look like one.
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
