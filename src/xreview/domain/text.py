"""The one place that neutralises hostile text.

Code, file names, commit messages, and model output can hold characters that move a terminal's
cursor, write to its clipboard, or reorder what the user reads. `visible` replaces each with one
glyph, so that columns stay the same. Text stays raw in the domain and the journal (hashes and
prompts need it) and goes through here on its way to a widget, a log, or an export.

The characters are C0 and C1 controls and DEL (ECMA-48), the bidirectional controls of Unicode
UAX #9 (CVE-2021-42574 "Trojan Source"), line and paragraph separators, lone surrogates, and all
default-ignorable ones (DerivedCoreProperties.txt): zero-width, filler, tag, and variation
characters, which can carry invisible text. Only the text and emoji selectors (U+FE0E, U+FE0F) stay,
because ordinary emoji use them.
"""

from collections.abc import Sequence

_JOINED = {"and", "or"}
_PICTURES = 0x2400  # Unicode's "Control Pictures": U+2400 + the control's own code
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_BIDI = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_INVISIBLE = (
    0x00AD,
    0x034F,
    0x115F,
    0x1160,
    0x17B4,
    0x17B5,
    *range(0x180B, 0x1810),
    *range(0x200B, 0x200E),
    *range(0x2028, 0x202A),
    *range(0x2060, 0x2066),
    *range(0x206A, 0x2070),
    0x3164,
    *range(0xFE00, 0xFE0E),
    0xFEFF,
    0xFFA0,
    *range(0xFFF0, 0xFFFC),
    *range(0x1BCA0, 0x1BCA4),
    *range(0x1D173, 0x1D17B),
    *range(0xE0000, 0xE1000),
)
_BIDI_MARK = "⇄"
_INVISIBLE_MARK = "⌧"
_C1_MARK = "␦"


def _table() -> dict[int, str]:
    table = {code: chr(_PICTURES + code) for code in range(0x20)}
    table[0x7F] = "␡"
    table |= dict.fromkeys(range(0x80, 0xA0), _C1_MARK)
    table |= dict.fromkeys(_BIDI, _BIDI_MARK)
    table |= dict.fromkeys(_INVISIBLE, _INVISIBLE_MARK)
    table |= dict.fromkeys(range(0xD800, 0xE000), _REPLACEMENT)
    return table


def _without(table: dict[int, str], kept: str) -> dict[int, str]:
    fewer = table.copy()
    for character in kept:
        del fewer[ord(character)]
    return fewer


_LINE = _table()
_BLOCK = _without(_LINE, "\n\t")
_CODE = _without(_LINE, "\t")


def visible(text: str) -> str:
    """One line, safe to show: each unsafe character becomes one visible glyph.

    Newlines and tabs become glyphs too: expand tabs first.
    """
    return text if text.isascii() and text.isprintable() else text.translate(_LINE)


def visible_code(text: str) -> str:
    """One line of code, safe to send to a model: tabs stay."""
    return text if text.isascii() and text.isprintable() else text.translate(_CODE)


def visible_block(text: str) -> str:
    """Several lines, safe to show or export: newlines and tabs stay, CRLF becomes LF."""
    return text.replace("\r\n", "\n").translate(_BLOCK)


def expand_tabs(text: str, size: int) -> str:
    """The text with tabs replaced by spaces up to the next multiple of `size` columns."""
    return text.expandtabs(size) if "\t" in text else text


def shorten(text: str, width: int) -> str:
    """The text cut to `width` characters, ending with an ellipsis if something was cut."""
    if len(text) <= width:
        return text
    return text[: width - 1] + "…" if width > 0 else ""


def shorten_middle(text: str, width: int) -> str:
    """The text cut to `width` characters in its middle: names often differ at their end."""
    if len(text) <= width:
        return text
    tail = max(0, (width - 1) * 3 // 5)
    return f"{text[: width - 1 - tail]}…{text[len(text) - tail :]}" if width > 0 else ""


def count_of(number: int, singular: str, plural: str | None = None) -> str:
    """`1 finding`, `3 findings`: a number with the right form of its noun."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def all_of(parts: Sequence[str]) -> str:
    """Parts, of which some contain "and" or "or", as one list: `money, stored data, and errors`."""
    if len(parts) < 2 or (len(parts) == 2 and not any(_JOINED & set(one.split()) for one in parts)):
        return " and ".join(parts)
    return f"{', '.join(parts[:-1])}, and {parts[-1]}"


def clock_words(seconds: float) -> str:
    """A time as `2m05s` or `42s`."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}m{rest:02}s" if minutes else f"{rest}s"
