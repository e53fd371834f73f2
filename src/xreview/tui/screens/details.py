"""The details page: author, attention, coverage, cost, and what each reviewer actually read."""

from collections import Counter
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from xreview.domain.account import NO_APPROVAL, Fate
from xreview.domain.authorship.author import Attribution
from xreview.domain.authorship.evidence_sentences import kind_words, writer_words
from xreview.domain.coverage import CoverageEntry, Reading, summarise
from xreview.domain.pull.sight import BotSight, Sight
from xreview.domain.report import ReviewerKind
from xreview.domain.text import count_of, visible
from xreview.ports.reviewer import Asked, Usage
from xreview.review.choosing.author_words import author_line, share_words
from xreview.review.session.snapshot import ReviewerProgress, ReviewSnapshot
from xreview.tui.dialogs.dialog import PageScreen
from xreview.tui.screens.author import open_author
from xreview.tui.widgets.attention_text import change_attention_parts
from xreview.tui.widgets.file_tree import NOT_IN_CHANGE
from xreview.tui.widgets.text_pane import TextPart
from xreview.tui.widgets.thread_text import remark_parts

if TYPE_CHECKING:
    from xreview.tui.app import XReviewApp

_MOST_GAPS = 200
"""How many files are listed; the export lists all of them."""

_MOST_TRACES = 100
"""How many pieces of evidence are listed; `xreview-tui who` prints all of them."""

_SHORT_ID = 7
_SHORT_DIGEST = 12


class DetailsScreen(PageScreen):
    """The page, with a key to set the author."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "author", "set the author", priority=True),
    ]

    KEYS: ClassVar[str] = "w sets the author · j/k scroll · Esc closes"

    def __init__(self, app: "XReviewApp", snapshot: ReviewSnapshot) -> None:
        super().__init__("Author, coverage, and cost", details_content(snapshot))
        self._app = app

    async def action_author(self) -> None:
        """Ask who wrote the change."""
        self.app.pop_screen()
        await open_author(self._app)


async def open_details(app: "XReviewApp") -> None:
    """Show the details of the review so far."""
    if (snapshot := app.triage.snapshot) is not None:
        await app.push_screen(DetailsScreen(app, snapshot))


def details_content(snapshot: ReviewSnapshot) -> Content:
    """Return the change, its author, its coverage and cost, then each reviewer's receipt."""
    parts: list[TextPart] = [("Change\n", "bold underline"), f"{visible(snapshot.source.title)}\n"]
    for label, object_id in (
        ("old side", snapshot.source.base),
        ("new side", snapshot.source.head),
    ):
        if object_id:
            parts.append((f"{label} {object_id}\n", "$text-muted"))
    parts += [f"• {visible(notice)}\n" for notice in snapshot.notices]
    if snapshot.attention is not None:
        parts += change_attention_parts(snapshot.attention)
    parts += _related(snapshot)
    parts.append(("\nAuthor\n", "bold underline"))
    if snapshot.attribution is None:
        parts.append("not known yet\n")
    else:
        parts += _author(snapshot.attribution)
    if snapshot.choice is not None:
        parts.append((f"{visible(snapshot.choice.sentence)}\n", "bold"))
    parts += _sights(snapshot.sights)
    parts += _said(snapshot)
    parts += _account(snapshot)
    parts += _cost(snapshot)
    for reviewer in snapshot.reviewers:
        entries = [e for e in snapshot.coverage if e.reviewer == reviewer.identity.name]
        parts += _receipt(reviewer, entries)
    return Content.assemble(*parts)


def _related(snapshot: ReviewSnapshot) -> list[TextPart]:
    """What may be missing from the change, or why that isn't known."""
    related = snapshot.related
    if not (related.places or related.why_none):
        return []
    parts: list[TextPart] = [(f"\n{NOT_IN_CHANGE}\n", "bold underline")]
    parts += [f"{visible(f'{one.path}:{one.line} {one.why}')}\n" for one in related.places]
    return [*parts, (f"{visible(related.why_none)}\n" if related.why_none else "", "$text-muted")]


