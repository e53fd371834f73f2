"""`xreview-tui log outcomes`: what git's history says of reviewed changes."""

import argparse
import json
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from xreview.cli.options import add_folder_option, folder_of
from xreview.cli.output import say
from xreview.cli.parser import Parser
from xreview.cli.sessions import local_moment, open_journal, short, since_moment
from xreview.cli.table import Column, table
from xreview.domain.errors import ChangeError, ExitCode
from xreview.domain.text import count_of, visible

if TYPE_CHECKING:
    from xreview.domain.events.event import AftermathSeen
    from xreview.repo.repository import Repository
    from xreview.review.aftermath.looking import AftermathSearch
    from xreview.review.aftermath.sessions import PastReview

SUMMARY = "look for reverts and fixes of reviewed code in git's history"
DESCRIPTION = """\
Look in the history of the checked-out branch for commits that revert a reviewed change,
and for fixes of the same lines within 90 days. Each is recorded once, for `log stats`. A
message alone never counts: the diff must agree with it. Nothing leaves this machine."""

MOST_SESSIONS = 200
_COLUMNS = (
    Column("SESSION"),
    Column("CALLED"),
    Column("COMMIT"),
    Column("WHEN"),
    Column("FILE", is_flexible=True),
    Column("WHAT"),
)


def add_arguments(parser: Parser) -> None:
    """Which sessions, and the output format."""
    add_folder_option(parser)
    parser.add_argument(
        "--since", metavar="DATE", help="only sessions opened since this date (2026-01-31)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON, times in UTC")


def run(arguments: argparse.Namespace) -> int:
    """Look, record, and print what was found."""
    since = since_moment(arguments.since) if arguments.since else None
    from xreview.repo.repository import find_repository
    from xreview.review.aftermath.looking import look_for_aftermath
    from xreview.review.aftermath.recording import record_aftermath
    from xreview.review.aftermath.sessions import past_reviews
    from xreview.review.session.surroundings import now

    repository = find_repository(folder_of(arguments))
    head = _head(repository)
    with open_journal() as journal:
        reviews, left_out = past_reviews(journal, repository.identity, since, MOST_SESSIONS)
        search = look_for_aftermath(repository, head, reviews)
        if left_out:
            said = f"Only the newest {MOST_SESSIONS} sessions were looked at, {left_out:,} weren't."
            search.notices.append(f"{said} Use --since to see which.")
        names = {"repository": repository.identity, "actor": repository.actor}
        fresh = record_aftermath(journal, search.found, **names, now=now)
    if arguments.json:
        say(json.dumps(_as_json(search, fresh, reviews), indent=2))
    else:
        say("\n".join(_lines(search, fresh, reviews)))
    return ExitCode.DONE


def _head(repository: "Repository") -> str:
    from xreview.repo.change.revisions import Lookup

    commit = Lookup(repository, ["HEAD"]).finish()["HEAD"]
    if commit is None:
        raise ChangeError(
            "There is no commit yet, so nothing can have come of a review.",
            "Commit first.",
        )
    return commit.id


def _lines(
    search: "AftermathSearch", fresh: Collection["AftermathSeen"], reviews: Sequence["PastReview"]
) -> list[str]:
    found = search.found
    levels = _levels(reviews)
    if not found:
        return [*_nothing_found(search, reviews), *search.notices]
    rows = [
        (
            short(one.reviewed),
            _called(levels.get((one.reviewed, one.path))),
            one.commit[:10],
            local_moment(one.committed_at, "%Y-%m-%d"),
            visible(one.path),
            _what(one),
        )
        for one in sorted(found, key=lambda one: one.committed_at, reverse=True)
    ]
    return [
        f"{count_of(len(found), 'outcome')} of {count_of(search.looked, 'session')}, "
        f"{len(fresh):,} of them new:",
        table(_COLUMNS, rows),
        *search.notices,
        "`log stats` shows how often files of each level proved wrong.",
    ]


def _nothing_found(search: "AftermathSearch", reviews: Sequence["PastReview"]) -> list[str]:
    if not reviews:
        return ["There is no review of this repository to look for. Review a change first."]
    looked = count_of(search.looked, "reviewed change")
    return [f"Found no revert or fix of {looked}."] if search.looked else []


def _what(one: "AftermathSeen") -> str:
    about = f", {count_of(len(one.subjects), 'finding')} there" if one.subjects else ""
    return f"{one.kind}, {count_of(one.lines, 'line')}{about}"


def _called(level: int | None) -> str:
    return "–" if level is None else str(level)


def _levels(reviews: Sequence["PastReview"]) -> Mapping[tuple[str, str], int]:
    return {
        (review.session, path): int(level)
        for review in reviews
        for path, level in review.levels.items()
    }


def _as_json(
    search: "AftermathSearch", fresh: Collection["AftermathSeen"], reviews: Sequence["PastReview"]
) -> dict[str, object]:
    levels = _levels(reviews)
    return {
        "schema": 1,
        "sessions": search.looked,
        "outcomes": [
            {
                "session": one.reviewed,
                "kind": one.kind.value,
                "commit": one.commit,
                "committed_at": one.committed_at,
                "path": one.path,
                "level": levels.get((one.reviewed, one.path)),
                "lines": one.lines,
                "findings": list(one.subjects),
                "evidence": one.evidence,
                "is_new": one in fresh,
            }
            for one in search.found
        ],
        "notices": search.notices,
    }
