"""What the keys of the brief screen do with the description: copy, write, edit, publish."""

import asyncio
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from xreview.domain.errors import UsageError, XReviewError
from xreview.domain.record import replace
from xreview.domain.text import count_of, visible, visible_block
from xreview.hardening.programs import chosen_program, environment_of_child, repository_folders
from xreview.review.session.contained import contained
from xreview.tui.dialogs.prompt import PromptScreen
from xreview.tui.dialogs.question import ConfirmationText, QuestionScreen
from xreview.tui.handoff.clipboard import copy_text
from xreview.tui.handoff.editor import editor_command, run_editor
from xreview.tui.handoff.exporting import absolute_path

if TYPE_CHECKING:
    from textual.app import App

    from xreview.domain.briefing.template import DescriptionTemplate
    from xreview.review.assembly.briefing import RunningBrief
    from xreview.review.briefing.basis import BriefBasis
    from xreview.review.briefing.draft import BriefDraft
    from xreview.review.pulls.describing import DescriptionPreview, PullDescribing
    from xreview.tui.app import XReviewApp

_FILE = "brief.md"
_LONGEST_EDITED = 256 * 1024


class BriefDesk:
    """The description that is being written, and where it goes."""

    def __init__(
        self,
        app: "XReviewApp",
        running: "RunningBrief",
        basis: "BriefBasis",
        template: "DescriptionTemplate | None",
    ) -> None:
        self.app = app
        self.basis = basis
        self._running = running
        self._template = template
        self._draft: BriefDraft | None = None
        self._is_publishing = False
        self._has_news = False
        self.is_edited = False

    async def draft(self) -> "BriefDraft":
        """The texts as they are now."""
        from xreview.review.briefing.draft import draft_brief

        if self._draft is None:
            self._draft = await asyncio.to_thread(draft_brief, self.basis, self._template)
        return self._draft

    def answer(self, question: str, text: str) -> None:
        """Take an answer in, or with "" withdraw one; the text is written anew."""
        self.basis = self.basis.answered({question: text})
        self._draft, self.is_edited, self._has_news = None, False, True

    async def copy(self, *, is_for_reviewers: bool) -> None:
        """Copy the text that is shown."""
        draft = await self.draft()
        text = draft.for_reviewers if is_for_reviewers else draft.body
        what = "the notes for reviewers" if is_for_reviewers else "the description"
        repository = self._running.review.change.source.repository
        await copy_text(self.app.screen, text, what, self.app.options.environ, repository)
        if not is_for_reviewers:
            await self._keep(draft, "clipboard")

    async def ask_file(self, *, is_for_reviewers: bool) -> None:
        """Ask for a file's name, and write the text that is shown."""
        from xreview.export.file import write_file

        async def write(name: str) -> None:
            if not name.strip():
                self.say("A file name is required. Nothing was written.", is_warning=True)
                return
            draft = await self.draft()
            text = draft.for_reviewers if is_for_reviewers else draft.body
            try:
                target = absolute_path(name.strip())
                await asyncio.to_thread(write_file, target, text)
            except XReviewError as error:
                self.say(str(error), is_warning=True)
                return
            if not is_for_reviewers:
                await self._keep(draft, str(target))
            self.say(f"Written to {target}")

        suggestion = "reviewers.md" if is_for_reviewers else _FILE
        await self.app.push_screen(PromptScreen("Write to which file?", write, suggestion))

    async def edit(self) -> bool:
        """Have the text edited in $EDITOR; return whether it is another one now."""
        draft = await self.draft()
        try:
            body = visible_block(self._edited(draft.body))
        except XReviewError as error:
            self.say(str(error), is_warning=True)
            return False
        if body == draft.body:
            return False
        self._draft, self.is_edited = replace(draft, body=body), True
        return True

    def _edited(self, text: str) -> str:
        folder = Path(self._running.review.change.checkout)
        folders = repository_folders(folder, os.environ)
        with tempfile.TemporaryDirectory(prefix="xreview-") as scratch:
            file = Path(scratch) / _FILE
            file.write_text(text, encoding="utf-8", errors="backslashreplace")
            command, *words = editor_command(self.app.triage.editor, file, 1)
            program = chosen_program(command, os.environ, folders)
            if program is None:
                raise UsageError(f"The editor {visible(command)} isn't on PATH.", "Set $EDITOR.")
            environment = environment_of_child(os.environ, folders)
            code = run_editor(cast("App[Any]", self.app), [str(program), *words], environment)
            if code:
                raise UsageError(f"The editor exited with {code}.", "The text is unchanged.")
            if file.stat().st_size > _LONGEST_EDITED:
                raise UsageError("The edited text is too long.", "Shorten it.")
            return file.read_text(encoding="utf-8", errors="replace")

    # the pull request

    async def publish(self) -> None:
        """Ask the forge what would change, then the person, and write it."""
        if self._is_publishing:
            self.say("The forge is being asked. Wait a moment.")
            return
        self._is_publishing = True
        describing: PullDescribing | None = None
        try:
            with contained("Asking the forge"):
                address = await asyncio.to_thread(self._running.address)
                describing = self._running.describing(address)
                draft = await self.draft()
                preview = await describing.preview(draft.title, draft.body)
        except XReviewError as error:
            self.say(str(error), is_warning=True)
            if describing is not None:
                await describing.close()
            return
        finally:
            self._is_publishing = False
        if preview.is_unchanged:
            await describing.close()
            self.say(f"{preview.pull.address.shown} has this description already.")
            return
        await self._consented(describing, preview, draft)

    async def _consented(
        self, describing: "PullDescribing", preview: "DescriptionPreview", draft: "BriefDraft"
    ) -> None:
        async def write(is_yes: bool) -> None:
            if is_yes:
                self.app.run_worker(self._write(describing, preview, draft))
            else:
                await describing.close()

        async def agree(is_yes: bool) -> None:
            if not is_yes:
                await describing.close()
                return
            try:
                await describing.agree()
            except XReviewError as error:
                self.say(str(error), is_warning=True)
                await describing.close()
                return
            await self.app.push_screen(QuestionScreen(writing_question(preview), write))

        if preview.needs_consent:
            await self.app.push_screen(QuestionScreen(account_question(preview), agree))
        else:
            await self.app.push_screen(QuestionScreen(writing_question(preview), write))

    async def _write(
        self, describing: "PullDescribing", preview: "DescriptionPreview", draft: "BriefDraft"
    ) -> None:
        try:
            with contained("Writing the description"):
                await describing.write(preview)
            await self._keep(draft, preview.pull.address.url)
            self.say(" ".join((f"Written: {preview.pull.address.url}", *describing.notices)))
        except XReviewError as error:
            self.say(str(error), is_warning=True)
        finally:
            await describing.close()

    async def _keep(self, draft: "BriefDraft", target: str) -> None:
        await self._running.keep(draft, self.basis.given, target)
        self._has_news = False

    async def keep_answers(self) -> None:
        """Keep new answers, although the text went nowhere yet."""
        if self._has_news:
            await self._keep(await self.draft(), "")

    def say(self, sentence: str, *, is_warning: bool = False) -> None:
        """Show a notice."""
        severity = "warning" if is_warning else "information"
        self.app.notify(visible(sentence), severity=severity, markup=False, timeout=10)


def account_question(preview: "DescriptionPreview") -> ConfirmationText:
    """Ask whether an account may write to a project, the first time."""
    address, login = preview.pull.address, preview.account.login
    return ConfirmationText(
        f"Post to {address.project} as {login}?",
        (
            f"The description would be written to {address.forge.name} in the name of {login}.",
            "Your answer is saved for this project and account, for reviews and replies too.",
        ),
        "yes",
        f"post as {login}",
        "no",
        "nothing is sent",
    )


def writing_question(preview: "DescriptionPreview") -> ConfirmationText:
    """Ask whether to write what the screen shows."""
    address = preview.pull.address
    sentences = [f"Everybody who can see {address.shown} sees it at once."]
    sentences.append(f"New title: {preview.title}" if preview.title else "The title stays.")
    if preview.original.strip():
        lines = preview.original.strip().count("\n") + 1
        sentences.append(f"What its author wrote stays above ({count_of(lines, 'line')}).")
    if preview.before:
        sentences.append("What was written from here before is replaced.")
    return ConfirmationText(
        f"Write the description into {address.mark}?",
        (*sentences, *preview.notices),
        "write",
        "the text on the screen",
        "don't",
        "nothing is sent",
    )
