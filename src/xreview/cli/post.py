"""`xreview-tui post`: post the accepted findings of a pull request as one pending review."""

import argparse
import json
import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from xreview.cli.options import add_folder_option, folder_of
from xreview.cli.output import say
from xreview.cli.parser import OneOf, Parser
from xreview.cli.post_words import (
    pending_lines,
    pending_to_json,
    preview_lines,
    preview_to_json,
)
from xreview.cli.pull_consent import (
    add_pull_options,
    ask_in_terminal,
    consent_words,
    recorded_pull_of,
    tell_notices,
)
from xreview.domain.errors import ExitCode, UsageError
from xreview.domain.pull.discussion import ReviewVerdict

if TYPE_CHECKING:
    import asyncio

    from xreview.review.assembly.pulls_headless import RecordedPull
    from xreview.review.pulls.post_preview import PostPreview

DESCRIPTION = """\
Post the accepted findings of the latest review of a pull request, as one pending review
that only you see. Each finding goes on its lines, or on its file, or into the review's text
where the diff takes no comment; --dry-run shows what goes where.

Nothing is published until you say so with --submit comment, request-changes or approve.
Posting again adds what is new, and nothing twice. --discard deletes the pending review;
--undo deletes what was posted last, except what somebody has answered.

Before the first post to a project, you are asked on the terminal; --ask-again withdraws
your answer.

Exits with 3 if the forge didn't take everything as it was sent."""

_MODES = ("dry_run", "submit", "discard", "undo", "ask_again")
_LONGEST_TEXT = 64 * 1024
_VERDICTS = {verdict.value.replace(" ", "-"): verdict for verdict in ReviewVerdict}


def add_arguments(parser: Parser) -> None:
    """Add what is done, and with which findings."""
    add_folder_option(parser)
    add_pull_options(parser)
    parser.add_argument(
        "--findings",
        metavar="FP,…",
        help="only these accepted ones: beginnings of fingerprints, as `export` prints",
    )
    parser.add_argument(
        "--add",
        action="store_true",
        help="add to a pending review that you began yourself",
    )
    parser.add_argument(
        "--submit",
        metavar="VERDICT",
        type=OneOf(lambda: tuple(_VERDICTS)),
        help="publish the pending review: %(type)s",
    )
    parser.add_argument(
        "--body",
        metavar="TEXT",
        help="with --submit: say this before the review's own text. @FILE reads it from a file",
    )
    parser.add_argument("--discard", action="store_true", help="delete the pending review")
    parser.add_argument("--undo", action="store_true", help="delete what was posted last")
    parser.add_argument(
        "--ask-again", action="store_true", help="ask before the next post to this project"
    )


def run(arguments: argparse.Namespace) -> int:
    """Do the one thing that is asked for. Raises XReviewError."""
    modes = [name for name in _MODES if getattr(arguments, name) not in (None, False)]
    if len(modes) > 1:
        said = " and ".join(f"--{name.replace('_', '-')}" for name in modes)
        raise UsageError(f"{said} can't be combined.", "Give one of them.")
    if arguments.body is not None and arguments.submit is None:
        raise UsageError("--body needs --submit.", "A pending review has a text of its own.")
    action = _ACTIONS[modes[0] if modes else "post"]
    body = _text_of(arguments, arguments.body)
    import asyncio

    recorded = recorded_pull_of(arguments)
    with asyncio.Runner() as loop:
        try:
            return action(_Posted(arguments, recorded, loop, body))
        finally:
            loop.run(recorded.close())


def _text_of(arguments: argparse.Namespace, given: str | None) -> str:
    if given is None or not given.startswith("@"):
        return given or ""
    from xreview.cli.given_file import read_given

    content = read_given(folder_of(arguments) / given[1:], "--body", _LONGEST_TEXT)
    return content.decode("utf-8", "replace")


