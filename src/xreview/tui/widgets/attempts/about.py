"""What is known of one attempt: what it says of itself, its checks, its findings, its gaps."""

from collections.abc import Iterable, Iterator, Sequence

from textual.content import Content

from xreview.domain.attempt.statement import AttemptStatement
from xreview.domain.finding import Finding
from xreview.domain.fixing.check_run import CheckChange, CheckRun
from xreview.domain.text import count_of
from xreview.review.attempts.snapshot import AttemptSnapshot
from xreview.review.attempts.veil import Veil
from xreview.tui.widgets.attempts.facts import dash_words
from xreview.tui.widgets.attempts.state import ShownTrial
from xreview.tui.widgets.attempts.words import stage_words, why_not_clean
from xreview.tui.widgets.text_pane import TextPart

_LOUD = "bold $text-error"
_WARNING = "bold $text-warning"
UNBELIEVED = "Its own words, not evidence."


def about_attempt(shown: ShownTrial, attempt: AttemptSnapshot | None) -> Content:
    """Return what there is to read about an attempt; None for no attempt."""
    if attempt is None:
        return Content("")
    return Content.assemble(*_parts(shown, attempt))


def _parts(shown: ShownTrial, one: AttemptSnapshot) -> Iterator[TextPart]:
    veil = shown.veil
    yield from _people(veil, one)
    if one.is_over:
        yield from listed_parts("Not read, or not to the end", why_not_clean(shown, one), _WARNING)
    else:
        doing = veil.doing(one)
        yield f"{stage_words(one)}{': ' if doing else ''}{doing}\n"
    if one.is_over and not one.files:
        yield ("It left no change.\n", _WARNING)
    tampered = (veil.line(weak.words) for weak in one.tampering)
    yield from listed_parts("It weakens checks", tampered, _LOUD)
    yield from check_parts(veil, one.checks)
    yield from _findings(veil, one)
    if one.statement is not None:
        yield from _statement(veil, one.statement)
    added = map(veil.line, one.facts.dependencies)
    yield from listed_parts("Dependencies it adds", added, "bold")
    refused = (f"{veil.line(path)}: {veil.line(why)}" for path, why in one.refused.items())
    yield from listed_parts("Can't be part of the patch", refused, _WARNING)
    if one.is_over and one.files:
        yield from listed_parts("What the dashes mean", dash_words(one), "bold")
    yield from listed_parts("Notices", map(veil.line, one.notices), "bold")


def _people(veil: Veil, one: AttemptSnapshot) -> Iterator[TextPart]:
    if veil.is_down:
        yield ("Writer and reviewers are hidden until you pick.\n", "$text-muted")
        return
    yield ("Written by ", "$text-muted")
    yield f"{veil.writer(one)} ({one.seat.tier.value})\n"
    if one.session:
        yield ("Reviewed by ", "$text-muted")
        yield f"{veil.readers(one) or 'the analysers alone'}\n"


def listed_parts(title: str, told: Iterable[str], style: str) -> Iterator[TextPart]:
    """Yield a list under a title, or nothing."""
    for number, sentence in enumerate(told):
        if not number:
            yield (f"\n{title}\n", style)
        yield f"  {sentence}\n"


def check_parts(veil: Veil, checks: Sequence[CheckChange]) -> Iterator[TextPart]:
    """Yield how each check compares with the base, or nothing."""
    for number, one in enumerate(checks):
        run = one.after or one.before
        if run is None:
            continue
        if not number:
            yield ("\nChecks\n", "bold")
        yield f"  {veil.line(run.command)}: "
        style = _LOUD if one.is_worse else ""
        before, after = _outcome(one.before, "passed", "failed"), _now(one.after)
        yield (f"{before} before, {after} now\n", style)
        if one.newly_failed:
            yield (f"    fails now: {veil.line(', '.join(one.newly_failed))}\n", style)


def _now(run: CheckRun | None) -> str:
    if run is not None and run.failed and not run.is_green:
        return count_of(len(run.failed), "test fails", "tests fail")
    return _outcome(run, "passes", "fails")


def _outcome(run: CheckRun | None, green: str, red: str) -> str:
    if run is None:
        return "not run"
    if run.code is None:
        return "no result"
    return green if run.is_green else red


def _findings(veil: Veil, one: AttemptSnapshot) -> Iterator[TextPart]:
    for number, finding in enumerate(one.findings):
        if not number:
            yield (f"\n{count_of(len(one.findings), 'finding')} of its review\n", "bold")
        yield from finding_parts(veil, finding)
    if one.is_reviewed and not one.findings:
        yield "\nIts review raised nothing.\n"


def finding_parts(veil: Veil, finding: Finding) -> Iterator[TextPart]:
    """Yield a finding in one or two lines, without its reviewer."""
    severity, anchor = finding.severity.word, finding.anchor
    yield (f"  {severity:<8} ", f"bold $severity-{severity}")
    yield veil.line(finding.lead.title)
    yield (f"  {veil.line(anchor.path)}:{anchor.start_line}\n", "$text-muted")
    if finding.lead.claim != finding.lead.title:
        yield (f"           {veil.line(finding.lead.claim)}\n", "$text-muted")


def _statement(veil: Veil, said: AttemptStatement) -> Iterator[TextPart]:
    whose = "its writer" if said.is_writers else "a fresh reader of its code"
    yield (f"\nApproach, says {whose}\n", "bold")
    yield f"  {veil.line(said.approach) or 'Nothing is said.'}\n"
    yield (f"  {UNBELIEVED}\n" if said.is_writers else "", "$text-muted")
    asked = map(veil.line, said.questions)
    yield from listed_parts("Questions it would have asked", asked, "bold")
