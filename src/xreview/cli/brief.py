"""`xreview-tui brief`: write a pull request's description, and ask its author first."""

import argparse
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from xreview.cli.brief_words import (
    given_lines,
    unanswered_lines,
)
from xreview.cli.options import (
    add_asking_options,
    add_change_choice,
    add_folder_option,
    folder_of,
    request_of,
    run_options_of,
)
from xreview.cli.output import check_target, complain, deliver
from xreview.cli.parser import Parser
from xreview.cli.sessions import find_session, journal_names, open_journal
from xreview.domain.errors import ExitCode, UsageError
from xreview.domain.text import count_of, visible

if TYPE_CHECKING:
    from xreview.domain.briefing.template import DescriptionTemplate
    from xreview.review.assembly.brief_headless import HeadlessBrief
    from xreview.review.briefing.basis import BriefBasis
    from xreview.review.briefing.draft import BriefDraft

DESCRIPTION = """\
Write the description of a pull request from the change, what was decided about it, and your
answers. Asks at most three questions first: about trade-offs, rejected findings without a
note, and risky files that no commit message explains. Enter skips one. Your answers are
kept, and not asked again.

The text goes into the repository's own template, if it has one, as it was before the change.
It says only what the change, the journal and you say; --model has a model word the title,
what and why from the same facts.

--pr writes it into the pull request, below what you wrote there, and replaces it the next
time. You see it first. --for-reviewers prints what reviewers needn't flag again instead,
which never goes into the description."""

_TARGETS = ("output", "clipboard", "pull")


def add_arguments(parser: Parser) -> None:
    """Add the arguments."""
    add_folder_option(parser)
    add_change_choice(parser, without=("pull", "attempt"))
    parser.add_argument(
        "--session", metavar="ID", help="describe what this session reviewed, or `latest`"
    )
    parser.add_argument("--no-questions", action="store_true", help="ask nothing")
    parser.add_argument(
        "--answer",
        dest="answers",
        metavar="N=TEXT",
        action="append",
        help="answer question N; an empty TEXT withdraws an answer; repeatable",
    )
    parser.add_argument(
        "--template",
        metavar="FILE",
        help="use this template, or `none`, instead of the repository's",
    )
    parser.add_argument(
        "--model", metavar="NAME", help="the model that words the title, what and why"
    )
    parser.add_argument("--output", metavar="FILE", help="write to FILE instead of standard output")
    parser.add_argument("--clipboard", action="store_true", help="copy it instead")
    parser.add_argument(
        "--for-reviewers", action="store_true", help="what reviewers needn't flag again, instead"
    )
    parser.add_argument(
        "--pr",
        dest="pull",
        metavar="URL|NUMBER",
        nargs="?",
        const="",
        default=argparse.SUPPRESS,
        help="write it into this pull request, or into that of the change or the branch",
    )
    parser.add_argument(
        "--yes", action="store_true", help="agree to what would be asked on a terminal"
    )
    add_asking_options(parser, "what the wording can cost", "the model's vendor")


def run(arguments: argparse.Namespace) -> int:
    """Read, ask, write. Raises XReviewError."""
    _check(arguments)
    brief = _read(arguments)
    basis = _asked(arguments, brief.basis)
    template = _template(arguments, brief)
    draft = _draft(arguments, brief, basis, template)
    if draft.withheld:
        complain(f"{count_of(draft.withheld, 'line')} withheld: like a secret.")
    if arguments.for_reviewers:
        _deliver(arguments, draft.for_reviewers, "the notes for reviewers")
        return ExitCode.DONE
    if arguments.pull is not None:
        from xreview.cli.brief_pull import put_into_pull

        target = put_into_pull(arguments, brief, draft)
    else:
        complain(f"Title: {visible(draft.title)}")
        target = _deliver(arguments, draft.body, "the description")
    _keep(brief, basis, draft, target)
    return ExitCode.DONE


def _check(arguments: argparse.Namespace) -> None:
    given = [name for name in _TARGETS if getattr(arguments, name) not in (None, False)]
    if len(given) > 1:
        named = " and ".join("--pr" if name == "pull" else f"--{name}" for name in given)
        raise UsageError(f"{named} can't be combined.", "Give one of them.")
    if arguments.for_reviewers and arguments.pull is not None:
        raise UsageError(
            "--for-reviewers and --pr can't be combined.",
            "What reviewers needn't flag isn't part of a description. Paste it into a comment.",
        )
    if arguments.model and arguments.session:
        raise UsageError(
            "--model and --session can't be combined.", "A model words the change at hand."
        )
    if arguments.model and getattr(arguments, "offline", None):
        raise UsageError("--model and --offline can't be combined.", "Leave one of them out.")
    check_target(arguments.output)


