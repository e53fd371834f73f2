"""Fences around untrusted text: nothing in the text can close them.

The mark of a fence is an HMAC of the text, so that the same text gives the same prompt (a cache and
its servers depend on it) while nobody can write a text that holds its own mark; should one hold it
all the same, the next mark is taken. So the mark stands nowhere but in the two lines of the fence.
"""

import hashlib
import hmac

_MARK_CHARACTERS = 24  # 96 bits


def fenced(kind: str, text: str, key: str) -> str:
    """The text between a line that opens the fence and one that closes it.

    Args:
        kind: what it is, in one word of ours.
        key: of the HMAC, the digest of the template.
    """
    mark = _mark(text, key)
    return f"<<<BEGIN {kind} {mark}\n{text}\n<<<END {kind} {mark}"


def _mark(text: str, key: str) -> str:
    content = text.encode("utf-8", "surrogatepass")
    number = 0
    while True:
        message = number.to_bytes(8, "big") + content
        digest = hmac.new(key.encode(), message, hashlib.sha256).hexdigest()
        mark = digest[:_MARK_CHARACTERS]
        if mark not in text:
            return mark
        number += 1
