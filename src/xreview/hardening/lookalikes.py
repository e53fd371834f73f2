r"""Finding deceptive characters in code: invisible ones, and letters that look like others.

The data is Unicode's (UTS #39 for confusable letters, Default_Ignorable_Code_Point for invisible
characters, Script_Extensions for scripts), from two libraries that are imported with the first line
that isn't ASCII.

Prose in any script is fine: accents, CJK, Hebrew and Arabic, emoji with their selectors and
joiners, a Greek letter for a quantity. These are odd:

- characters that are invisible or change the order of text: zero-width, tag and bidirectional
  characters, controls, variation selectors without an emoji or ideograph;
- private-use characters;
- a word with letters from scripts that no language mixes, one of which looks like an ASCII letter;
- a word in another script that looks like an ASCII word throughout, if nothing else in the line is
  in that script.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, cast

from xreview.domain.record import dataclass
from xreview.domain.text import count_of, visible

if TYPE_CHECKING:
    import regex

LONGEST = 10_000
_LONGEST_WORD = 60
_MOST_NAMED = 3
_REMEMBERED = 4096  # characters per cache
_SHORTEST_WORD = 2  # a single letter is a quantity more often than a trap
_SCRIPTS = (
    *("Latin", "Cyrillic", "Greek", "Armenian", "Hebrew", "Arabic", "Cherokee", "Georgian"),
    *("Coptic", "Lisu", "Devanagari", "Bengali", "Thai", "Lao", "Tamil", "Telugu", "Kannada"),
    *("Malayalam", "Myanmar", "Khmer", "Ethiopic", "Canadian_Aboriginal", "Deseret", "Osage"),
)
"""Those with letters that look like ASCII ones, or that use invisible joiners."""


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something deceptive in one line.

    Args:
        start, end: 0-based columns in characters; `end` is exclusive.
        words: a description in ASCII, except for the symbol shown: "U+202E RIGHT-TO-LEFT OVERRIDE,
            shown as ⇄".
    """

    start: int
    end: int
    words: str


def oddities(line: str) -> tuple[Oddity, ...]:
    """Return what is odd in the first `LONGEST` characters of a line, by column.

    No line is ever shown beyond that.
    """
    line = line[:LONGEST]
    if line.isascii() and line.replace("\t", " ").removesuffix("\r").isprintable():
        return ()
    found = [*_characters(line), *(() if line.isascii() else _words(line))]
    return tuple(sorted(found, key=lambda one: one.start))


def told(line: str) -> str:
    """Return what is odd in a line, as the end of a sentence; "" for nothing.

    Example: "has U+200B ZERO WIDTH SPACE". It is safe to show: words from the line are escaped.
    """
    found = oddities(line)
    if not found:
        return ""
    words = list(dict.fromkeys(one.words for one in found))
    more = len(words) - _MOST_NAMED
    rest = [f"and {count_of(more, 'more')} like these"] if more > 1 else words[_MOST_NAMED:]
    return f"has {'; '.join([*words[:_MOST_NAMED], *rest])}"


def told_of(lines: Iterable[tuple[int, str]], most: int = 20) -> tuple[str, ...]:
    """Return a sentence for each odd line, "Line 3 has ….", at most `most` of them."""
    found = [(number, said) for number, line in lines if (said := told(line))]
    sentences = [f"Line {number} {said}." for number, said in found[:most]]
    if more := len(found[most:]):
        sentences.append(f"{count_of(more, 'more line')} of that kind.")
    return tuple(sentences)


def _characters(line: str) -> Iterator[Oddity]:
    last = len(line.removesuffix("\r"))
    for at, sign in enumerate(line[:last]):
        if sign.isascii():
            is_odd = not sign.isprintable() and sign != "\t"
        else:
            is_odd = _unicode().is_unseen(sign) and not _unicode().has_a_place(line, at)
        if is_odd:
            # A selector that isn't shown as a symbol is marked on the character before it.
            is_kept = at > 0 and visible(sign) == sign and sign in "\ufe0e\ufe0f"
            yield Oddity(at - is_kept, at + 1, _named(sign))


def _named(sign: str) -> str:
    code = f"U+{ord(sign):04X}"
    category = unicodedata.category(sign)
    shown = visible(sign)
    if category == "Co":
        return f"{code}, for private use"
    if category == "Cs":
        return "bytes that aren't UTF-8"
    name = unicodedata.name(sign, "CONTROL CHARACTER" if category == "Cc" else "")
    as_sign = f", shown as {shown}" if shown != sign else ""
    return f"{' '.join(filter(None, (code, name)))}{as_sign}"


