"""Fences around untrusted text: nothing in the text can close them.

The mark of a fence is drawn by lot for each run of the program and is told to nobody but the
models that are asked. So nothing that was written before can hold it: no code, commit message, file
name or convention. Should a text hold it all the same (a model repeated it), another one is made of
it. The mark stands nowhere but in the two lines of each fence.
"""

import hashlib
import secrets

_MARK_BYTES = 12
RUN_MARK = secrets.token_hex(_MARK_BYTES)
"""The mark of this run; tests give their own."""

_STANDS_FOR_IT = "0" * len(RUN_MARK)


def fenced(kind: str, text: str, mark: str = RUN_MARK) -> str:
    """The text between a line that opens the fence and one that closes it.

    Args:
        kind: what it is, in one word of ours.
        mark: what nobody knew when the text was written.
    """
    while mark in text:
        mark = hashlib.sha256(mark.encode()).hexdigest()[: len(mark)]
    return f"<<<BEGIN {kind} {mark}\n{text}\n<<<END {kind} {mark}"


def without_mark(text: str, mark: str = RUN_MARK) -> str:
    """The text as it would be in any other run, for what is remembered by it."""
    return text.replace(mark, _STANDS_FOR_IT)