def _sights(sights: tuple[BotSight, ...]) -> list[TextPart]:
    """How far each bot has seen the head of the pull request; only `reviewed` counts."""
    if not sights:
        return []
    parts: list[TextPart] = [("\nOn the pull request\n", "bold underline")]
    for one in sights:
        has_read = one.sight is Sight.REVIEWED
        parts += [
            f"{visible(one.bot.login)}: ",
            (one.sight.value, "bold" if has_read else "bold $text-warning"),
            f", {_sight_words(one)}\n",
        ]
    return parts


def _sight_words(one: BotSight) -> str:
    match one.sight:
        case Sight.REVIEWED:
            return "it has read the present head"
        case Sight.STALE:
            seen = f" ({visible(one.why[:_SHORT_ID])})" if one.why else ""
            return f"it has read an older head{seen}, not the present one"
        case Sight.BLIND:
            return f"it says: {visible(one.why)}" if one.why else "it says that it couldn't review"
        case Sight.SILENT:
            return "it was asked and has said nothing"


def _said(snapshot: ReviewSnapshot) -> list[TextPart]:
    """What is said on the pull request as a whole, in full: nothing of it is a finding."""
    if not snapshot.said:
        return []
    count = len(snapshot.said)
    author = snapshot.pull.author if snapshot.pull else None
    parts: list[TextPart] = [(f"\nSaid on the change as a whole ({count})\n", "bold underline")]
    for at, one in enumerate(snapshot.said):
        parts += ["\n"] if at else []
        parts += remark_parts(one, author)
        parts.append((f"{visible(one.url)}\n" if one.url else "", "$text-muted"))
    return parts


def _account(snapshot: ReviewSnapshot) -> list[TextPart]:
    """How many of the changed lines were read, and which weren't."""
    if not snapshot.coverage:
        return []
    account = snapshot.account
    parts: list[TextPart] = [("\nCoverage\n", "bold underline")]
    for column in Fate:
        tally = account.sums(column)
        if tally.files:
            parts.append(f"{column.word}: {tally.words}\n")
    if snapshot.is_by_analysers:
        parts.append((f"{NO_APPROVAL}\n", "$text-muted"))
    for entry in account.not_read[:_MOST_GAPS]:
        parts.append(("  not read ", "bold $text-warning"))
        lines = f", {count_of(entry.lines, 'line')}" if entry.lines else ""
        parts.append(
            f"{visible(entry.path or 'part of the change')}{lines}: {visible(entry.why)}\n"
        )
    if (more := len(account.not_read) - _MOST_GAPS) > 0:
        parts.append(f"  … and {more:,} more; the JSON export lists all of them\n")
    return parts


def _cost(snapshot: ReviewSnapshot) -> list[TextPart]:
    """The cost of all models together, and what each answer used."""
    answers = [*snapshot.answered, *([snapshot.answering] if snapshot.answering else [])]
    models = [r for r in snapshot.reviewers if r.identity.kind is not ReviewerKind.ANALYSER]
    used = [
        *((one.identity.name, one.usage) for one in models),
        *((one.party.name, one.usage) for one in answers),
    ]
    if not used:
        return []
    known = sum(usage.cost or 0.0 for _, usage in used)
    parts: list[TextPart] = [("\nCost\n", "bold underline"), f"${known:.4f} so far"]
    if unknown := dict.fromkeys(name for name, usage in used if usage.cost is None):
        parts.append(f", plus {visible(' and '.join(unknown))} (price unknown)")
    parts.append("\n")
    parts += [
        f"{visible(one.party.label)} responded to reports{_spent_words(one.usage)}\n"
        for one in answers
    ]
    return parts


