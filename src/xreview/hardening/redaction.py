"""Masking keys in replies, since a server knows its key and can repeat it.

Keys are masked twice: in the bytes of a reply before anything reads them (`KeyStream`), and in each
text made from them (`without_keys`), where several pieces of a reply can add up to a key. A key is
found in plain text, base64 and hexadecimal, with escaped letters, and with invisible characters or
punctuation between its letters.

All keys that this process has read (`know_key`) are masked. They are kept only in memory.
"""

import base64
import re
import sys
import threading
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, cast

MASK = "***"

_SHORTEST_HIDDEN = 10  # keys shorter than this could match other forms by chance
_SECRET_NAME = re.compile(r"KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL", re.IGNORECASE)
_TELLING = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[!-~]{12,}")
_LONG_ENOUGH = re.compile(r".{12,}|(?=.*[0-9])(?=.*[A-Za-z]).{8,}", re.DOTALL)
_PUNCTUATION = "\"'`*+,\\/_.:;|~()[]{}<>-="
_ESCAPE = re.compile(
    r"\\{0,8}[uU](?:0{4})?(?:\{0*([0-9a-fA-F]{2})\}|00([0-9a-fA-F]{2}))|\\{0,8}x([0-9a-fA-F]{2})"
    r"|%([0-9a-fA-F]{2})|&#0{0,5}([0-9]{2,3});|&#x0{0,5}([0-9a-fA-F]{2});"
)


class Keys:
    """The keys that this process has read."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, None] = {}

    def know(self, key: str) -> None:
        """Mask this key from now on, unless it could be a word."""
        key = key.strip()
        with self._lock:
            if _LONG_ENOUGH.fullmatch(key) and key not in self._known:
                self._known = {**self._known, key: None}

    def all(self) -> tuple[str, ...]:
        """Return all keys, the longest first, since one can be part of another."""
        return tuple(sorted(self._known, key=len, reverse=True))

    def __repr__(self) -> str:
        return MASK


_keys = Keys()


def know_key(key: str) -> None:
    """Mask this key from now on, in all replies."""
    _keys.know(key)


def know_environment(environ: Mapping[str, str]) -> None:
    """Mask the values of variables whose names and values look like keys."""
    for name in environ:
        if _SECRET_NAME.search(name) and _TELLING.fullmatch(environ[name].strip()):
            know_key(environ[name])


def without_keys(text: str) -> str:
    """Mask every known key in the text, in all its forms."""
    if not text:
        return text
    for number, key in enumerate(_keys.all()):
        if key in text:
            text = text.replace(key, MASK)
        if len(_bare(key)) >= _SHORTEST_HIDDEN:
            text = _without_hidden(text, number)
    return text


def value_without_keys(value: Any) -> Any:
    """Mask every known key in all texts and names of a JSON value."""
    if isinstance(value, str):
        return without_keys(value)
    if isinstance(value, list):
        return [value_without_keys(one) for one in cast("list[Any]", value)]
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value).items()
        return {without_keys(name): value_without_keys(one) for name, one in members}
    return value


class KeyStream:
    """Masks keys in bytes that arrive in pieces; holds back what could be the start of a key."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, piece: bytes) -> bytes:
        """Return the masked bytes that are certain by now."""
        whole = self._held + piece
        at = _end_of_what_is_certain(whole)
        self._held = whole[at:]
        return bytes_without_keys(whole[:at])

    def end(self) -> bytes:
        """Return the rest."""
        rest, self._held = self._held, b""
        return bytes_without_keys(rest)


def bytes_without_keys(content: bytes) -> bytes:
    """Mask every known key in the bytes."""
    if not any(form in content for form in _all_forms(_keys.all())):
        return content
    return _any_form(_keys.all()).sub(MASK.encode(), content)


def _end_of_what_is_certain(content: bytes) -> int:
    """Return where a possible start of a key is; the length for none."""
    beginnings, longest = _beginnings(_keys.all())
    for size in range(min(longest, len(content)), 0, -1):
        if content[-size:] in beginnings:
            at = len(content) - size
            break
    else:
        return len(content)
    if any(form in content for form in _all_forms(_keys.all())):
        for match in _any_form(_keys.all()).finditer(content):
            if match.start() < at < match.end():
                return match.end()  # the end of a key
    return at


@lru_cache(maxsize=4)
def _all_forms(keys: tuple[str, ...]) -> tuple[bytes, ...]:
    forms = dict.fromkeys(form for key in keys for form in _raw_forms(key))
    return tuple(sorted(forms, key=len, reverse=True))


