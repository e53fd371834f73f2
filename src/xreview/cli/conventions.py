"""`xreview-tui conventions`: what is intended in this repository."""

import argparse
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xreview.cli.editing import edited_text
from xreview.cli.options import add_folder_option, folder_of, load_settings
from xreview.cli.output import say
from xreview.cli.parser import OneOf, Parser
from xreview.config.paths import folders, repository_file
from xreview.domain.errors import ExitCode, UsageError
from xreview.domain.text import count_of, shorten, visible

if TYPE_CHECKING:
    from xreview.domain.identity.convention import Convention
    from xreview.domain.proposal import Proposal
    from xreview.review.past.conventions import ConventionBook

DESCRIPTION = """\
Rejecting a finding as intended makes a convention; such findings are not asked again in
its paths.

  list          show the conventions, with their owner and date
  edit ID       rewrite one, in $EDITOR or with --sentence; --path says where it applies
  take ID       adopt one that a colleague proposes (from `log pull`)
  export        add the conventions to the repository's .xreview.toml, for everybody
  remove ID     ask about it again; the journal keeps its history"""

_WHAT = ("list", "edit", "take", "export", "remove")


def add_arguments(parser: Parser) -> None:
    """Add the action and its options."""
    add_folder_option(parser)
    parser.add_argument("what", type=OneOf(lambda: _WHAT), metavar="WHAT")
    parser.add_argument("id", nargs="?", metavar="ID")
    parser.add_argument("--json", action="store_true", help="`list`: print JSON")
    parser.add_argument("--sentence", metavar="TEXT", help="`edit`: what is intended")
    parser.add_argument(
        "--path",
        metavar="PATTERN",
        help="`edit`: where it applies, as in .gitignore; '' for everywhere",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the action. Raises UsageError, ConfigError, JournalError."""
    _refuse_idle(arguments)
    book, top = _book(folder_of(arguments))
    match arguments.what:
        case "list":
            _list(book.all(), book.proposed(), as_json=arguments.json)
        case "edit":
            _edit(book, arguments)
        case "take":
            say(_entry(book.take(arguments.id)))
        case "export":
            _export(book.all(), top)
        case _:
            convention = book.find(arguments.id)
            book.remove(convention)
            say(f"Removed {convention.id[:8]}: {convention.sentence}")
    return ExitCode.DONE


def _refuse_idle(arguments: argparse.Namespace) -> None:
    what: str = arguments.what
    needs_id = what in ("edit", "take", "remove")
    if needs_id and not arguments.id:
        raise UsageError(f"`{what}` needs an ID.", "See `xreview-tui conventions list`.")
    given = {
        "an ID": bool(arguments.id) and not needs_id,
        "--json": arguments.json and what != "list",
        "--sentence": arguments.sentence is not None and what != "edit",
        "--path": arguments.path is not None and what != "edit",
    }
    for name, is_idle in given.items():
        if is_idle:
            raise UsageError(f"`{what}` doesn't accept {name}.", "Remove it.")


def _book(folder: Path) -> tuple["ConventionBook", Path]:
    from xreview.repo.repository import find_repository
    from xreview.review.past.conventions import ConventionBook

    repository = find_repository(folder)
    own_file = repository_file(folder, os.environ)
    top = own_file.parent if own_file is not None else folder
    return ConventionBook(folders(os.environ).journal, repository.identity, repository.actor), top


def _list(
    conventions: tuple["Convention", ...], proposed: tuple["Proposal", ...], *, as_json: bool
) -> None:
    if as_json:
        say(json.dumps([_plain(one) for one in conventions], indent=2, ensure_ascii=False))
        return
    entries = [_entry(one) for one in conventions]
    if not conventions:
        entries = ["No conventions yet. Reject a finding as `intended` to make one."]
    if proposed:
        entries.append(
            "Proposed by others, without a signature that you allow. They don't apply until you "
            "adopt them with `take ID`:"
        )
        entries += [_proposed_entry(one) for one in proposed]
    say("\n\n".join(entries))


def _proposed_entry(proposal: "Proposal") -> str:
    where = getattr(proposal.payload, "path_pattern", "") or "everywhere"
    return (
        visible(f"{proposal.id[:8]}  proposed by {proposal.who}: {proposal.words}")
        + f"\n          {visible(where)} · {visible(proposal.at[:10])}"
    )


def _plain(convention: "Convention") -> dict[str, Any]:
    return {
        "id": convention.id,
        "sentence": convention.sentence,
        "owner": convention.owner,
        "at": convention.at,
        "path_pattern": convention.path_pattern,
        "subjects": list(convention.subjects),
        "claims": [one.rule or one.title for one in convention.origins],
    }


def _entry(convention: "Convention") -> str:
    claims = dict.fromkeys(one.rule or one.title for one in convention.origins)
    where = convention.path_pattern or "everywhere"
    about = f" · {shorten(', '.join(claims), 60)}" if claims else ""
    return (
        f"{convention.id[:8]}  {convention.sentence}\n"
        f"          {where}{about} · {convention.owner}, {convention.at[:10]}"
    )


def _edit(book: "ConventionBook", arguments: argparse.Namespace) -> None:
    convention = book.find(arguments.id)
    sentence: str | None = arguments.sentence
    if sentence is None and arguments.path is None:
        sentence = _edited(
            convention.sentence, load_settings(arguments).settings.editor, folder_of(arguments)
        )
    if (sentence, arguments.path) in ((None, None), (convention.sentence, None)):
        say("No changes.")
        return
    say(_entry(book.edit(convention, sentence, arguments.path)))


def _edited(sentence: str, editor: str, folder: Path) -> str | None:
    """Let the user edit the sentence; None if it comes back empty."""
    advice = "Set $EDITOR, or use --sentence TEXT."
    text = edited_text(f"{sentence}\n", "convention.txt", editor, folder, advice)
    return text.strip() or None


def _export(conventions: tuple["Convention", ...], top: Path) -> None:
    from xreview.config.add_conventions import with_conventions
    from xreview.config.document import read_config_file
    from xreview.config.paths import REPOSITORY_FILE
    from xreview.export.file import write_file

    path = top / REPOSITORY_FILE
    content = read_config_file(path, is_own=False) or b""
    text, added = with_conventions(content, [one.sentence for one in conventions], str(path))
    if added:
        write_file(path, text)
    say(f"{count_of(added, 'convention')} added to {path}.")
