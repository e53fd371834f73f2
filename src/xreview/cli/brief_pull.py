"""Putting a description into its pull request from the command line: shown first, then asked."""

import argparse
import asyncio
from typing import TYPE_CHECKING

from xreview.cli.brief_words import preview_text
from xreview.cli.output import complain
from xreview.cli.pull_consent import ask_in_terminal, tell_notices

if TYPE_CHECKING:
    from xreview.review.assembly.brief_headless import HeadlessBrief
    from xreview.review.briefing.draft import BriefDraft
    from xreview.review.pulls.describing import PullDescribing

_STAYS = "The pull request is unchanged."


def put_into_pull(
    arguments: argparse.Namespace, brief: "HeadlessBrief", draft: "BriefDraft"
) -> str:
    """Write the description into the pull request, and return its URL. Raises XReviewError.

    Questions are asked outside of the loop, where Ctrl+C ends them.
    """
    address = brief.pull_address(arguments.pull)
    describing, ledger = brief.describing(address)
    with asyncio.Runner() as loop:
        try:
            _write(arguments, describing, draft, loop)
        finally:
            loop.run(describing.close())
            loop.run(ledger.close())
    return address.url


def _write(
    arguments: argparse.Namespace,
    describing: "PullDescribing",
    draft: "BriefDraft",
    loop: asyncio.Runner,
) -> None:
    preview = loop.run(describing.preview(draft.title, draft.body))
    if preview.is_unchanged:
        complain(f"{preview.pull.address.shown} has this description already.")
        return
    complain(preview_text(preview))
    address = preview.pull.address
    if preview.needs_consent:
        ask_in_terminal(
            f"Post to {address.project} at {address.forge.name} as {preview.account.login}, "
            "now and later?",
            is_agreed=arguments.yes,
            stays=_STAYS,
        )
    ask_in_terminal(f"Write this into {address.shown}?", is_agreed=arguments.yes, stays=_STAYS)
    if preview.needs_consent:
        loop.run(describing.agree())
    loop.run(describing.write(preview))
    complain(f"Wrote it: {address.url}")
    tell_notices(describing.notices)
