"""Where a report points, and the identity of the problem it reports.

A location is content first: the verbatim quote is what counts, line numbers only help to find it.
The fingerprint is made of the quoted code, the block it stands in and the claim, and never of a
line number, an index or a path, so that it survives edits around it, re-indentation and renames.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from xreview.domain.change import Side

FINGERPRINT_VERSION = "1"
_DIGEST_CHARACTERS = 20  # 80 bits: a collision in a million findings is under 1 in 10^12


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place in one side of the change.

    Args:
        path: as in `FileDiff.path`.
        side: which side the quote stands on.
        start_line, end_line: 1-based and inclusive.
        quote: the code, verbatim, lines joined by line feeds.
    """

    path: str
    side: Side
    start_line: int
    end_line: int
    quote: str

    def overlaps(self, other: "Anchor") -> bool:
        """Whether both point at one line at least of the same side of the same file."""
        return (
            self.path == other.path
            and self.side is other.side
            and self.start_line <= other.end_line
            and other.start_line <= self.end_line
        )


def normalised(code: str) -> str:
    """The code with indentation, inner runs of white space and blank lines made equal."""
    rows = (" ".join(row.split()) for row in code.splitlines())
    return "\n".join(row for row in rows if row)


def enclosing_block(lines: Sequence[str], line: int) -> str:
    """The header of the block that holds 1-based `line`: the nearest line above indented less.

    Works by indentation alone, so in any language that is laid out; "" at the top level.
    """
    if not 1 <= line <= len(lines):
        return ""
    depth = _indentation(lines[line - 1])
    if depth == 0:
        return ""
    for index in range(line - 2, -1, -1):
        row = lines[index]
        text = row.strip()
        if text and text not in "{}()[]" and _indentation(row) < depth:
            return text
    return ""


def _indentation(row: str) -> int:
    expanded = row.expandtabs(8)
    return len(expanded) - len(expanded.lstrip(" "))


def fingerprint(claim_key: str, quote: str, block: str, twin: int = 0) -> str:
    """The identity of a problem.

    Args:
        claim_key: what is claimed, free of wording: a rule's id, or a model's normalised claim.
        quote: the quoted code.
        block: the header of the block around it (`enclosing_block`).
        twin: 0 for the first problem in its file with all of the above equal, 1 for the next.
    """
    parts = (FINGERPRINT_VERSION, claim_key, normalised(quote), normalised(block), str(twin))
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
    return digest[:_DIGEST_CHARACTERS]
