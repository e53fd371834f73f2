"""Where a report points, and the identity of its problem.

The verbatim quote identifies a place; line numbers only help to find it. The fingerprint is made of
the quoted code, the names of the blocks around it, and the claim, never of a line number, index, or
path, so that it survives edits around it, re-indentation, and renames. After what it can't survive
(a renamed block, a new twin before it), `pairing` finds the problem by its `Context`.
"""

from collections.abc import Iterable, Sequence
from itertools import islice

from xreview.domain.change import Side
from xreview.domain.events.codec import SEPARATE, UNLESS_EMPTY
from xreview.domain.identity.outline import Outline
from xreview.domain.record import dataclass, field

FINGERPRINT_VERSION = "2"
_DIGEST_CHARACTERS = 20  # 80 bits: a collision in a million findings is under 1 in 10^12
_LINE_CHARACTERS = 8  # 32 bits: lines are compared within one file only
_NEIGHBOURS = 3
_BESIDE = "-"
_BASE_SHOWN = 12
_CLAIM_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Context:
    """The surroundings of a quote, as short digests, so that the journal keeps no needless code.

    They are of the names of the blocks around it, the outermost first, of the nearest lines that
    aren't blank, the nearest first, and of the code of the block it opens or is in; `line_hash` is
    GitHub's fingerprint of its first line. "" for unknown.
    """

    outline: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    block: str = ""
    line_hash: str = field(default="", metadata=UNLESS_EMPTY)

    @property
    def is_known(self) -> bool:
        """Whether it was recorded: older journals have none."""
        return bool(self.block)


NO_CONTEXT = Context()


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place in one side of the change; lines are 1-based and inclusive. The quote is verbatim,
    its lines joined by line feeds."""

    path: str
    side: Side
    start_line: int
    end_line: int
    quote: str
    context: Context = field(default=NO_CONTEXT, metadata=SEPARATE)

    def overlaps(self, other: "Anchor") -> bool:
        """Whether both include a common line of the same side of the same file."""
        return (
            self.path == other.path
            and self.side is other.side
            and self.start_line <= other.end_line
            and other.start_line <= self.end_line
        )


def normalised(code: str) -> str:
    """The code without indentation and blank lines, with white space collapsed."""
    rows = (" ".join(row.split()) for row in code.splitlines())
    return "\n".join(row for row in rows if row)


def context_of(lines: Sequence[str], outline: Outline, start_line: int, end_line: int) -> Context:
    """The context of 1-based lines in a file with this outline."""
    block = outline.block(start_line, end_line)
    return Context(
        tuple(map(_short, outline.headers(start_line))),
        _nearest(lines[index] for index in range(min(start_line - 1, len(lines)) - 1, -1, -1)),
        _nearest(lines[index] for index in range(max(end_line, 0), len(lines))),
        _short("\n".join(lines[line - 1] for line in block)),
    )


def _nearest(rows: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(_short, islice(filter(str.strip, rows), _NEIGHBOURS)))


def _short(code: str) -> str:
    return _digest(normalised(code))[:_LINE_CHARACTERS]


def fingerprint(claim_key: str, quote: str, block: str, twin: int = 0) -> str:
    """The identity of a problem.

    Args:
        claim_key: a rule's id, or the kind of a model's claim (`claim.claim_key_of`).
        block: the names of the blocks around it (`Outline.headers`), joined by line feeds.
        twin: 0 for the first problem in its file with all of this equal, 1 for the next.
    """
    parts = (FINGERPRINT_VERSION, claim_key, normalised(quote), normalised(block), str(twin))
    return _digest("\x1f".join(parts))[:_DIGEST_CHARACTERS]


def another(fingerprint: str, context: Context, number: int) -> str:
    """An identity for a problem whose own fingerprint is taken by another problem.

    Equal code in two files has one fingerprint. The context distinguishes them, and if that is
    equal too, `number` (from 0).
    """
    base, mark, claim = fingerprint.partition(_BESIDE)
    parts = (base, *context.outline, *context.before, "", *context.after, str(number))
    return _digest("\x1f".join(parts))[:_DIGEST_CHARACTERS] + mark + claim


def beside(fingerprint: str, said: str) -> str:
    """An identity for a second claim of one kind by one reviewer about the same code.

    A fingerprint distinguishes only kinds of claims; `said` distinguishes these.
    """
    return f"{base_of(fingerprint)}{_BESIDE}{_digest(said)[:_LINE_CHARACTERS]}"


def base_of(fingerprint: str) -> str:
    """The part that identities of several claims of one kind about the same code share."""
    return fingerprint.partition(_BESIDE)[0]


def short_form(fingerprint: str) -> str:
    """The identity as lists and file names show it: `3d8903858e22-bd16`."""
    base, mark, claim = fingerprint.partition(_BESIDE)
    return base[:_BASE_SHOWN] + mark + claim[:_CLAIM_SHOWN]


def is_begun_by(fingerprint: str, typed: str) -> bool:
    """Whether the typed text begins an identity or its short form; "" doesn't."""
    base, mark, claim = typed.partition(_BESIDE)
    whole_base, whole_mark, whole_claim = fingerprint.partition(_BESIDE)
    if not mark:
        return bool(typed) and whole_base.startswith(base)
    return bool(whole_mark) and whole_base.startswith(base) and whole_claim.startswith(claim)


def _digest(text: str) -> str:
    # Imported here: the workers never hash, and OpenSSL takes 4 MB.
    import hashlib

    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
