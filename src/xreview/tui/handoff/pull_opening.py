"""Reviewing a pull request from the list instead of the present change."""

from typing import TYPE_CHECKING

from xreview.repo.change.request import ChangeRequest

if TYPE_CHECKING:
    from xreview.tui.app import XReviewApp


async def review_pull(app: "XReviewApp", url: str) -> None:
    """Review a pull request, by its page's address; ask first if anything would be lost."""
    request = ChangeRequest(app.request.cwd, pull=url)
    kept = app.fix_desk.kept if app.fix_desk else ""

    async def go() -> None:
        await app.restart_with(request)
        if kept:
            app.notify(kept, markup=False, timeout=15)

    await app.leaving.for_another_change(go)
