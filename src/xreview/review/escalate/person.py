"""A finding as a letter to a colleague, and the colleague's answer read back.

The letter is self-contained Markdown. The colleague fills in a word and a name in the front matter,
and writes reasons below the last line. That line holds the id of the escalation, which no code or
model can know in advance, so nothing quoted in the letter can pass for the answer. An answer counts
only if the journal has that escalation of that finding.
"""

import re
from collections.abc import Iterable, Iterator

from xreview.domain.errors import UsageError
from xreview.domain.escalation import Escalation
from xreview.domain.events.escalation_events import Favour
from xreview.domain.events.event import EscalationResolved
from xreview.domain.finding import Finding
from xreview.domain.record import dataclass
from xreview.domain.stance import StanceKind
from xreview.domain.text import count_of, shorten, visible, visible_block
from xreview.export import phrases
from xreview.export.markdown_text import code_span, fence, inline, paragraphs
from xreview.review.escalate.positions import NO_ANSWER, Position, positions_in

MOST_CHARACTERS = 200_000
"""A longer file isn't a letter from this program with an answer."""

_LONGEST_ANSWER = 8_000
_LONGEST_NAME = 200
_LONGEST_QUOTE = 20_000
_FIRST = "xreview-escalation: 1"
_ID = re.compile(r"[0-9A-Za-z_-]{1,100}")
_FIELD = re.compile(r"(?P<name>[a-z-]+):(?P<value>.*)")
_WORDS = {
    "reviewer": Favour.REPORT,
    "answer": Favour.ANSWER,
    "both": Favour.BOTH,
    "neither": Favour.NEITHER,
}
_EARLIER_WORDS = {"author": Favour.ANSWER}
"""Of older letters, which can still come back."""
_OUTCOMES = {
    Favour.REPORT: "the report is right",
    Favour.ANSWER: "the code is right as it is",
    Favour.BOTH: "a trade-off: both are right",
    Favour.NEITHER: "neither is right",
}


@dataclass(frozen=True, slots=True)
class ColleagueAnswer:
    """What a colleague answered about the escalation `action` of a finding (a fingerprint), as
    written; `text` has the reasons, "" for none."""

    action: str
    finding: str
    favours: Favour
    by: str
    text: str

    @property
    def outcome(self) -> str:
        """The answer as a sentence, for the journal."""
        said = _OUTCOMES[self.favours]
        return f"{said}: {self.text}" if self.text else said


def letter(finding: Finding, action: str, asked_by: str) -> str:
    """The letter about the decision `action`; neutral text, however hostile the code.

    `asked_by` is a name as git has it; the letter omits the mail address.
    """
    if not (_ID.fullmatch(action) and _ID.fullmatch(finding.fingerprint)):
        raise ValueError("the id of an action or a finding is letters and digits")
    return "\n\n".join(part for part in _parts(finding, action, asked_by) if part) + "\n"


def _parts(finding: Finding, action: str, asked_by: str) -> Iterator[str]:
    lead, sides = finding.lead, positions_in(finding)
    named = (f"escalation: {action}", f"finding: {finding.fingerprint}")
    yield "\n".join(("---", _FIRST, *named, "answer:", "by:", "---"))
    yield f"# {inline(lead.title) or 'A question about code'}"
    who = inline(phrases.person(asked_by)) or "A colleague"
    yield (
        f"{who} asks for your judgement on a code review finding. Write one word after"
        f" “answer:” at the top ({', '.join(_WORDS)}), your name after “by:”, and your reasons"
        " below the last line. Then send the file back."
    )
    yield f"- **Severity claimed:** {finding.severity.word}, {finding.category}"
    place = code_span(phrases.place(lead.anchor)) + phrases.side_note(lead.anchor)
    yield f"## The code: {place}"
    if not lead.anchored:
        yield phrases.UNANCHORED
    yield fence(shorten(lead.anchor.quote, _LONGEST_QUOTE))
    yield from map(inline, phrases.looks(lead))
    yield "## What is claimed (reviewer)"
    yield from _side(sides.report, shows_quote=False)
    yield "## What speaks against it (answer)"
    if sides.answer.argument == NO_ANSWER:
        yield "No answer yet."
    else:
        if _agrees(finding, sides.answer):
            yield "No model defends the code. A model that was asked agrees with the claim:"
        yield from _side(sides.answer, shows_quote=True)
    if sides.settles:
        yield "## What would settle it"
        yield "\n".join(f"- {inline(text)}" for text in sides.settles)
    yield f"## Your answer\n\n{_mark(action)}"


