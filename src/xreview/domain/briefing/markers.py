"""Our part of a pull request's description, between two markers, and the original around it.

The markers are HTML comments, which forges don't show. Anyone can write one, so a marker proves
nothing: a part counts as ours only if the journal has its digest. Everything else is the original.
"""

import hashlib
import re
from collections.abc import Container

from xreview.domain.record import dataclass

BEGIN = "<!-- xreview:v1 brief begin -->"
END = "<!-- xreview:v1 brief end -->"
_ANY = re.compile(r"<!--\s*xreview:v1 brief\b[^>\n]{0,100}-->")


@dataclass(frozen=True, slots=True)
class SplitDescription:
    """A description without our part.

    Args:
        original: what it says without that; all of it if there is no such part.
        ours: our part; "" if there is none.
        has_foreign: whether it has markers around something that we didn't write, or that was
            edited since.
    """

    original: str
    ours: str = ""
    has_foreign: bool = False


def brief_digest(text: str) -> str:
    """The SHA-256 of our part, whatever line ends the forge gives it."""
    return hashlib.sha256(_plain(text).encode("utf-8", "surrogatepass")).hexdigest()


def split_description(body: str, digests: Container[str]) -> SplitDescription:
    """Split a description as the forge has it. `digests` are those of parts that we wrote.

    Costs as much as the text is long. Only a part whose every character is ours is taken out, so
    that a marker can't hide what the person sees.
    """
    text = body.replace("\r\n", "\n")
    end = text.rfind(END)
    begin = text.rfind(BEGIN, 0, end) if end >= 0 else -1
    if begin >= 0:
        ours = text[begin + len(BEGIN) : end]
        if brief_digest(ours) in digests:
            before, after = text[:begin].rstrip(), text[end + len(END) :].strip()
            rest = "\n\n".join(filter(None, (before, after)))
            return SplitDescription(rest, _plain(ours), bool(_ANY.search(rest)))
    return SplitDescription(body, has_foreign=bool(_ANY.search(text)))


def joined_description(original: str, ours: str) -> str:
    """The original with our part below it. The original's own line ends stay."""
    part = f"{BEGIN}\n{_plain(ours)}\n{END}"
    return f"{original.rstrip()}\n\n{part}" if original.strip() else part


def without_brief_markers(text: str) -> str:
    """The text without anything that looks like one of our markers."""
    while (shorter := _ANY.sub("", text)) != text:  # what is left can form another one
        text = shorter
    return text


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