class _Posted:
    """One run of the command. Questions are asked outside of the loop, where Ctrl+C ends them."""

    def __init__(
        self,
        arguments: argparse.Namespace,
        recorded: "RecordedPull",
        loop: "asyncio.Runner",
        body: str,
    ) -> None:
        self.arguments = arguments
        self.recorded = recorded
        self.posting = recorded.posting
        self.loop = loop
        self.body = body

    def preview(self) -> "PostPreview":
        """What would be posted."""
        names = [name.strip() for name in (self.arguments.findings or "").split(",")]
        findings = self.recorded.named([name for name in names if name], self.recorded.accepted)
        return self.loop.run(self.posting.preview(findings))

    def agree(self) -> None:
        """Ask for consent where it is needed."""
        if self.loop.run(self.posting.needs_consent()):
            login = self.loop.run(self.posting.account()).login
            ask_in_terminal(consent_words(self.recorded, login), is_agreed=self.arguments.yes)
            self.loop.run(self.posting.agree())

    def end(self, facts: Mapping[str, object], text: str) -> int:
        """Print the result and what wasn't as expected; return the exit code."""
        notices = self.posting.notices
        if self.arguments.json:
            say(json.dumps({**facts, "notices": list(notices)}, indent=2))
        else:
            say(text)
            tell_notices(notices)
        return ExitCode.INCOMPLETE if notices else ExitCode.DONE


def _dry_run(run: _Posted) -> int:
    preview = run.preview()
    as_json = run.arguments.json
    say(json.dumps(preview_to_json(preview), indent=2) if as_json else _lines(preview))
    return ExitCode.DONE


def _lines(preview: "PostPreview") -> str:
    return "\n".join(preview_lines(preview))


def _post(run: _Posted) -> int:
    preview = run.preview()
    if not run.arguments.json:
        say(_lines(preview))
    if preview.is_empty:
        if run.arguments.json:
            say(json.dumps({"preview": preview_to_json(preview), "review": None}, indent=2))
        return ExitCode.DONE
    if preview.is_moved:
        ask_in_terminal(
            "The pull request has changed since it was reviewed. Post to the places above?",
            is_agreed=run.arguments.yes,
        )
    run.agree()
    review = run.loop.run(run.posting.post(preview, is_adding=run.arguments.add))
    facts = {"preview": preview_to_json(preview), "review": pending_to_json(review)}
    return run.end(facts, "\n".join(pending_lines(review, ())))


def _submit(run: _Posted) -> int:
    run.agree()
    verdict = _VERDICTS[run.arguments.submit]
    link = run.loop.run(run.posting.submit(verdict, run.body))
    return run.end({"submitted": link, "verdict": run.arguments.submit}, f"Published: {link}")


def _discard(run: _Posted) -> int:
    run.loop.run(run.posting.discard())
    notices = run.posting.notices
    text = "Deleted what was posted from here." if notices else "The pending review was deleted."
    if run.arguments.json:
        say(json.dumps({"discarded": True, "notices": list(notices)}, indent=2))
    else:
        say(" ".join((*notices,)) or text)
    return ExitCode.DONE


def _undo(run: _Posted) -> int:
    sentence = run.loop.run(run.posting.undo())
    say(json.dumps({"undone": sentence}, indent=2) if run.arguments.json else sentence)
    return ExitCode.DONE


def _ask_again(run: _Posted) -> int:
    from xreview.config.paths import folders
    from xreview.review.pulls.post_consent import PostConsents

    address = run.recorded.address
    accounts = PostConsents(folders(os.environ).state).withdraw(address)
    if run.arguments.json:
        say(json.dumps({"accounts": list(accounts)}, indent=2))
    elif accounts:
        say(f"You'll be asked before anything is posted to {address.project} again.")
    else:
        say(f"Nothing can be posted to {address.project} without asking you.")
    return ExitCode.DONE


_ACTIONS: dict[str, Callable[[_Posted], int]] = {
    "post": _post,
    "dry_run": _dry_run,
    "submit": _submit,
    "discard": _discard,
    "undo": _undo,
    "ask_again": _ask_again,
}
