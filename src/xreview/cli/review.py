"""`xreview-tui review`: a review without the app, for scripts, CI and other programs."""

import argparse
from typing import TYPE_CHECKING

from xreview.cli.options import (
    add_change_options,
    add_folder_option,
    add_output_options,
    add_reviewing_options,
    request_of,
    run_options_of,
)
from xreview.cli.output import check_target, complain, deliver
from xreview.cli.parser import Parser
from xreview.cli.progress import ProgressLine
from xreview.cli.pull_options import add_pull_word
from xreview.cli.threshold_options import add_fail_on_option, add_require_human_option
from xreview.domain.account import NO_APPROVAL
from xreview.domain.errors import ExitCode, JournalError
from xreview.domain.report import Severity
from xreview.domain.text import count_of
from xreview.review.choosing.author_words import author_line

if TYPE_CHECKING:
    from xreview.review.attention.required import WantedOfPeople
    from xreview.review.session.snapshot import ReviewSnapshot

DESCRIPTION = """\
Review the change without the app and print the findings; `export` prints them again.

Exits with 0 if no finding at or above the threshold is open, 1 if one is, and 3 if the
review is incomplete, whatever it found: a reviewer failed or something was not read.
With --require-human, it also exits with 1 until a person marked each file of that level
as viewed or decided its findings, and decided the findings of that level.

Ctrl+C and SIGTERM stop the review: it prints the findings so far, marked incomplete, and
exits with 130. A second signal ends it at once."""

_GAPS_SHOWN = 5


def add_arguments(parser: Parser) -> None:
    """Add which change, in which form, to where, and what fails."""
    add_pull_word(parser)
    add_folder_option(parser)
    add_change_options(parser)
    add_reviewing_options(parser)
    add_output_options(parser)
    add_fail_on_option(parser)
    add_require_human_option(parser)
    parser.add_argument(
        "--quiet", action="store_true", help="no progress and no summary on standard error"
    )


def run(arguments: argparse.Namespace) -> int:
    """Review and print."""
    request = request_of(arguments)
    options = run_options_of(arguments)
    check_target(arguments.output)
    from xreview.export.format import export_format
    from xreview.review.assembly.headless import review_to_the_end
    from xreview.review.attention.decided import decided_as_they_are
    from xreview.review.attention.required import wanted_of_people

    with ProgressLine(is_wanted=not arguments.quiet) as line:
        reviewed = review_to_the_end(
            request, options, on_progress=lambda one: line.write(progress_words(one))
        )
    snapshot, found, settings = reviewed.snapshot, reviewed.exportable, reviewed.settings
    decided = frozenset[str]()
    if settings.require_human:
        try:
            decided = decided_as_they_are(snapshot, options.journal)
        except JournalError as error:
            complain(str(error))
    wanted = wanted_of_people(snapshot, settings.require_human, decided)
    if found.trouble:
        complain(found.trouble)
    deliver(export_format(arguments.format).render(found.document), arguments.output)
    if not arguments.quiet:
        lines = review_summary(snapshot, settings.fail_on)
        complain("\n".join((*lines, *wanted.lines)))
    if reviewed.is_interrupted:
        return ExitCode.INTERRUPTED
    return exit_code(snapshot, settings.fail_on, wanted)


def progress_words(snapshot: "ReviewSnapshot") -> str:
    """How far each reviewer is, raw."""
    parts = [
        f"{reviewer.identity.name} {reviewer.done}/{reviewer.total}"
        for reviewer in snapshot.reviewers
    ]
    parts += [count_of(len(snapshot.findings), "finding"), snapshot.doing]
    return " · ".join(filter(None, parts))


def exit_code(
    snapshot: "ReviewSnapshot", threshold: Severity, wanted: "WantedOfPeople"
) -> ExitCode:
    """The exit code of a finished review; being incomplete comes first."""
    if not snapshot.is_complete:
        return ExitCode.INCOMPLETE
    is_open = any(finding.severity >= threshold for finding in snapshot.open_findings)
    return ExitCode.OPEN_FINDINGS if is_open or wanted.is_open else ExitCode.DONE


def review_summary(snapshot: "ReviewSnapshot", threshold: Severity) -> list[str]:
    """What a user should know besides the findings, a line each."""
    from xreview.domain.remaining.words import remaining_words
    from xreview.review.record.remaining import remaining_in

    failing = sum(finding.severity >= threshold for finding in snapshot.open_findings)
    lines = [
        f"{count_of(len(snapshot.findings), 'finding')}, {len(snapshot.open_findings)} open, "
        f"{failing} of them {threshold.word} or worse, in {count_of(len(snapshot.files), 'file')} "
        f"({snapshot.source.title})"
    ]
    if unanchored := len(snapshot.unanchored):
        verb = "is" if unanchored == 1 else "are"
        lines.append(
            f"{count_of(unanchored, 'finding')} {verb} unanchored and not counted: the quoted "
            "code is not in the change"
        )
    if snapshot.attribution is not None and snapshot.choice is not None:
        lines.append(f"author: {author_line(snapshot.attribution)}")
        lines.append(snapshot.choice.sentence)
        lines += snapshot.attribution.contradictions
        lines += snapshot.attribution.notices
    lines += [
        f"not in this change: {one.path}:{one.line} {one.why}" for one in snapshot.related.places
    ]
    lines += snapshot.notices
    lines += [
        f"{reviewer.identity.name} failed: {reviewer.error}"
        for reviewer in snapshot.reviewers
        if reviewer.error
    ]
    gaps = snapshot.gaps
    lines += [
        f"not reviewed by {gap.reviewer or 'anyone'}: {gap.path or 'part of the change'} "
        f"({gap.why})"
        for gap in gaps[:_GAPS_SHOWN]
    ]
    if len(gaps) > _GAPS_SHOWN:
        lines.append(f"not reviewed: {len(gaps) - _GAPS_SHOWN} more, see `account` in the output")
    remaining = remaining_in(snapshot)
    if remaining.unseen is not None:
        counted = ", open ones included" if snapshot.open_findings else ""
        lines.append(f"estimated from what readers share{counted}: {remaining_words(remaining)}")
    lines.append(snapshot.account.words)
    if snapshot.is_by_analysers:
        lines.append(NO_APPROVAL)
    return lines
