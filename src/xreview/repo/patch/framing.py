"""The text around the diffs of a patch: mail headers, messages, diffstats, signatures.

Any other line may be a lost part of a diff. A message can contain anything; between two files only
lines that tools write there are accepted.
"""

import re
from enum import Enum, auto

_MESSAGE = re.compile(
    rb"From [0-9a-f]{7,64} |(?:From|Subject|Date|Message-I[dD]|Return-Path|Received): "
    rb"|commit [0-9a-f]{7,64}\b|# HG changeset patch|# User |# Date |# Node ID |# Parent "
)
_BETWEEN = re.compile(
    rb"Index: |={3,}\Z|diff -|diff [^-]|Only in |Common subdirectories: |Prereq: "
    rb"|File .* is a .* while file .* is a |RCS file: |retrieving revision |warning: "
    rb"|base-commit: |prerequisite-patch-id: |\? "
)
_STAT = re.compile(
    rb" .+\| +(?:\d+( [+-]+)?|Bin|Unmerged)|  ?\d+ files? changed|"
    rb" (?:create|delete|rename|copy|mode|rewrite|new|old) "
)
_OTHER_FORMATS = re.compile(
    rb"\*{15}|\*\*\* \d|--- \d+(?:,\d+)? ----|\d+(?:,\d+)?[acd]\d+(?:,\d+)?\Z|[<>] "
)
_OF_A_HEADER = re.compile(
    rb"(?:dis)?similarity index \d+%|(?:rename|copy) (?:from|to) |(?:new|deleted) file mode \d{6}"
    rb"|(?:old|new) mode \d{6}|index [0-9a-f]{4,64}[.,]|GIT binary patch\Z"
)
_LIKE_A_CHANGE = re.compile(rb"[+-](?![\s+*=-]|\Z)")
SUBMODULE_COMMIT = re.compile(rb"  [<>] ")
ENCODED = re.compile(
    rb"(?:literal|delta) \d+\Z|[A-Za-z](?:[0-9A-Za-z!#$%&()*+;<=>?@^_`{|}~-]{5})+\Z"
)
SIGNATURES = (b"-- ", b"--")
"""Lines that end a mail."""


class _Place(Enum):
    """The place in the patch of a line outside diffs."""

    PREAMBLE = auto()
    MESSAGE = auto()
    NOTES = auto()  # below the `---` that ends a message
    BETWEEN = auto()
    SIGNATURE = auto()


class Framing:
    """A state machine that is fed the lines outside diffs, and the beginnings of diffs."""

    def __init__(self) -> None:
        self._place = _Place.PREAMBLE

    @property
    def is_message(self) -> bool:
        """Whether this is free text, where a line of a diff is only a quotation."""
        return self._place is _Place.MESSAGE

    def begin_diff(self) -> None:
        """A diff begins here."""
        self._place = _Place.BETWEEN

    def accepts(self, row: bytes) -> bool:
        """Advance by a line; False if it may be a lost part of a diff."""
        if not row.strip():
            return True
        if _MESSAGE.match(row):
            self._place = _Place.MESSAGE
            return True
        if self._place is _Place.MESSAGE:
            if row == b"---":
                self._place = _Place.NOTES
            return True
        return not _OF_A_HEADER.match(row) and self._accepts_outside_messages(row)

    def _accepts_outside_messages(self, row: bytes) -> bool:
        match self._place:
            case _Place.BETWEEN:
                if row in SIGNATURES:
                    self._place = _Place.SIGNATURE
                    return True
                return _BETWEEN.match(row) is not None or _STAT.match(row) is not None
            case _Place.PREAMBLE:
                return not (row.startswith((b"+", b"-")) and row != b"---") and not (
                    _OTHER_FORMATS.match(row)
                )
            case _:
                return not (_LIKE_A_CHANGE.match(row) or _OTHER_FORMATS.match(row))
