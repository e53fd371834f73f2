"""A trial as text: the comparison, where attempts part, and what to do next."""

import textwrap
from collections.abc import Iterable, Iterator

from xreview.cli.attempt_table import attempts_table, table_notes
from xreview.cli.attempt_told import ToldTrial, trial_cost_words
from xreview.disagreement.points import statement_points
from xreview.domain.attempt.piece import PieceKind
from xreview.domain.attempt.points import PointSaid, StatementPoint
from xreview.domain.identity.anchor import short_form
from xreview.domain.record import dataclass
from xreview.domain.text import count_of
from xreview.review.attempts.snapshot import AttemptSnapshot

_MOST_FINDINGS = 5
_MOST_SENTENCES = 8
_MOST_POINTS = 12
_MOST_FILES = 20
_INDENT = "   "


def trial_text(told: ToldTrial, width: int) -> str:
    """The whole comparison in lines of at most `width` columns, safe to show."""
    text = _TrialText(told)
    attempts = told.snapshot.attempts
    blocks = [
        _wrapped(text.head(), width),
        attempts_table(attempts, width),
        _wrapped(table_notes(attempts), width),
        *(_wrapped(text.attempt(one), width) for one in attempts),
        _wrapped(text.parting(), width),
        _wrapped(text.changes(), width),
        _wrapped(map(told.veil.line, told.snapshot.notices), width),
        _wrapped(text.next_steps(), width),
    ]
    return "\n\n".join(filter(None, blocks))


@dataclass(frozen=True)
class _TrialText:
    """The parts of the text, as lines of any width."""

    told: ToldTrial

    def line(self, raw: str) -> str:
        return self.told.veil.line(raw)

    def head(self) -> Iterator[str]:
        """The task, how much it took, who was chosen and why, and what was taken."""
        snapshot, name = self.told.snapshot, self.told.name
        yield self.line(snapshot.title)
        base = f" from {self.line(snapshot.revision)}" if snapshot.revision else ""
        count = count_of(len(snapshot.attempts), "attempt")
        yield f"{count}{base} · {trial_cost_words(snapshot.cost, snapshot.most)} · id {name}"
        if snapshot.why:
            yield self.line(snapshot.why)
        if self.told.veil.is_down:
            command = f"`xreview-tui attempt --reveal {name}`"
            yield f"Writers are hidden until you pick; {command} shows them."
        for one in snapshot.taken:
            reason = f" ({self.line(one.reason)})" if one.reason else ""
            files = count_of(len(one.paths), "file")
            yield f"{' and '.join(one.labels)} taken into {files}{reason}"

    def attempt(self, one: AttemptSnapshot) -> Iterator[str]:
        """Who wrote it, what is said of it, why it isn't complete, and what its review found."""
        lines = [*self._sentences(one)]
        yield f"{one.label}  {self._who(one)}".rstrip()
        yield from (f"{_INDENT}{sentence}" for sentence in lines[:_MOST_SENTENCES])
        if (more := len(lines) - _MOST_SENTENCES) > 0:
            yield f"{_INDENT}and {count_of(more, 'more sentence')}; --json has all"
        worst_first = sorted(one.findings, key=lambda finding: -finding.severity)
        for finding in worst_first[:_MOST_FINDINGS]:
            lead = finding.lead
            place = f"{lead.anchor.path}:{lead.anchor.start_line}"
            words = (finding.severity.word, short_form(lead.fingerprint), place, lead.title)
            yield f"{_INDENT}{self.line(' '.join(words))}"
        if (more := len(worst_first) - _MOST_FINDINGS) > 0:
            yield f"{_INDENT}and {count_of(more, 'less severe finding')}"

    def _who(self, one: AttemptSnapshot) -> str:
        veil = self.told.veil
        if veil.is_down:
            return ""
        who = f"{veil.writer(one)} ({one.seat.tier})"
        return f"{who}, reviewed by {veil.readers(one) or 'the analysers'}" if one.session else who

    def _sentences(self, one: AttemptSnapshot) -> Iterator[str]:
        if one.why:
            yield self.line(one.why)
        elif one.is_over and not one.session:
            yield "It wasn't reviewed."
        yield from map(self.line, one.unread)
        for thing in one.tampering:
            yield f"TAMPERED {self.line(thing.words)}"
        for path, why in one.refused.items():
            yield f"not in the patch: {self.line(path)}: {self.line(why)}"
        if one.statement and one.statement.approach:
            said = "" if one.statement.is_writers else "a fresh reader says: "
            yield f"{said}{self.line(one.statement.approach)}"
        yield from map(self.line, one.notices)

    def parting(self) -> Iterator[str]:
        """What is said of the attempts: where they part, then what all mention, perhaps in
        different words."""
        attempts = self.told.snapshot.attempts
        said = {one.label: one.statement for one in attempts if one.statement}
        if len(said) < 2:
            return
        points = statement_points(said)
        for title, is_shared in (("Where they part", False), ("What all of them mention", True)):
            found = [one for one in points if one.is_shared is is_shared]
            if found:
                yield title
            for point in found[:_MOST_POINTS]:
                yield from self._point(point)
            if (more := len(found) - _MOST_POINTS) > 0:
                yield f"{_INDENT}and {count_of(more, 'more point')}; --json has all"

    def _point(self, point: StatementPoint) -> Iterator[str]:
        for index, one in enumerate(point.said):
            start = " - " if index == 0 else _INDENT
            yield f"{start}{one.label} {one.kind}: {self.line(one.text)}{self._place(one)}"
        if point.silent:
            yield f"{_INDENT}{', '.join(point.silent)}: not mentioned"

    def _place(self, one: PointSaid) -> str:
        if one.case is None:
            return ""
        if not one.case.is_linked:
            return " (unproven)"
        return f" ({self.line(one.case.path)}:{one.case.start_line})"

    def changes(self) -> Iterator[str]:
        """Who changes what of each file, and whether alike."""
        compared = self.told.snapshot.comparison
        if compared is None or len(compared.labels) < 2:
            return
        yield "What they change"
        order = list(PieceKind)
        for path, pieces in list(compared.by_path.items())[:_MOST_FILES]:
            words = [one.words for one in sorted(pieces, key=lambda one: order.index(one.kind))]
            told = [f"{words.count(one)} {one}" for one in dict.fromkeys(words)]
            yield f"{_INDENT}{self.line(path)}: {'; '.join(told)}"
        if (more := len(compared.by_path) - _MOST_FILES) > 0:
            yield f"{_INDENT}and {count_of(more, 'more file')}"

    def next_steps(self) -> Iterator[str]:
        """The commands that read an attempt, take it, or take pieces of several."""
        written = [one.label for one in self.told.snapshot.attempts if one.files]
        if not written:
            yield "No attempt changed anything."
            return
        command, name = "xreview-tui attempt", self.told.name
        yield f"Read one with `xreview-tui --attempt {name}:{written[0]}`."
        yield f"Take one with `{command} --take {name}:{written[0]}`."
        if len(written) > 1:
            yield f"Take files or pieces of several with `{command} --graft {name} PATH=LABEL …`."
            yield f"`{command} --open {name} --json` lists the pieces."


def _wrapped(lines: Iterable[str], width: int) -> str:
    return "\n".join(_wrapped_line(line, width) for line in lines)


def _wrapped_line(line: str, width: int) -> str:
    """A line in at most `width` columns, what follows indented as its beginning is."""
    if len(line) <= width:
        return line
    indent = " " * max(len(_INDENT), len(line) - len(line.lstrip(" -")))
    return textwrap.fill(line, width, subsequent_indent=indent, break_on_hyphens=False)