def _words(line: str) -> Iterator[Oddity]:
    unicode = _unicode()
    parts = [
        (part.start(), part[0]) for part in unicode.letters.finditer(line) if not part[0].isascii()
    ]
    honest = {
        script
        for _, part in parts
        if len(scripts := unicode.scripts(part)) == 1 and not unicode.reads_as(part)
        for script in scripts
    }
    for start, part in parts:
        scripts = unicode.scripts(part)
        if len(scripts) > 1:
            likes = unicode.reads_as(part, whole=False)
        elif scripts and not scripts & {"Latin", *honest} and len(part) >= _SHORTEST_WORD:
            likes = unicode.reads_as(part)
        else:
            continue
        if likes:
            words = f"{_ascii(part)}, {' and '.join(sorted(scripts))} letters that read {likes}"
            yield Oddity(start, start + len(part), words)


def _ascii(word: str) -> str:
    """Return a word in quotation marks, with escapes for non-ASCII characters."""
    cut = word[:_LONGEST_WORD]
    return '"' + cut.encode("ascii", "backslashreplace").decode() + '"'


class _Unicode:
    """The Unicode data used here."""

    def __init__(self) -> None:
        import regex

        def test(pattern: str) -> "Callable[[str], regex.Match[str] | None]":
            return regex.compile(pattern).fullmatch

        self.letters = regex.compile(r"[\p{L}\p{M}]+")
        unseen = test(
            r"[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Cc}\p{Co}\p{Zl}\p{Zp}\p{Cs}]"
        )

        @lru_cache(_REMEMBERED)
        def is_unseen(sign: str) -> bool:
            return unseen(sign) is not None

        self.is_unseen = is_unseen
        """Whether a character is invisible or for private use."""
        self._is_selector = test(r"\p{Variation_Selector}")
        self._takes_form = test(r"[\p{Emoji}\p{Extended_Pictographic}]")
        self._is_emoji = test(r"[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f]")
        self._is_ideograph = test(r"\p{Ideographic}")
        self._is_joined = test(
            r"[\p{Arabic}\p{Syriac}\p{Mongolian}\p{Nko}\p{Devanagari}\p{Bengali}\p{Gurmukhi}"
            r"\p{Gujarati}\p{Oriya}\p{Tamil}\p{Telugu}\p{Kannada}\p{Malayalam}\p{Sinhala}"
            r"\p{Khmer}\p{Myanmar}\p{Tibetan}]"
        )
        tests = [(name, test(rf"\p{{Script_Extensions={name}}}")) for name in _SCRIPTS]

        @lru_cache(_REMEMBERED)
        def scripts_of(sign: str) -> frozenset[str]:
            return frozenset(name for name, is_of in tests if is_of(sign))

        self._scripts_of = scripts_of

    def has_a_place(self, line: str, at: int) -> bool:
        """Return whether an invisible character is valid here, in its script or in emoji."""
        sign, before, after = line[at], line[at - 1 : at], line[at + 1 : at + 2]
        if sign in "\ufe0e\ufe0f":
            is_key = before.isascii() and after == "\N{COMBINING ENCLOSING KEYCAP}"
            return bool(before and self._takes_form(before) and (is_key or not before.isascii()))
        if self._is_selector(sign):
            return bool(before and self._is_ideograph(before))
        if sign in "\u200c\u200d":
            if before and after and self._is_joined(before) and self._is_joined(after):
                return True
            return sign == "\u200d" and bool(
                before and after and self._is_emoji(before) and self._is_emoji(after)
            )
        return False

    def scripts(self, word: str) -> frozenset[str]:
        """Return the scripts in `_SCRIPTS` needed to write a word."""
        needed: set[str] = set()
        for sign in word:
            own = self._scripts_of(sign)
            if own and not own & needed:
                needed.add(min(own, key=_SCRIPTS.index))
        return frozenset(needed)

    def reads_as(self, word: str, *, whole: bool = True) -> str:
        """Return the word in quotation marks, with the ASCII letters that it looks like.

        Returns "" if no letter looks like an ASCII one, or not all do (`whole`).
        """
        looks = [sign if sign.isascii() else _look_of(sign) for sign in word]
        if whole and not all(looks):
            return ""
        if not any(look for sign, look in zip(word, looks, strict=True) if not sign.isascii()):
            return ""
        read = "".join(look or sign for sign, look in zip(word, looks, strict=True))
        return _ascii(read)


@cache
def _unicode() -> _Unicode:
    return _Unicode()


@lru_cache(_REMEMBERED)
def _look_of(sign: str) -> str:
    """Return the ASCII letter that a letter looks like; "" for none."""
    from confusable_homoglyphs.confusables import confusables_data  # pyright: ignore[reportMissingTypeStubs]  # pyright: ignore[reportUnknownVariableType]

    data = cast("Mapping[str, Sequence[Mapping[str, str]]]", confusables_data)
    found = data.get(sign, ())
    ascii_letters = (one["c"] for one in found if one["c"].isascii() and one["c"].isalpha())
    return next(ascii_letters, "")
