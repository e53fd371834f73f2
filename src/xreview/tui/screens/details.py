"""The page on coverage and cost: what each reviewer really read."""

from collections import Counter

from textual.content import Content

from xreview.domain.coverage import CoverageEntry, Reading, summarise
from xreview.domain.text import count_of, visible
from xreview.review.snapshot import ReviewerProgress, ReviewSnapshot

MOST_GAPS = 200
"""How many single files are listed; the export holds them all."""

Part = str | tuple[str, str]


def details_content(snapshot: ReviewSnapshot) -> Content:
    """The change, each reviewer's receipt, then each gap by its file."""
    parts: list[Part] = [("Change\n", "bold underline"), f"{visible(snapshot.source.title)}\n"]
    for label, object_id in (
        ("old side", snapshot.source.base),
        ("new side", snapshot.source.head),
    ):
        if object_id:
            parts.append((f"{label} {object_id}\n", "$text-muted"))
    parts += [f"• {visible(notice)}\n" for notice in snapshot.notices]
    parts += [
        ("\nAuthor\n", "bold underline"),
        f"{visible(snapshot.author.label)}\n",
        *(f"• {visible(sentence)}\n" for sentence in snapshot.author.evidence),
    ]
    for reviewer in snapshot.reviewers:
        entries = [e for e in snapshot.coverage if e.reviewer == reviewer.identity.name]
        parts += _receipt(reviewer, entries)
    return Content.assemble(*parts)


def _receipt(reviewer: ReviewerProgress, entries: list[CoverageEntry]) -> list[Part]:
    summary = summarise(entries)
    usage = reviewer.usage
    cost = "cost unknown" if usage.cost is None else f"${usage.cost:.4f}"
    tokens = (
        f"{usage.input_tokens:,} tokens in, {usage.output_tokens:,} out, "
        if usage.input_tokens
        else ""
    )
    parts: list[Part] = [
        (f"\n{visible(reviewer.identity.label)}\n", "bold underline"),
        f"{reviewer.state}, {reviewer.lens} lens, {tokens}{cost}\n",
        f"{count_of(summary.read, 'file')} read, {summary.skipped} skipped as expected, "
        f"{summary.gaps} not read that should have been\n",
    ]
    if reviewer.error:
        parts.append((f"{visible(reviewer.error)}\n", "bold $text-error"))
    skipped = Counter(e.why for e in entries if e.reading is not Reading.READ and e.expected)
    parts += [
        (f"  {count} × skipped: {visible(why)}\n", "$text-muted")
        for why, count in skipped.most_common()
    ]
    gaps = [entry for entry in entries if entry.is_gap]
    for entry in gaps[:MOST_GAPS]:
        parts.append((f"  {entry.reading} ", "bold $text-warning"))
        parts.append(f"{visible(entry.path)}: {visible(entry.why)}\n")
    if len(gaps) > MOST_GAPS:
        parts.append(f"  … and {len(gaps) - MOST_GAPS} more; the JSON export lists them all\n")
    return parts
