"""What a pull request's description said before this program added to it.

Only that goes into prompts. A description of ours quotes findings and decisions; a model that read
it would take its own words, or those of another one, for what the author wants.
"""

from pathlib import Path

from xreview.domain.briefing.markers import SplitDescription, split_description
from xreview.domain.errors import JournalError
from xreview.domain.events.event import DescriptionPosted
from xreview.domain.pull.pull import Pull
from xreview.journal.store import Journal


def original_of(pull: Pull, journal: Path) -> str:
    """The description without the part that this machine wrote; all of it if there is none.

    What has our markers and isn't in the journal stays: anyone can write a marker, and it must not
    hide from a model what the person sees. Blocks on the journal.
    """
    return split_original(pull, journal).original


def split_original(pull: Pull, journal: Path) -> SplitDescription:
    """The description in its parts; blocks on the journal."""
    return split_description(pull.body, posted_digests(journal, pull.address.url))


def posted_digests(journal: Path, url: str) -> frozenset[str]:
    """The digests of the descriptions that were written to a pull request from here."""
    if not journal.exists():
        return frozenset()
    try:
        with Journal.open(journal) as opened:
            events = opened.events(types=(DescriptionPosted,), about=(url,))
            payloads = [event.payload for event in events]
    except JournalError:
        return frozenset()  # the session says so when it reads the journal
    return frozenset(one.digest for one in payloads if isinstance(one, DescriptionPosted))
