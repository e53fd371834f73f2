"""`xreview-tui prompt show`: exactly what a review would send to models."""

import argparse
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from xreview.cli.options import (
    add_change_options,
    add_folder_option,
    add_reviewing_options,
    request_of,
    run_options_of,
)
from xreview.cli.output import check_target, deliver
from xreview.cli.parser import OneOf, Parser
from xreview.cli.pull_options import add_pull_word
from xreview.cli.table import Column, table
from xreview.domain.errors import ExitCode
from xreview.domain.report import Lens
from xreview.domain.text import count_of, visible, visible_block

if TYPE_CHECKING:
    from xreview.review.assembly.preview import Preview, Previewed

SUMMARY = "show exactly what a review would send to models"
DESCRIPTION = """\
Show exactly what a review of this change would send to models. Nothing is sent, and no
vendor is contacted.

Without --reviewer, the models that a review would choose. Control characters are made
visible; with --output the file holds the exact bytes. --dry-run prints a summary instead:
requests, files, tokens, cost, and what is skipped or withheld."""

_COLUMNS = (
    Column("REQUEST", is_number=True),
    Column("MODEL"),
    Column("TOKENS", is_number=True),
    Column("AT MOST", is_number=True),
    Column("FILES"),
)


def add_arguments(parser: Parser) -> None:
    """Add which change, for which models, in which form, to where."""
    add_pull_word(parser)
    add_folder_option(parser)
    add_change_options(parser)
    add_reviewing_options(parser)
    parser.add_argument(
        "--lens",
        metavar="LENS",
        type=OneOf(lambda: tuple(Lens)),
        help="%(type)s, instead of the author's",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="print a summary instead of the prompts"
    )
    parser.add_argument("--output", metavar="FILE", help="write to FILE instead of standard output")


def run(arguments: argparse.Namespace) -> int:
    """Plan and print. Raises UsageError, ChangeError, ReviewerError."""
    request = request_of(arguments)
    options = run_options_of(arguments)
    check_target(arguments.output)
    from xreview.review.assembly.preview import preview

    previewed = preview(request, options, Lens(arguments.lens) if arguments.lens else None)
    if arguments.dry_run:
        text = prompt_summary(previewed, options.settings.budget)
    else:
        text = "\n".join(shown_requests(one) for one in previewed.previews)
    is_file = arguments.output not in (None, "-")
    deliver(f"{text if is_file else visible_block(text)}\n", arguments.output)
    return ExitCode.DONE


def shown_requests(preview: "Preview") -> str:
    """Everything that one reviewer would send."""
    from xreview.review.prompt.show import rendered_plan

    who = preview.model
    family = visible(who.vendor or "family unknown")
    lines = [
        f"##### {visible(preview.identity.name)} ({visible(who.model)}, {family}) at "
        f"{visible(who.host)}, lens {preview.lens}",
        rendered_plan(preview.plan),
    ]
    if preview.tools:
        offered = [
            {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
            for tool in preview.tools
        ]
        lines += ["##### with every request: tools", json.dumps(offered, indent=1)]
    return "\n".join(lines)


def prompt_summary(previewed: "Previewed", budget: float) -> str:
    """Requests, tokens, cost, and what is not sent; `budget` is in US dollars."""
    blocks = [visible(previewed.sentence)]
    blocks += ["\n".join(_lines(preview)) for preview in previewed.previews]
    costs = [preview.at_most for preview in previewed.previews]
    total = sum(cost or 0.0 for cost in costs)
    known = f"at most {_dollars(total)}" if None not in costs else "an unknown cost"
    ends = [
        f"In all {known} for first answers. Files that the models read themselves and questions "
        f"to the author's model come on top. The budget is {_dollars(budget)}."
    ]
    ends += [
        f"You will be asked before code goes to {visible(egress.place)} for the first time."
        for egress in previewed.wanting_consent
    ]
    return "\n\n".join([*blocks, "\n".join(ends)])


def _lines(preview: "Preview") -> Iterator[str]:
    plan, who = preview.plan, preview.model
    requests = count_of(len(plan.requests), "request")
    yield (
        f"{visible(preview.identity.name)}, {preview.lens} lens, {plan.template.label}: {requests} "
        f"to {visible(who.host)}, about {count_of(plan.tokens, 'token')}, "
        f"at most {_dollars(preview.at_most)}"
    )
    if preview.why_not:
        yield f"can't be asked now: {visible(preview.why_not)}"
    if plan.requests:
        yield table(_COLUMNS, [row for rows in _rows(preview) for row in rows])
    for entry in plan.skipped:
        yield f"skipped: {visible(entry.path)}: {visible(entry.why)}"
    for path, ranges in plan.unsent.items():
        places = ", ".join(f"{first:,}-{last:,}" for first, last in ranges)
        yield f"lines not sent: {visible(path)}: {places}"
    for path, note in preview.withheld:
        yield f"withheld: {visible(path)}: {note}"


def _rows(preview: "Preview") -> Iterator[list[tuple[str, ...]]]:
    """A row for each request, and one more for each further file in it."""
    for number, one in enumerate(preview.requests, start=1):
        paths = list(dict.fromkeys(piece.path for piece in one.part.pieces))
        told = (str(number), one.model, f"{one.part.tokens:,}", _dollars(one.at_most))
        yield [(*told, paths[0]), *(("", "", "", "", path) for path in paths[1:])]


def _dollars(amount: float | None) -> str:
    if amount is None:
        return "unknown"
    return f"${amount:.2f}" if amount >= 0.01 or not amount else f"${amount:.4f}"
