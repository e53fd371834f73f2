"""`xreview-tui reply`: answer threads of a pull request with what was decided."""

import argparse
import json
from typing import TYPE_CHECKING

from xreview.cli.given_file import read_given
from xreview.cli.options import add_folder_option, folder_of
from xreview.cli.output import complain, say
from xreview.cli.parser import Parser
from xreview.cli.post_words import outcome_line, outcome_to_json, wanted_lines
from xreview.cli.pull_consent import (
    add_pull_options,
    ask_in_terminal,
    consent_words,
    recorded_pull_of,
)
from xreview.domain.errors import ExitCode, UsageError
from xreview.domain.text import count_of

if TYPE_CHECKING:
    import asyncio

    from xreview.review.assembly.pulls_headless import RecordedPull
    from xreview.review.pulls.replying import ReplyOutcome, WantedReply

DESCRIPTION = """\
Reply in the threads of a pull request that findings were read from, with the decision and
your note, or with --text. Name findings by the beginnings of their fingerprints, as
`export` prints them, or take all decided ones with --all-decided.

A thread that somebody has answered or resolved since the review is left alone. No reply
is sent while you have a pending review, because the forge would put it in there.

Exits with 3 if a thread was left alone because of what happened since."""

_LONGEST_TEXT = 64 * 1024


def add_arguments(parser: Parser) -> None:
    """Add which findings, and what is said."""
    add_folder_option(parser)
    add_pull_options(parser)
    parser.add_argument(
        "findings", metavar="[FP]...", nargs="*", help="beginnings of the findings' fingerprints"
    )
    parser.add_argument(
        "--all-decided", action="store_true", help="all decided findings whose thread has no reply"
    )
    parser.add_argument(
        "--text",
        metavar="TEXT",
        help="say this instead of the decision. @FILE reads it from a file",
    )
    parser.add_argument(
        "--resolve", action="store_true", help="mark the threads as resolved afterwards"
    )


def run(arguments: argparse.Namespace) -> int:
    """Reply. Raises XReviewError."""
    if bool(arguments.findings) is arguments.all_decided:
        raise UsageError("Which findings?", "Name them or give --all-decided, not both.")
    text = _text_of(arguments)
    import asyncio

    recorded = recorded_pull_of(arguments)
    with asyncio.Runner() as loop:
        try:
            return _reply(arguments, recorded, loop, text)
        finally:
            loop.run(recorded.close())


def _text_of(arguments: argparse.Namespace) -> str | None:
    given: str | None = arguments.text
    if given is None:
        return None
    if given.startswith("@"):
        content = read_given(folder_of(arguments) / given[1:], "--text", _LONGEST_TEXT)
        given = content.decode("utf-8", "replace")
    if not given.strip():
        raise UsageError("--text is empty.", "Leave it out to reply with the decisions.")
    return given


def _reply(
    arguments: argparse.Namespace,
    recorded: "RecordedPull",
    loop: "asyncio.Runner",
    text: str | None,
) -> int:
    from xreview.review.assembly.pull_replies import wanted_replies

    wanted, left = loop.run(
        wanted_replies(recorded, arguments.findings, text, is_all=arguments.all_decided)
    )
    if arguments.dry_run or not wanted:
        return _told(arguments, wanted, left)
    posting = recorded.posting
    if loop.run(posting.needs_consent()):
        login = loop.run(posting.account()).login
        ask_in_terminal(consent_words(recorded, login), is_agreed=arguments.yes)
        loop.run(posting.agree())
    outcomes = (*loop.run(posting.reply_each(wanted)), *left)
    if arguments.json:
        say(json.dumps([outcome_to_json(one) for one in outcomes], indent=2))
    else:
        say("\n".join(map(outcome_line, outcomes)))
    if arguments.resolve:
        done = [one.wanted for one in outcomes if one.comment and not one.why]
        for one in done:
            loop.run(posting.resolve(one.finding, one.thread))
        complain(f"{count_of(len(done), 'thread')} resolved.")
    return ExitCode.INCOMPLETE if any(one.why for one in outcomes) else ExitCode.DONE


def _told(
    arguments: argparse.Namespace, wanted: "list[WantedReply]", left: "list[ReplyOutcome]"
) -> int:
    """Print what would be replied."""
    from xreview.review.pulls.replying import ReplyOutcome

    if arguments.json:
        every = (*(ReplyOutcome(one) for one in wanted), *left)
        say(json.dumps([outcome_to_json(one) for one in every], indent=2))
    else:
        blocks = ["\n".join(wanted_lines(one)) for one in wanted]
        blocks += [outcome_line(one) for one in left]
        say("\n\n".join(blocks) or "There is no thread to reply to.")
    return ExitCode.INCOMPLETE if left else ExitCode.DONE
