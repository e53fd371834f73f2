"""`xreview-tui who`: who wrote a change, with the evidence."""

import argparse
import json
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from xreview.cli.options import (
    add_folder_option,
    folder_of,
    load_settings,
    run_options_of,
)
from xreview.cli.output import say
from xreview.cli.parser import Parser
from xreview.cli.pull_options import PULL_WORD, given_pull
from xreview.cli.table import Column, table
from xreview.config.paths import folders
from xreview.domain.errors import ExitCode, UsageError
from xreview.domain.text import visible

if TYPE_CHECKING:
    from xreview.domain.authorship.author import Attribution, Author, Evidence, VendorShare
    from xreview.repo.change.request import ChangeRequest

DESCRIPTION = """\
Show which model family wrote the change, with the evidence: commit messages, notes and
checkpoints of tools, and transcripts of coding agents on this machine. Nothing leaves the
machine. Without evidence the author is unknown, which does not mean a person.

Without REV, the change that the app would show. `--set` and `--forget` apply to the
current branch."""

_SHORT_ID = 7
_AUTHORS = (
    Column("AUTHOR"),
    Column("SHARE", is_number=True),
    Column("CONFIDENCE"),
    Column("FILE", is_flexible=True),
)


def add_arguments(parser: Parser) -> None:
    """Add which change and in which form, or what to remember."""
    add_folder_option(parser)
    parser.add_argument(
        "revision",
        metavar="[REV]",
        nargs="?",
        help="a commit, a range A..B, or pr: the pull request of the checked-out branch",
    )
    parser.add_argument(
        "--pr", dest="who_pull", metavar="URL|NUMBER", help="a pull or merge request"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--set",
        dest="answer",
        metavar="VENDOR[:MODEL]",
        help="remember who writes on this branch; unknown: don't ask",
    )
    parser.add_argument("--forget", action="store_true", help="forget who writes on this branch")


def run(arguments: argparse.Namespace) -> int:
    """Show who wrote the change, or remember it. Raises UsageError, ChangeError."""
    if arguments.forget or arguments.answer is not None:
        return _remember(arguments)
    found, files = _found(arguments)
    if arguments.json:
        say(json.dumps(attribution_as_json(found), indent=2))
    else:
        say("\n\n".join(_tables(found, files)))
    return ExitCode.DONE


def _remember(arguments: argparse.Namespace) -> int:
    from xreview.domain.authorship.author_answer import parse_answer
    from xreview.domain.events.event import AuthorAnswered, AuthorForgotten, Event
    from xreview.repo.repository import find_repository
    from xreview.review.choosing.attribution import remember
    from xreview.review.session.surroundings import new_id, now

    given: str | None = arguments.answer
    if arguments.forget and given is not None:
        raise UsageError("--set and --forget can't be combined.", "Use one of them.")
    if arguments.revision is not None or arguments.who_pull is not None:
        what = "revision" if arguments.who_pull is None else "pull request"
        raise UsageError(
            f"--set and --forget apply to the current branch, not to a {what}.",
            f"Remove the {what}.",
        )
    repository = find_repository(folder_of(arguments))
    branch = repository.branch
    where = f"the branch {branch}" if branch else "this repository without a branch"
    if given is None:
        payload, said = AuthorForgotten(branch), f"Forgot who writes on {where}."
    else:
        answer = parse_answer(given)
        payload = AuthorAnswered(branch, answer.vendor, answer.model)
        said = f"Remembered for {where}: {answer.label}."
    id = new_id()
    event = Event(id, f"answer-{id}", repository.identity, now(), repository.actor, payload)
    remember(folders(os.environ).journal, event)
    say(said)
    return ExitCode.DONE


def _found(arguments: argparse.Namespace) -> tuple["Attribution", list[str]]:
    """The author of the change, and its files."""
    import asyncio

    from xreview.review.choosing.authorship import Authorship
    from xreview.review.pulls.opening import collect_change
    from xreview.review.session.whole_change import read_to_end

    settings = load_settings(arguments).checked()
    request = _request(arguments)
    collected = collect_change(request, run_options_of(arguments))
    try:
        change = read_to_end(collected, request)
    finally:
        collected.close()
    authorship = Authorship(change, settings, folders(os.environ).journal)
    asyncio.run(authorship.gather_author())
    return authorship.attribution, [file.path for file in change.files]


