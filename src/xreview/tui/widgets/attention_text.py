"""How much attention a change, its files, and a finding deserve, as text."""

from collections.abc import Iterator

from xreview.disagreement.attention import finding_attention
from xreview.domain.attention.attention import Attention, AttentionReason, ChangeAttention
from xreview.domain.attention.level import AttentionLevel
from xreview.domain.attention.sentence import levels_words, reason_words, reasons_by_question
from xreview.domain.finding import Finding
from xreview.domain.text import count_of, visible
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.tui.widgets.text_pane import TextPart

_MOST_FILES = 20
"""How many files at 4 and 5 are listed; `xreview-tui trust` prints all of them."""

_MOST_REASONS = 4
"""How many reasons are listed for one question."""

_STYLES = {AttentionLevel.DECIDE: "bold $text-error", AttentionLevel.STUDY: "bold $text-warning"}
SHORT_MARKS = {AttentionLevel.DECIDE: "!!", AttentionLevel.STUDY: "!"}
"""What marks a file at 4 or 5 where there is no room for the word."""


def change_attention_parts(attention: ChangeAttention) -> list[TextPart]:
    """Return the change's word, how many files are at each level, and the files at 4 and 5 with the
    weightiest reason for each question; without such files, the reasons of the change."""
    whole = attention.change
    parts: list[TextPart] = [("\nAttention\n", "bold underline"), _word(whole.level)]
    parts.append(f": {MEANINGS[whole.level]}\n")
    if levels := levels_words(attention):
        parts.append((f"{levels}\n", "$text-muted"))
    close = sorted(
        (path for path, one in attention.files.items() if one.level >= AttentionLevel.STUDY),
        key=lambda path: (-attention.files[path].level, path),
    )
    of_files = [one for one in whole.reasons if one.path and close]
    for question, reasons in reasons_by_question(whole.reasons).items():
        if own := [one for one in reasons if one not in of_files]:
            parts.append((f"{question.value}\n", "$text-muted"))
            parts += _reasons(own)
    for path in close[:_MOST_FILES]:
        parts += _file(path, attention.files[path])
    if (more := len(close) - _MOST_FILES) > 0:
        parts.append(f"  … and {count_of(more, 'more file')}; `xreview-tui trust` prints all\n")
    return parts


MEANINGS = {
    AttentionLevel.SKIP: "let it go",
    AttentionLevel.SKIM: "a glance is enough",
    AttentionLevel.READ: "read it as usual",
    AttentionLevel.STUDY: "read it closely, with the code around it",
    AttentionLevel.DECIDE: "a person decides, never in bulk",
}


def finding_attention_parts(finding: Finding, snapshot: ReviewSnapshot) -> Iterator[TextPart]:
    """Yield one line about a finding: the word and the weightiest reason. Nothing if it is usual:
    a word that is on most findings says nothing."""
    attention = finding_attention(finding, snapshot.attention)
    if attention.level is AttentionLevel.READ:
        return
    reasons = attention.reasons
    why = reason_words(reasons[0], with_path=False) if reasons else MEANINGS[attention.level]
    yield (attention.level.word, _STYLES.get(attention.level, "$text-muted"))
    yield (f": {why}\n", "$text-muted")


def _word(level: AttentionLevel) -> TextPart:
    return (level.word, _STYLES.get(level, "bold"))


def _reasons(reasons: list[AttentionReason]) -> Iterator[TextPart]:
    for one in reasons[:_MOST_REASONS]:
        yield f"• {reason_words(one)}\n"
    if (more := len(reasons) - _MOST_REASONS) > 0:
        yield f"  … and {count_of(more, 'more reason')}\n"


def _file(path: str, attention: Attention) -> Iterator[TextPart]:
    """Yield a file, with the weightiest reason for each question."""
    yield (f"{attention.level.word} ", _STYLES[attention.level])
    raising = [one for one in attention.reasons if one.raises]
    firsts = [reasons[0] for reasons in reasons_by_question(raising).values()]
    why = "; ".join(reason_words(one, with_path=False) for one in firsts)
    yield f"{visible(path)}\n"
    if why:
        yield (f"  {why}\n", "$text-muted")
