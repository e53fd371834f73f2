"""Who wrote a change, in words: traces, clashes between them, the author in one line."""

from collections.abc import Iterable, Sequence

from xreview.domain.authorship.author import (
    PERSON,
    Attribution,
    Author,
    Evidence,
    EvidenceKind,
    VendorShare,
)
from xreview.domain.authorship.author_claims import Clash
from xreview.domain.text import count_of

MOST_SENTENCES = 20
"""How many traces a person is told of in an author's evidence; `Attribution.evidence` has all."""

_SHORT_ID = 7
_NAMES = {
    EvidenceKind.ANSWER: "your answer",
    EvidenceKind.NOTE: "git note",
    EvidenceKind.SESSION: "local session",
    EvidenceKind.TRACE: "agent trace",
    EvidenceKind.CHECKPOINT: "checkpoint",
    EvidenceKind.TRAILER: "trailer",
    EvidenceKind.IDENTITY: "identity",
    EvidenceKind.BRANCH: "branch name",
}


def kind_words(kind: EvidenceKind) -> str:
    """A kind of trace as a person calls it."""
    return _NAMES[kind]


def writer_words(trace: Evidence) -> str:
    """Who a trace names: vendor and model, or the tool where it tells no vendor."""
    if trace.who == PERSON:
        return PERSON
    if trace.vendor:
        return " ".join(filter(None, (trace.vendor, trace.model or trace.tool)))
    return f"{trace.model or trace.tool}, family unknown" if trace.tool or trace.model else "nobody"


def sentences(evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """The traces, the most trusted first; those that say the same are one sentence.

    "trailer: anthropic Claude Opus 4.8 (Co-Authored-By: …), commit 1a2b3c4 and 2 more".
    """
    groups: dict[tuple[EvidenceKind, str], list[Evidence]] = {}
    for trace in evidence:
        groups.setdefault((trace.kind, writer_words(trace)), []).append(trace)
    said = [
        f"{kind_words(kind)}: {who}{_pointer(traces[0])}{_where(t.commit for t in traces)}"
        for (kind, who), traces in groups.items()
    ]
    if len(said) > MOST_SENTENCES:
        said[MOST_SENTENCES:] = [f"and {len(said) - MOST_SENTENCES} more kinds of trace"]
    return tuple(said)


def clash_sentences(clashes: Iterable[Clash]) -> tuple[str, ...]:
    """One sentence for all clashes of the same kinds of traces about the same vendors."""
    groups: dict[Clash, list[str]] = {}
    for clash in sorted(clashes):
        groups.setdefault(clash._replace(commit=""), []).append(clash.commit)
    return tuple(map(_clash_words, groups, groups.values()))


def _clash_words(clash: Clash, commits: Sequence[str]) -> str:
    first, second = _the(clash.first.kind), _the(clash.second.kind)
    counts = "both count" if clash.both_count else f"{first} counts"
    said = f"{first} names {clash.first.who}, {second} {clash.second.who}: {counts}"
    return f"{said[:1].upper()}{said[1:]}{_where(commits)}."


def _the(kind: EvidenceKind) -> str:
    return kind_words(kind) if kind is EvidenceKind.ANSWER else f"the {kind_words(kind)}"


def author_words(author: Author) -> str:
    """The author for people: "anthropic claude-opus-4.8", "copilot, family unknown", "unknown"."""
    if author.tool != PERSON and not author.vendor and (author.model or author.tool):
        return f"{author.model or author.tool}, family unknown"
    return author.label


def basis(attribution: Attribution, author: Author | None = None) -> EvidenceKind | None:
    """The most trusted kind of trace that names the author; None where none does."""
    author = author or attribution.author
    for trace in attribution.evidence:
        is_named = trace.vendor if author.is_mixed else trace.vendor == author.vendor
        if is_named and (trace.vendor or trace.tool == author.tool):
            return trace.kind
    return None


def author_line(attribution: Attribution) -> str:
    """The author with what that rests on: "anthropic claude-opus-4.8 (trailer, high)"."""
    author, kind = attribution.author, basis(attribution)
    words = author_words(author)
    if author.is_mixed:
        words = f"mixed: {share_words(attribution.shares)}"
    if kind is None or author.confidence is None:
        return words
    return f"{words} ({kind_words(kind)}, {author.confidence.word})"


def share_words(shares: Sequence[VendorShare]) -> str:
    """Who wrote how much: "anthropic 60 %, openai 30 %, unknown 10 %"."""
    return ", ".join(f"{share.vendor or 'unknown'} {part_percent(share.part)}" for share in shares)


def part_percent(part: float) -> str:
    """A part of a whole in whole percent; what there is a little of is not nothing."""
    return "<1 %" if 0 < part < 0.01 else f"{int(part * 100 + 0.5)} %"


def _pointer(trace: Evidence) -> str:
    return f" ({trace.pointer})" if trace.pointer else ""


def _where(commits: Iterable[str]) -> str:
    """The first commit, and how many others there are; "" for what is not committed."""
    ids = sorted({commit for commit in commits if commit})
    if not ids:
        return ""
    more = f" and {count_of(len(ids) - 1, 'other')}" if len(ids) > 1 else ""
    return f", commit {ids[0][:_SHORT_ID]}{more}"
