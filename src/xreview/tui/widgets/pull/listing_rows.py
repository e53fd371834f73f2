"""The rows of the list of open pull requests."""

from typing import TYPE_CHECKING

from xreview.domain.pull.pull import PullSummary
from xreview.domain.record import dataclass
from xreview.domain.text import visible
from xreview.tui.widgets.row_list import ListedRow, RowHeading
from xreview.tui.widgets.thread_text import moment_words

if TYPE_CHECKING:  # loads the forges, which the first frame does without
    from xreview.review.pulls.listing import PullListing


@dataclass(frozen=True)
class OpenPullRow(ListedRow):
    """The row of an open pull request; `url` is the address of its page."""

    url: str = ""


def open_pull_rows(listing: "PullListing") -> list[RowHeading | OpenPullRow]:
    """Return the pull requests that want the account's review, then the others."""
    wanted = [one for one in listing.pulls if listing.wants_review(one)]
    others = [one for one in listing.pulls if not listing.wants_review(one)]
    rest = "Others" if wanted else "Open"
    rows: list[RowHeading | OpenPullRow] = []
    for title, found in (("Want your review", wanted), (rest, others)):
        if found:
            rows += [RowHeading(f"{title} ({len(found)})", "", "bold"), *map(_row, found)]
    return rows


def _row(pull: PullSummary) -> OpenPullRow:
    updated = f"updated {moment_words(pull.updated)}" if pull.updated else ""
    facts = (f"by {visible(pull.author.login)}", updated, visible(pull.branch))
    return OpenPullRow(
        key=pull.address.url,
        sign=pull.address.mark,
        style="bold $text-accent",
        title=visible(pull.title),
        evidence=" · ".join(filter(None, facts)),
        label="draft" if pull.is_draft else "",
        url=pull.address.url,
    )
