"""Finding model names in signatures: `Claude Opus 4.8`, `gpt-6-astra`, `Crush:qwen3.7-plus`.

The names of model families are data (`conventions.toml`); this is the grammar around them. A
family's word must be whole and be followed by a version or a kind: `claude78`, `gpt4free` and
Claude Monet aren't models.
"""

import re
from enum import Enum
from functools import cache
from typing import NamedTuple

from xreview.domain.authorship.family import model_family
from xreview.repo.attribution.signatures.conventions import Family, conventions, normal_name


class MentionPlace(Enum):
    """The place of a text that may name an agent; it decides how clear the name must be."""

    TRAILER = "the value of a trailer that is about agents"
    NAME = "a name with an address that may be a person's"
    FOOTER = "the rest of a sentence such as `Written by …`"
    MARKED_FOOTER = "the rest of `🤖 Generated with …`, which no person writes by chance"


class NamedModel(NamedTuple):
    """A model's name in a piece of text: its vendor and position."""

    vendor: str
    start: int
    end: int


_JOINT = r"[\s_-]{1,3}"
_WHOLE = r"(?![^\W_])"
_VERSION = rf"(?:(?:[vkmr])?1?\d(?:[.p]\d{{1,2}})*[a-z]?|\d{{1,3}}b){_WHOLE}"
_DOTTED = re.compile(r"(?<![\d.])\d\.\d{1,2}(?![\d.]*\d)")
_KNOWN_NUMBER = re.compile(r"v?\d[\w.]*")
_ROUTE = re.compile(r"\S*[./:]")
_BETWEEN = re.compile(r"[\s_/-]+")
_GLUED = re.compile(r"[^\s,]*")


@cache
def _pattern() -> re.Pattern[str]:
    forms = (rf"(?P<{family.vendor}>{_forms(family)})" for family in conventions().families)
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(forms)})", re.IGNORECASE)


@cache
def _doubtful_words() -> re.Pattern[str]:
    words = (word for family in conventions().families for word in family.doubtful)
    return re.compile(_any_of(tuple(words)), re.IGNORECASE)


def _forms(family: Family) -> str:
    forms: list[str] = []
    if family.names:
        follows = "|".join([_VERSION, *(_any_of((kind,)) + _WHOLE for kind in family.kinds)])
        forms.append(f"{_any_of(family.names)}{_JOINT}(?:{follows})")
    if family.doubtful:
        forms.append(f"{_any_of(family.doubtful)}{_JOINT}{_VERSION}")
    if family.fused:
        forms.append(rf"{_any_of(family.fused)}1?\d(?:\.\d{{1,2}})?o?{_WHOLE}")
    if family.whole:
        forms.append(f"{_any_of(family.whole)}(?![^\\W_]|[.]\\d)")
    return "|".join(forms)


def _any_of(words: tuple[str, ...]) -> str:
    longest_first = sorted(words, key=len, reverse=True)
    return f"(?:{'|'.join(map(re.escape, longest_first))})"


def model_named(piece: str, place: MentionPlace) -> NamedModel | None:
    """The first model that a text names clearly enough for its place, or None."""
    for match in _pattern().finditer(piece):
        # `llama-3.1-nemotron-70b` isn't Meta's.
        whole = piece[match.start() : _glued_end(piece, match.end())]
        vendor = model_family(whole) or match.lastgroup or ""
        found = NamedModel(vendor, match.start(), match.end())
        if place is MentionPlace.TRAILER or _is_plain(piece, found, place):
            return found
    return None


def _is_plain(piece: str, found: NamedModel, place: MentionPlace) -> bool:
    """Whether a name is a model's, where a person's or a program's would be possible."""
    name = piece[found.start : found.end]
    is_footer = place is not MentionPlace.NAME
    if is_footer and found.vendor in conventions().footers.never:
        return False
    before = piece[: found.start].strip()
    is_dotted = bool(_DOTTED.search(piece[found.start :]))
    if _doubtful_words().match(name) and not before and (is_footer or not is_dotted):
        return False
    end = _glued_end(piece, found.end)
    after = piece[end:].split()
    strange = [word for word in after if not is_beside(word)]
    if not is_footer and not (is_dotted or end > found.end) and _is_nickname(name):
        return False
    # A code name may follow a version (`GPT-5.6 Sol`), but rarely in a footer.
    may_be_strange = is_dotted and place is not MentionPlace.FOOTER
    return _may_precede(before) and len(strange) <= may_be_strange


def _glued_end(piece: str, start: int) -> int:
    """The end of the word that continues at `start`: the suffix of a model's name."""
    match = _GLUED.match(piece, start)
    return match.end() if match else start


def _is_nickname(name: str) -> bool:
    """Whether a name could be a person's nickname: `qwen3`, `o3`; not `gpt-4`."""
    return not re.search(r"[\s_-]|\do\Z", name)


def _may_precede(text: str) -> bool:
    if not text or _ROUTE.fullmatch(text):
        return True
    known = conventions()
    if normal_name(text.rstrip(" -_/:")) in known.by_word:
        return True
    return all(word.lower() in known.beside or not word for word in _BETWEEN.split(text))


def is_beside(word: str) -> bool:
    """Whether a word can follow an agent's name: `agent`, `v2.1`, `high-thinking`."""
    known = conventions()
    return all(
        part.lower() in known.beside or not part or bool(_KNOWN_NUMBER.fullmatch(part))
        for part in _BETWEEN.split(word.strip("()[]{}.,:;!*"))
    )
