"""Handing results on: to the clipboard, to a file, to the editor. Errors become notices."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from textual.screen import Screen

from xreview.domain.decision import Verdict
from xreview.domain.errors import UsageError, XReviewError
from xreview.domain.finding import Finding
from xreview.domain.inside import is_inside
from xreview.domain.text import count_of, visible
from xreview.hardening.programs import chosen_program, environment_of_child, repository_folders
from xreview.review.session.snapshot import ReviewSnapshot
from xreview.tui.handoff.editor import editor_command, run_editor
from xreview.tui.handoff.exporting import Exporting

if TYPE_CHECKING:  # brings the journal with it
    from textual.app import App

    from xreview.review.past.precedents import Precedents
    from xreview.review.session.session import ReviewSession

AnyScreen = Screen[Any]


def copy_findings(
    screen: AnyScreen,
    snapshot: ReviewSnapshot | None,
    findings: Sequence[Finding],
    precedents: "Precedents | None",
) -> None:
    """Copy findings as instructions for a coding agent (OSC 52: works over SSH too).

    Args:
        precedents: what came back for escalated ones; None while that is not read.
    """
    if snapshot is None or not findings:
        screen.app.notify("There is no finding to copy.", severity="warning")
        return
    from xreview.review.past.precedents import NO_PRECEDENTS
    from xreview.review.record.document import session_fix_prompt

    prompt = session_fix_prompt(snapshot, findings, precedents or NO_PRECEDENTS)
    screen.app.copy_to_clipboard(prompt)
    screen.app.notify(
        f"{count_of(len(findings), 'finding')} sent to the terminal's clipboard. "
        "If it is not there, the terminal or tmux does not allow it: E writes a file."
    )


def copy_accepted(
    screen: AnyScreen, snapshot: ReviewSnapshot | None, precedents: "Precedents | None"
) -> None:
    """Copy all accepted findings."""
    findings = snapshot.findings if snapshot else ()
    accepted = [f for f in findings if snapshot and snapshot.triage.verdict(f) is Verdict.ACCEPT]
    if not accepted:
        screen.app.notify("Nothing is accepted yet: a accepts a finding.", severity="warning")
        return
    copy_findings(screen, snapshot, accepted, precedents)


async def ask_export(screen: AnyScreen, session: "ReviewSession | None", journal: Path) -> None:
    """Ask what goes where in which format, then write it; `journal` is the journal's file."""
    if session is None:
        screen.app.notify("There is nothing to export yet.", severity="warning")
        return
    await Exporting(screen, session, journal).ask()


def open_in_editor(
    screen: AnyScreen, snapshot: ReviewSnapshot | None, editor: str, path: str, line: int
) -> None:
    """Open a file of the change in the person's editor, as it is on disk now."""
    try:
        command, environment = _editor_call(snapshot, editor, path, line)
        code = run_editor(cast("App[Any]", screen.app), command, environment)
    except XReviewError as error:
        screen.app.notify(visible(str(error)), severity="error", markup=False)
    else:
        if code:
            screen.app.notify(f"The editor ended with code {code}.", severity="warning")


def _editor_call(
    snapshot: ReviewSnapshot | None, editor: str, path: str, line: int
) -> tuple[list[str], dict[str, str]]:
    """The command and its environment. Raises UsageError."""
    source = snapshot.source if snapshot else None
    if source is None or not source.repository:
        raise UsageError(
            "This change is not of a repository on this machine.", "There is no file to open."
        )
    if not is_inside(path):
        raise UsageError(
            f"{visible(path)} is no file of a repository.", "There is no file to open."
        )
    file = Path(source.repository) / path
    if not os.path.isfile(file):  # noqa: PTH113 - pathlib's raises for a name that is too long
        where = "is not on the disk now"
        raise UsageError(f"{visible(path)} {where}.", "It may be deleted or of another commit.")
    if file.resolve() != file.absolute() and not file.resolve().is_relative_to(
        Path(source.repository).resolve()
    ):
        raise UsageError(
            f"{visible(path)} is a link that leads out of the repository.",
            "Open its target yourself if you mean it.",
        )
    name, *words = editor_command(editor, file, line)
    folders = repository_folders(Path(source.repository), os.environ)
    program = chosen_program(name, os.environ, folders)
    if program is None:
        raise UsageError(
            f"The editor {visible(name)} was not found on PATH.",
            "Set `editor` in the configuration, or $VISUAL or $EDITOR.",
        )
    return [str(program), *words], environment_of_child(os.environ, folders)
