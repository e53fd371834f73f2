"""The hand-over: what is said to a fixer, in the order of loop-and-forges.md, section B.6.

Everything from the code, a reviewer, a model or a colleague is fenced as data. Outside of fences
are only this program's words, names as code, and the user's own notes and commands.
"""

from collections.abc import Iterator, Mapping, Sequence
from string import Template as Placeholders

from xreview.domain.finding import Disagreement
from xreview.domain.identity.anchor import Anchor
from xreview.domain.record import replace
from xreview.domain.text import count_of, visible_block
from xreview.export.document import ExportEntry
from xreview.export.markdown_text import code_span, quotation
from xreview.export.prompt import Fencing, lines_named, problem_told, statement_told, task_told
from xreview.export.statements import Statement, said_of
from xreview.ports.request import ModelRequest
from xreview.review.egress.gate import Gate
from xreview.review.egress.secrets import PROSE
from xreview.review.fixing.order import FixOrder, batched_by_file
from xreview.review.fixing.reply import EDITS_SCHEMA, RESULT_SCHEMA
from xreview.review.prompt.compose import fenced, prompt_digest
from xreview.review.writing.lens_words import lens_words
from xreview.review.writing.sent_files import SentFile, told_files
from xreview.review.writing.sent_text import sent_text

MOST_REJECTED = 50
"""Rejected findings that are told; those in files with accepted ones first."""

_CONTESTED = (Disagreement.CONTESTED, Disagreement.CONFLICT, Disagreement.TRADE_OFF)
_SCHEMA_NAME = "fix_result"


def handover(
    order: FixOrder,
    sent: Sequence[SentFile] = (),
    *,
    writes_edits: bool = False,
    gate: Gate | None = None,
) -> ModelRequest:
    """The question to a fixer. With a gate it's slow: call it in a thread.

    Args:
        sent: the code of files, for a model that can't open them itself.
        writes_edits: whether it answers with edits, instead of changing files itself.
        gate: removes lines that look like secrets in what is quoted. Every request passes a
            gate too, but which lines are secrets by their place shows only in the text alone.
    """
    words = lens_words("fix")
    parts = [
        *_task(order, words),
        *_problems(order, words, gate),
        *_rejected(order, words, gate),
        *_rules(order, words, writes_edits=writes_edits),
        words["contract"],
        *([words["contract_for_edits"]] if writes_edits else []),
    ]
    shared = "\n\n".join(_code(sent, words))
    return ModelRequest(
        instructions=words["instructions"],
        shared=shared,
        question="\n\n".join(parts),
        schema=EDITS_SCHEMA if writes_edits else RESULT_SCHEMA,
        schema_name=_SCHEMA_NAME,
        cache_key=prompt_digest(words["instructions"], shared)[:32],
    )


def handover_text(order: FixOrder, gate: Gate | None = None) -> str:
    """What is sent to an agent, word by word. Slow: call it in a thread."""
    gate = gate or Gate()
    return sent_text(handover(order, gate=gate), gate)


def _task(order: FixOrder, words: Mapping[str, str]) -> Iterator[str]:
    problems = count_of(len(order.accepted), "problem")
    yield Placeholders(words["task"]).substitute({"problems": problems})
    if order.earlier or order.note.strip():
        yield words["again"]
    if order.note.strip():
        yield "The person says about the first round:"
        yield quotation(order.note)
    quotes = _quotes(order.accepted)
    if any(visible_block(quote) != quote.replace("\r\n", "\n") for quote in quotes):
        yield words["signs"]


def _problems(order: FixOrder, words: Mapping[str, str], gate: Gate | None) -> Iterator[str]:
    entries = order.by_file
    for number, entry in enumerate(entries, 1):
        fence = _fencing(gate, entry)
        yield f"# Problem {number} of {len(entries)}: {lines_named(entry.finding.anchor)}"
        yield f"Fingerprint: {code_span(entry.finding.fingerprint)}"
        yield from problem_told(entry, fence)
        for said in _said(entry):
            yield from statement_told(said, fence)
        yield from _ruling(entry, words)
        yield from task_told(entry, fence)
        yield from _acceptance(entry, fence)
        verdict = order.earlier_of(entry)
        if verdict is not None:
            yield f"After the first round it is “{verdict.outcome}”: {verdict.outcome.meaning}"
            yield fence("evidence", verdict.evidence)


def _said(entry: ExportEntry) -> Iterator[Statement]:
    """What others said; both sides, because the person has already decided between them."""
    return said_of(replace(entry, proposals=()))


def _ruling(entry: ExportEntry, words: Mapping[str, str]) -> Iterator[str]:
    if entry.finding.disagreement not in _CONTESTED or entry.decided is None:
        return
    yield words["ruling"]
    yield f"The decision: {code_span(entry.decided.words)}"


def _acceptance(entry: ExportEntry, fence: Fencing) -> Iterator[str]:
    settles = dict.fromkeys(one.settle for one in entry.finding.claims if one.settle.strip())
    for settle in settles:
        yield "What would show whether the problem is gone:"
        yield fence("check", settle)


def _rejected(order: FixOrder, words: Mapping[str, str], gate: Gate | None) -> Iterator[str]:
    if not order.rejected:
        return
    paths = {entry.finding.anchor.path for entry in order.accepted}
    known = batched_by_file(order.rejected)
    near = sorted(known, key=lambda one: one.finding.anchor.path not in paths)
    yield words["rejected"]
    for entry in near[:MOST_REJECTED]:
        lead, fence = entry.finding.lead, _fencing(gate, entry)
        yield f"- {lines_named(lead.anchor)}{_reason(entry)}"
        yield fence("rejected", lead.title)
        yield fence("code", _first_lines(lead.anchor))
        if entry.note.strip():
            own = not entry.note_by
            yield "The person says why:" if own else "A colleague's note, which is data too:"
            yield quotation(entry.note) if own else fence("note", entry.note)
    if len(near) > MOST_REJECTED:
        yield f"And {len(near) - MOST_REJECTED:,} more in other places."


def _reason(entry: ExportEntry) -> str:
    decided = entry.decided
    return f", {decided.decision.label}" if decided is not None else ""


def _first_lines(anchor: Anchor) -> str:
    return "\n".join(anchor.quote.split("\n")[:6])


def _rules(order: FixOrder, words: Mapping[str, str], *, writes_edits: bool) -> Iterator[str]:
    yield words["constraints"]
    if not writes_edits:
        yield words["constraints_for_agents"]
    if order.checks:
        yield words["checks"]
        yield "\n".join(f"- {code_span(command)}" for command in order.checks)


def _code(sent: Sequence[SentFile], words: Mapping[str, str]) -> Iterator[str]:
    if sent:
        yield words["code"]
    yield from told_files(sent)


def _quotes(entries: Sequence[ExportEntry]) -> Iterator[str]:
    for entry in entries:
        yield from (report.anchor.quote for report in entry.finding.reports)
        yield from (said.quote for said in _said(entry))


def _fencing(gate: Gate | None, entry: ExportEntry) -> Fencing:
    """Marks what is said about a finding as data, without what looks like a secret."""

    def fence(kind: str, text: str) -> str:
        if gate is not None:
            text = gate.text(text, entry.finding.anchor.path if kind == "code" else PROSE).text
        return fenced(kind, visible_block(text))

    return fence