def _author(attribution: Attribution) -> list[TextPart]:
    """Who wrote how much, all evidence with its source, and where it contradicts itself."""
    parts: list[TextPart] = [(f"{visible(author_line(attribution))}\n", "bold")]
    if len(attribution.shares) > 1 and not attribution.author.is_mixed:
        parts.append(f"{visible(share_words(attribution.shares))} of the changed lines\n")
    parts += [(f"⚠ {visible(one)}\n", "$text-warning") for one in attribution.contradictions]
    for trace in attribution.evidence[:_MOST_TRACES]:
        where = " ".join(
            filter(
                None,
                (
                    trace.commit[:_SHORT_ID],
                    ", ".join(lines.path for lines in trace.lines[:3]),
                    f"and {len(trace.lines) - 3} more" if len(trace.lines) > 3 else "",
                ),
            )
        )
        parts += [
            f"• {kind_words(trace.kind)}: ",
            (visible(writer_words(trace)), "bold"),
            f", {trace.confidence.word}{f', for {visible(where)}' if where else ''}\n",
            (f"    {visible(trace.pointer)}\n" if trace.pointer else "", "$text-muted"),
        ]
    if (more := len(attribution.evidence) - _MOST_TRACES) > 0:
        parts.append(f"  … and {more} more; `xreview-tui who` prints all of them\n")
    parts += [(f"• {visible(notice)}\n", "$text-muted") for notice in attribution.notices]
    return parts


def _receipt(reviewer: ReviewerProgress, entries: list[CoverageEntry]) -> list[TextPart]:
    """What one reviewer was asked, used, and read."""
    summary = summarise(entries)
    parts: list[TextPart] = [
        (f"\n{visible(reviewer.identity.label)}\n", "bold underline"),
        f"{reviewer.state}, {reviewer.lens} lens{_spent(reviewer)}\n",
        *_asked(reviewer.asked),
        f"{count_of(summary.read, 'file')} read, {summary.skipped} skipped as expected, "
        f"{count_of(summary.gaps, 'gap')}\n",
    ]
    if reviewer.error:
        parts.append((f"{visible(reviewer.error)}\n", "bold $text-error"))
    skipped = Counter(e.why for e in entries if e.reading is not Reading.READ and e.expected)
    parts += [
        (f"  {count} × skipped: {visible(why)}\n", "$text-muted")
        for why, count in skipped.most_common()
    ]
    gaps = [entry for entry in entries if entry.is_gap]
    for entry in gaps[:_MOST_GAPS]:
        parts.append((f"  {entry.reading} ", "bold $text-warning"))
        parts.append(f"{visible(entry.path)}: {visible(entry.why)}\n")
    if len(gaps) > _MOST_GAPS:
        parts.append(f"  … and {len(gaps) - _MOST_GAPS} more; the JSON export lists all of them\n")
    return parts


def _spent(reviewer: ReviewerProgress) -> str:
    """The tokens and cost of a model; "" for an analyser, and for what others wrote elsewhere."""
    is_analyser = reviewer.identity.kind is ReviewerKind.ANALYSER
    is_imported = reviewer.asked is None and reviewer.usage == Usage(cost=0.0)
    return "" if is_analyser or is_imported else _spent_words(reviewer.usage)


def _spent_words(usage: Usage) -> str:
    cost = "cost unknown" if usage.cost is None else f"${usage.cost:.4f}"
    return f", {usage.input_tokens:,} tokens in, {usage.output_tokens:,} out, {cost}"


def _asked(asked: Asked | None) -> list[TextPart]:
    """Where a model's requests went, with which prompt, and which model answered."""
    if asked is None:
        return []
    sent = f"{count_of(asked.requests, 'request')} to {visible(asked.host)}"
    facts = [
        sent if asked.requests else "nothing sent",
        f"{count_of(asked.remembered, 'answer')} from the cache" if asked.remembered else "",
        f"{count_of(asked.withheld, 'line')} withheld" if asked.withheld else "",
        f"prompt {asked.prompt} ({asked.digest[:_SHORT_DIGEST]})",
        asked.replies.words,
    ]
    parts: list[TextPart] = [f"{', '.join(filter(None, facts))}\n"]
    # Servers answer with the dated name of the model that was asked for: not another model.
    if others := [model for model in asked.served if not model.startswith(asked.model)]:
        parts += [
            (f"⚠ asked for {visible(asked.model)}, served by ", "$text-warning"),
            (f"{visible(', '.join(others))}\n", "bold $text-warning"),
        ]
    return parts
