"""What a bot's text says about its review: that it could not read, found nothing, read a commit."""

from xreview.domain.pull.markup import TextLine, comment_parts, lines_of, plain_title
from xreview.domain.record import dataclass
from xreview.domain.text import shorten
from xreview.imports.bots.adapter import BotAdapter

_LONGEST_SENTENCE = 300
_SHORTEST_COMMIT = 7


@dataclass(frozen=True, slots=True)
class BotStanding:
    """What one text says.

    Args:
        blind: the sentence that says that it could not review; "" for none.
        is_clean: it says that it found nothing.
        commit: the commit that it says it read, often shortened; "" for none.
        is_summary: it describes the change or the review, and no problem.
    """

    blind: str = ""
    is_clean: bool = False
    commit: str = ""
    is_summary: bool = False


def standing_in(body: str, adapter: BotAdapter) -> BotStanding:
    """What a bot's text says about its review. Only whole lines outside of code count."""
    parts = comment_parts(lines_of(body), lambda _: False)
    texts = [part for part in parts if isinstance(part, TextLine) and part.raw.strip()]
    blind = next((one.text for one in texts if adapter.blind.matches(one.text)), "")
    return BotStanding(
        blind=shorten(plain_title(blind.lstrip("> ")).lstrip("# "), _LONGEST_SENTENCE),
        is_clean=any(adapter.clean.matches(one.text) for one in texts),
        commit=adapter.reviewed.first(body, "commit").lower(),
        is_summary=adapter.summary.any_line(body) is not None,
    )


def is_same_commit(said: str, commit: str) -> bool:
    """Whether a commit's id, possibly shortened, is this full one's."""
    return len(said) >= _SHORTEST_COMMIT and bool(commit) and commit.startswith(said)
