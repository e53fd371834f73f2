"""Copying to the clipboard: findings as instructions for a coding agent, code, and places."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from xreview.domain.decision import Verdict
from xreview.domain.finding import Finding
from xreview.domain.text import count_of, visible, visible_block
from xreview.hardening.programs import repository_folders
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.tui.handoff.clipboard_programs import copy_with_program
from xreview.tui.widgets.diff.code_range import CodeRange

if TYPE_CHECKING:  # loads the journal, which the first frame does without
    from xreview.review.past.precedents import Precedents

_BY_TERMINAL = (
    "Copied {} through the terminal (OSC 52). If pasting doesn't work, the terminal blocks it: "
    "export to a file instead."
)


async def copy_text(
    screen: Screen[Any], text: str, what: str, environ: Mapping[str, str], repository: str
) -> None:
    """Copy a text, and say how: through the terminal, which works over SSH too, and by a program.

    `what` names it in the notice; no program is taken from the `repository`.
    """
    screen.app.copy_to_clipboard(text)
    program = await asyncio.to_thread(_copy_by_program, text, environ, repository)
    told = f"Copied {what} with {program}." if program else _BY_TERMINAL.format(what)
    screen.app.notify(visible(told), markup=False)


def _copy_by_program(text: str, environ: Mapping[str, str], repository: str) -> str:
    folders = repository_folders(Path(repository or os.curdir), environ)
    return copy_with_program(text, environ, folders)


def prompt_to_copy(
    snapshot: ReviewSnapshot, findings: Sequence[Finding], precedents: "Precedents | None"
) -> str:
    """Return findings as instructions; `precedents` are None while they are being read."""
    from xreview.review.past.precedents import NO_PRECEDENTS
    from xreview.review.record.document import session_fix_prompt

    return session_fix_prompt(snapshot, findings, precedents or NO_PRECEDENTS)


def accepted_findings(snapshot: ReviewSnapshot | None) -> list[Finding]:
    """Return all accepted findings."""
    if snapshot is None:
        return []
    return [one for one in snapshot.findings if snapshot.triage.verdict(one) is Verdict.ACCEPT]


def code_to_copy(chosen: CodeRange) -> tuple[str, str]:
    """Return the lines as they are pasted, and words for them.

    What could act on a terminal is made visible, since code under review is often pasted into one.
    """
    raw = chosen.text.replace("\r\n", "\n").removesuffix("\r")
    text = visible_block(raw)
    lines = count_of(chosen.end_line - chosen.start_line + 1, "line")
    return text, lines if text == raw else f"{lines} (hidden characters replaced)"


def place_to_copy(chosen: CodeRange) -> str:
    """Return a place as `path:line`, `path:first-last`, or the path alone for a whole file."""
    path = visible(chosen.path)
    if chosen.is_whole_file:
        return path
    end = f"-{chosen.end_line}" if chosen.end_line > chosen.start_line else ""
    return f"{path}:{chosen.start_line}{end}"