def _agrees(finding: Finding, answer: Position) -> bool:
    return any(
        stance.kind is StanceKind.CONCEDES
        and (stance.argument, stance.quote) == (answer.argument, answer.quote)
        for stance in finding.stances
    )


def _side(position: Position, *, shows_quote: bool) -> Iterator[str]:
    yield paragraphs(position.argument)
    if shows_quote and position.quote:
        if position.path:
            yield f"It quotes {code_span(position.path)}:"
        yield fence(shorten(position.quote, _LONGEST_QUOTE))


def _mark(action: str) -> str:
    return f"<!-- Write below this line. Escalation {action} -->"


def answer_in(text: str) -> ColleagueAnswer:
    """The answer in a returned letter. Raises UsageError if it has no answer."""
    if len(text) > MOST_CHARACTERS:
        raise UsageError(
            f"The file has {count_of(len(text), 'character')}, too many for an answer.",
            "Name the letter that the colleague sent back.",
        )
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").split("\n")
    fields = _front_matter(lines)
    action, word, name = fields["escalation"], fields["answer"].lower(), fields["by"]
    favours = (_WORDS | _EARLIER_WORDS).get(word)
    if favours is None:
        said = f"The answer is {word!r}" if word else "The letter has no answer yet"
        raise UsageError(f"{said}.", f"Write one of {', '.join(_WORDS)} after “answer:”.")
    if not name or len(name) > _LONGEST_NAME:
        raise UsageError("The letter doesn't say who answers.", "Write a name after “by:”.")
    reasons = _reasons(lines, action)
    return ColleagueAnswer(action, fields["finding"], favours, visible(name), reasons)


def _front_matter(lines: list[str]) -> dict[str, str]:
    refusal = UsageError(
        "The file isn't a letter about an escalated finding.",
        "Keep the first lines as the program wrote them.",
    )
    rows = iter(lines)
    if next(rows, "").rstrip() != "---" or next(rows, "").rstrip() != _FIRST:
        raise refusal
    fields: dict[str, str] = {}
    for row in rows:
        if row.rstrip() == "---":
            break
        if match := _FIELD.fullmatch(row.rstrip()):
            if match["name"] in fields:
                raise UsageError(f"The letter has “{match['name']}:” twice.", "Remove one of them.")
            fields[match["name"]] = match["value"].strip().strip("\"'").strip()
    if not {"escalation", "finding", "answer", "by"} <= fields.keys():
        raise refusal
    if not all(_ID.fullmatch(fields[name]) for name in ("escalation", "finding")):
        raise refusal
    return fields


def _reasons(lines: Iterable[str], action: str) -> str:
    rows = [row.strip() for row in lines]
    mark = _mark(action)
    if mark not in rows:
        return ""
    after = list(lines)[rows.index(mark) + 1 :]
    return shorten(visible_block("\n".join(after)).strip(), _LONGEST_ANSWER)


def resolved_by(answer: ColleagueAnswer, escalations: Iterable[Escalation]) -> EscalationResolved:
    """The answer as an event, given this repository's escalations.

    Raises UsageError if none of them matches, or the answer is already recorded.
    """
    meant = next(
        (
            one
            for one in escalations
            if one.action == answer.action and answer.finding in one.subjects
        ),
        None,
    )
    if meant is None:
        raise UsageError(
            "The journal of this repository has no escalation for this letter.",
            "Run this where the finding was escalated, or run `xreview-tui log pull` first. You"
            " can't answer an escalation that was undone.",
        )
    resolved = EscalationResolved(meant.action, meant.subjects, answer.outcome, answer.by)
    if meant.has_outcome(resolved):
        raise UsageError("This answer is already in the journal.", "There is nothing to do.")
    return resolved