def _read(arguments: argparse.Namespace) -> "HeadlessBrief":
    from xreview.review.assembly.brief_headless import read_brief, read_session_brief

    options = run_options_of(arguments)
    if arguments.session is not None:
        folder = folder_of(arguments)
        repository, user = journal_names(folder)
        with open_journal() as journal:
            summary = find_session(journal, arguments.session, repository)
        return read_session_brief(summary, folder, options, user)
    return read_brief(request_of(_as_change(arguments)), options)


def _as_change(arguments: argparse.Namespace) -> argparse.Namespace:
    """The arguments with the pull request as the change, if only that is named."""
    changed = argparse.Namespace(**vars(arguments))
    others = ("staged", "commit", "range", "base", "patch")
    is_other = any(getattr(arguments, name) not in (None, False) for name in others)
    changed.pull_word = None
    if is_other or arguments.pull == "":
        # The branch's own change is described; its request is found when it is written.
        changed.pull = None
    return changed


def _asked(arguments: argparse.Namespace, basis: "BriefBasis") -> "BriefBasis":
    """The basis with the answers of this run."""
    from xreview.review.briefing.basis import given_answers

    basis = basis.answered(given_answers(basis.questions, _numbered(arguments.answers or ())))
    for line in given_lines(basis):
        complain(line)
    if not basis.unanswered or arguments.no_questions:
        return basis
    from xreview.cli.brief_asking import ask_author, can_ask

    if can_ask():
        return ask_author(basis)
    for line in unanswered_lines(basis):
        complain(line)
    return basis


def _numbered(given: Iterable[str]) -> list[tuple[int, str]]:
    answers: list[tuple[int, str]] = []
    for one in given:
        number, sign, text = one.partition("=")
        if not sign or not number.strip().isdecimal() or len(number.strip()) > 3:
            raise UsageError(
                f"--answer needs a number and a text, not {visible(one[:40])!r}.",
                'Write it like --answer "1=The amounts are whole cents."',
            )
        answers.append((int(number), text))
    return answers


def _template(
    arguments: argparse.Namespace, brief: "HeadlessBrief"
) -> "DescriptionTemplate | None":
    named = arguments.template
    if named == "none":
        return None
    if named is None:
        return brief.template()
    from xreview.cli.given_file import read_given
    from xreview.domain.briefing.template import MOST_TEMPLATE
    from xreview.review.briefing.finding_template import template_from

    content = read_given(folder_of(arguments) / named, "--template", MOST_TEMPLATE)
    return template_from(named, content)


def _draft(
    arguments: argparse.Namespace,
    brief: "HeadlessBrief",
    basis: "BriefBasis",
    template: "DescriptionTemplate | None",
) -> "BriefDraft":
    from dataclasses import replace

    from xreview.review.briefing.draft import NO_WORDING, draft_brief

    wording = NO_WORDING
    if arguments.model:
        wording = replace(brief, basis=basis).word(arguments.model, template)
    return draft_brief(basis, template, wording)


def _deliver(arguments: argparse.Namespace, text: str, what: str) -> str:
    """Put a text where it is wanted; return the name of that place."""
    if not arguments.clipboard:
        deliver(text, arguments.output)
        if arguments.output in (None, "-"):
            return "-"
        complain(f"Wrote {what} to {arguments.output}.")
        return str(arguments.output)
    from xreview.hardening.programs import repository_folders
    from xreview.tui.handoff.clipboard_programs import copy_with_program

    program = copy_with_program(
        text, os.environ, repository_folders(folder_of(arguments), os.environ)
    )
    if not program:
        raise UsageError(
            "No program for the clipboard works here.", "Use --output FILE, or pipe the text."
        )
    complain(f"Copied {what} with {program}.")
    return "clipboard"


def _keep(brief: "HeadlessBrief", basis: "BriefBasis", draft: "BriefDraft", target: str) -> None:
    import asyncio

    if not asyncio.run(brief.keep(basis, draft, target)) and basis.given:
        complain("Your answers aren't kept: this change has no session in the journal yet.")