def _request(arguments: argparse.Namespace) -> "ChangeRequest":
    from xreview.repo.change.request import ChangeRequest

    revision: str | None = arguments.revision
    pull: str | None = arguments.who_pull
    if pull is not None:
        if revision is not None:
            raise UsageError("--pr and a revision can't be combined.", "Give one.")
        return ChangeRequest(cwd=folder_of(arguments), pull=given_pull(pull))
    if revision == PULL_WORD:
        return ChangeRequest(cwd=folder_of(arguments), pull="")
    if revision is None:
        return ChangeRequest(cwd=folder_of(arguments))
    if ".." in revision:
        return ChangeRequest(cwd=folder_of(arguments), range=revision)
    return ChangeRequest(cwd=folder_of(arguments), commit=revision)


def _tables(found: "Attribution", files: Sequence[str]) -> list[str]:
    from xreview.domain.authorship.evidence_sentences import kind_words, writer_words
    from xreview.review.choosing.author_words import author_line, part_percent

    blocks = [f"author: {author_line(found)}"]
    rows = [
        (s.vendor or "unknown", part_percent(s.part), _sure(found, s), "all files")
        for s in found.shares
    ]
    for path in files:
        shares = found.shares_by_path.get(path, ())
        author = found.by_path.get(path)
        rows += [
            (
                s.vendor or "unknown",
                part_percent(s.part),
                _confidence(author) if s.vendor else "",
                path,
            )
            for s in shares
        ] or [("unknown", "", "", path)]
    blocks.append(table(_AUTHORS, rows))
    blocks += [
        f"{kind_words(trace.kind)}: {writer_words(trace)}, {trace.confidence.word}"
        f"{_about(trace)}\n    {visible(trace.pointer)}"
        for trace in found.evidence
    ]
    said = [*found.contradictions, *found.notices]
    return [*blocks, "\n".join(said)] if said else blocks


def _sure(found: "Attribution", share: "VendorShare") -> str:
    is_named = found.author.is_mixed or share.vendor == found.author.vendor
    return _confidence(found.author) if share.vendor and is_named else ""


def _confidence(author: "Author | None") -> str:
    return author.confidence.word if author and author.confidence else ""


def _about(trace: "Evidence") -> str:
    """The commit and the files that a trace is about."""
    from xreview.domain.text import count_of

    files = count_of(len(trace.lines), "file") if len(trace.lines) > 1 else ""
    one = trace.lines[0].path if len(trace.lines) == 1 else ""
    about = " ".join(filter(None, (trace.commit[:_SHORT_ID], one or files)))
    return f", for {about}" if about else ""


def attribution_as_json(found: "Attribution") -> dict[str, Any]:
    """An attribution as JSON values; `part` is of the changed lines, from 0 to 1."""
    return {
        "author": _author_json(found.author),
        "shares": _shares_json(found.shares),
        "files": [
            {
                "path": path,
                **_author_json(author),
                "shares": _shares_json(found.shares_by_path.get(path, ())),
            }
            for path, author in sorted(found.by_path.items())
        ],
        "evidence": [
            {
                "kind": trace.kind.value,
                **_author_json(trace),
                "pointer": trace.pointer,
                "commit": trace.commit or None,
                "at": trace.at or None,
                "lines": [
                    {"path": lines.path, "ranges": [list(one) for one in lines.ranges]}
                    for lines in trace.lines
                ],
            }
            for trace in found.evidence
        ],
        "contradictions": list(found.contradictions),
        "notices": list(found.notices),
    }


def _author_json(one: "Author | Evidence") -> dict[str, Any]:
    return {
        "vendor": one.vendor or None,
        "tool": one.tool or None,
        "model": one.model or None,
        "confidence": one.confidence.word if one.confidence else None,
    }


def _shares_json(shares: Sequence["VendorShare"]) -> list[dict[str, Any]]:
    return [{"vendor": one.vendor or None, "part": round(one.part, 4)} for one in shares]
