"""The author of a change in words, for screens and commands."""

from collections.abc import Sequence

from xreview.domain.authorship.author import Attribution, Author, EvidenceKind, VendorShare
from xreview.domain.authorship.evidence_sentences import kind_words


def author_words(author: Author) -> str:
    """The author: "anthropic claude-opus-4.8", "copilot, family unknown", "unknown"."""
    if not author.is_person and not author.vendor and (author.model or author.tool):
        return f"{author.model or author.tool}, family unknown"
    return author.label


def basis(attribution: Attribution, author: Author | None = None) -> EvidenceKind | None:
    """The most trusted kind of evidence that names the author; None if none does."""
    author = author or attribution.author
    for evidence in attribution.evidence:
        is_named = evidence.vendor if author.is_mixed else evidence.vendor == author.vendor
        if is_named and (evidence.vendor or evidence.tool == author.tool):
            return evidence.kind
    return None


def whole_words(attribution: Attribution) -> str:
    """Who wrote the change, in a few words; most of it must be known to name one author."""
    if attribution.is_mostly_unknown:
        known = [share for share in attribution.shares if share.vendor]
        return f"mixed: {share_words(known)}, rest unknown"
    return author_words(attribution.author)


def author_line(attribution: Attribution) -> str:
    """The author and the evidence for it: "anthropic claude-opus-4.8 (trailer, high)"."""
    author, kind = attribution.author, basis(attribution)
    words = whole_words(attribution)
    if author.is_mixed and not attribution.is_mostly_unknown:
        words = f"mixed: {share_words(attribution.shares)}"
    if kind is None or author.confidence is None:
        return words
    return f"{words} ({kind_words(kind)}, {author.confidence.word})"


def share_words(shares: Sequence[VendorShare]) -> str:
    """Who wrote how much: "anthropic 60 %, openai 30 %, unknown 10 %"."""
    return ", ".join(f"{share.vendor or 'unknown'} {part_percent(share.part)}" for share in shares)


def part_percent(part: float) -> str:
    """A part in whole percent; a little isn't shown as nothing."""
    return "<1 %" if 0 < part < 0.01 else f"{int(part * 100 + 0.5)} %"
