"""Giving the code pane more of a file than its diff shows."""

from xreview.domain.errors import XReviewError
from xreview.review.session.contained import contained
from xreview.tui.flow import Flow
from xreview.tui.widgets.diff.gaps import DiffGaps

_UNAVAILABLE = "No more of this file can be shown: it is too large, or isn't available here."


async def supply(flow: Flow, wanted: DiffGaps.ContentWanted) -> None:
    """Read the new side of a file for the pane that wants it, or tell the pane why not."""
    try:
        with contained("Reading the file"):
            content = await flow.read_after(wanted.file)
    except XReviewError as error:
        wanted.view.give_up(wanted.index, str(error))
        return
    if content is None:
        wanted.view.give_up(wanted.index, _UNAVAILABLE)
    else:
        await wanted.view.take_content(wanted.index, content)