@lru_cache(maxsize=4)
def _any_form(keys: tuple[str, ...]) -> re.Pattern[bytes]:
    return re.compile(b"|".join(map(re.escape, _all_forms(keys))))


@lru_cache(maxsize=4)
def _beginnings(keys: tuple[str, ...]) -> tuple[frozenset[bytes], int]:
    forms = _all_forms(keys)
    beginnings = frozenset(form[:size] for form in forms for size in range(1, len(form)))
    return beginnings, max(map(len, beginnings), default=0)


@lru_cache(maxsize=256)
def _raw_forms(key: str) -> tuple[bytes, ...]:
    """Return the contiguous forms of a key in bytes, the longest first."""
    raw = key.encode()
    if len(_bare(key)) < _SHORTEST_HIDDEN:
        return (raw,)
    encoded = [one.encode() for one in _in_base64(raw)]
    url_safe = [one.translate(bytes.maketrans(b"+/", b"-_")) for one in encoded]
    digits = raw.hex().encode()
    forms = dict.fromkeys((raw, *encoded, *url_safe, digits, digits.upper()))
    return tuple(sorted(forms, key=len, reverse=True))


def _in_base64(raw: bytes) -> Iterable[str]:
    """Yield the parts of its base64 that don't depend on what is before and after it."""
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + raw).decode()
        yield encoded[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]


def _without_hidden(text: str, number: int) -> str:
    """Mask a key written with escapes, or with other characters between its letters.

    The key is passed by number, to keep it out of traceback frames.
    """
    bare = _bare(text)
    plain = _bare(_ESCAPE.sub(_unescaped, text)) if _ESCAPE.search(text) else bare
    for form in _bare_forms(_keys.all()[number]):
        if form in bare or form in plain:
            text, found = _expression(form).subn(MASK, text)
            if not found:
                return MASK  # the key can't be located exactly
    return text


def _unescaped(match: re.Match[str]) -> str:
    digits = next((match[index] for index in (1, 2, 3, 4, 6) if match[index]), "")
    return chr(int(digits, 16) if digits else int(match[5] or "0"))


@lru_cache(maxsize=256)
def _bare_forms(key: str) -> tuple[str, ...]:
    raw = key.encode()
    forms = dict.fromkeys(_bare(one) for one in (key, raw.hex(), *_in_base64(raw)))
    return tuple(sorted((one for one in forms if len(one) >= _SHORTEST_HIDDEN), key=len)[::-1])


@lru_cache(maxsize=256)
def _expression(form: str) -> re.Pattern[str]:
    digits, decimal = "(?:2[0-9a-f]|3[a-f]|40|5[b-f]|60|7[b-e])", "(?:3[2-9]|4[0-7]|5[89]|6[0-4])"
    escaped = "|".join(_escapes(digits, rf"(?:{decimal}|9[1-6]|12[3-6])"))
    noise = f"(?:[{re.escape(''.join(map(chr, _noise())))}]|{escaped})*+"
    return re.compile(noise.join(map(_letter, form)), re.IGNORECASE)


def _letter(letter: str) -> str:
    """Return an expression for a letter and its numeric escapes."""
    numbers = {ord(letter), ord(letter.upper())}
    digits = "|".join(f"{number:02x}" for number in sorted(numbers))
    decimal = "|".join(str(number) for number in sorted(numbers))
    return f"(?:{re.escape(letter)}|{'|'.join(_escapes(digits, decimal))})"


def _escapes(digits: str, decimal: str) -> tuple[str, ...]:
    """Return expressions for a numeric escape in JSON and code, in URLs, and in HTML."""
    return (
        rf"\\{{0,8}}u(?:0{{4}})?(?:\{{0{{0,5}}(?:{digits})\}}|00(?:{digits}))",
        rf"\\{{0,8}}x(?:{digits})",
        rf"%(?:{digits})",
        rf"&\#0{{0,5}}(?:{decimal});",
        rf"&\#x0{{0,5}}(?:{digits});",
    )


def _bare(text: str) -> str:
    """Return the text in lower case, without noise."""
    return text.translate(_noise()).lower()


@lru_cache(maxsize=1)
def _noise() -> dict[int, None]:
    """Return white space, invisible characters, and punctuation, for `str.translate`."""
    unseen = (
        code
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) in ("Cc", "Cf", "Mn", "Zs", "Zl", "Zp")
    )
    return dict.fromkeys([*unseen, *map(ord, _PUNCTUATION)])
