"""The rows of the list of open pull requests."""

from collections.abc import Sequence
from dataclasses import dataclass

from xreview.domain.pull.pull import ForgeAccount, PullSummary
from xreview.domain.text import visible
from xreview.tui.widgets.row_list import ListedRow, RowHeading
from xreview.tui.widgets.thread_text import moment_words


@dataclass(frozen=True)
class OpenPullRow(ListedRow):
    """The row of an open pull request; `url` is the address of its page."""

    url: str = ""


def open_pull_rows(
    pulls: Sequence[PullSummary], account: ForgeAccount | None
) -> list[RowHeading | OpenPullRow]:
    """Return the pull requests that want the account's review, then the others."""
    wanted = [one for one in pulls if account is not None and _wants(one, account)]
    others = [one for one in pulls if one not in wanted]
    rows: list[RowHeading | OpenPullRow] = []
    for title, found in ((f"Want your review ({len(wanted)})", wanted), (_rest(wanted), others)):
        if found:
            rows += [RowHeading(title, "", "bold"), *map(_row, found)]
    return rows


def _rest(wanted: Sequence[PullSummary]) -> str:
    return "Others" if wanted else "Open"


def _wants(pull: PullSummary, account: ForgeAccount) -> bool:
    return any(one.key == account.key for one in pull.asked)


def _row(pull: PullSummary) -> OpenPullRow:
    updated = f"updated {moment_words(pull.updated)}" if pull.updated else ""
    facts = (f"by {pull.author.login}", updated, pull.branch)
    return OpenPullRow(
        key=pull.address.url,
        sign=pull.address.mark,
        style="bold $text-accent",
        title=visible(pull.title),
        evidence=visible(" · ".join(filter(None, facts))),
        label="draft" if pull.is_draft else "",
        url=pull.address.url,
    )
