"""The fixes of a running review, put together for the app and for `fix`."""

from collections.abc import AsyncGenerator, Sequence

from xreview.agents.base.agent import WritableFolder, instruction_names
from xreview.domain.decision import Verdict
from xreview.domain.errors import ReviewerError, UsageError
from xreview.domain.finding import Finding
from xreview.domain.fixing.check_run import CheckRun
from xreview.domain.fixing.fixer import MECHANICAL, FixerKind, FixerReply
from xreview.export.document import ExportEntry
from xreview.ports.model import Doing
from xreview.ports.reviewer import Usage
from xreview.repo.disposable.shelf import FixShelf
from xreview.repo.disposable.tree import DisposableTree, TreePatch
from xreview.review.assembly.running import RunningReview
from xreview.review.egress.secret_files import is_secret_file
from xreview.review.fixing.asked_fixer import AskedFixer
from xreview.review.fixing.checks import CheckRunner
from xreview.review.fixing.choosing import FixerChoice, fixer_choices, named_fixer
from xreview.review.fixing.fixers import Fixer
from xreview.review.fixing.fixing import Fixing
from xreview.review.fixing.judging import Judge, Judgement
from xreview.review.fixing.mechanical import MechanicalFixer, suggested_edits
from xreview.review.fixing.order import FixOrder
from xreview.review.fixing.place import FixPlace
from xreview.review.record.document import session_entries
from xreview.review.session.surroundings import new_id

FIXES = "fixes"
"""The folder of the disposable trees, below the program's state folder."""


class ReviewCrew:
    """Who takes part in the fixes of a review (`review.fixing.place.FixCrew`)."""

    def __init__(self, review: RunningReview, checks: Sequence[str] = ()) -> None:
        self._review = review
        self._checks = tuple(checks)
        self._panel = review.panel
        self._selection = review.selection
        self._settings = review.options.settings.fix
        self._runner = CheckRunner(seconds=self._settings.minutes * 60)

    async def choices(self, entries: Sequence[ExportEntry]) -> Sequence[FixerChoice]:
        """Return who can fix these findings, the default first. Raises UsageError."""
        replacements = sum(not isinstance(suggested_edits(one), str) for one in entries)
        author = self._selection.authorship.attribution.author
        return fixer_choices(self._panel.prospects, author, replacements, self._settings.agent)

    async def fixer(self, name: str, entries: Sequence[ExportEntry], tree: DisposableTree) -> Fixer:
        """Make the fixer of that name; the default for "". Raises XReviewError."""
        choices = await self.choices(entries)
        chosen = named_fixer(choices, name) if name else choices[0]
        identity = chosen.identity
        if identity == MECHANICAL:
            return MechanicalFixer()
        if chosen.why_not:
            raise UsageError(f"Nobody can fix: {chosen.why_not}.", "See `xreview-tui models`.")
        if not await self._selection.allows(identity.name):
            raise ReviewerError(
                f"Code may not go to {identity.name}.",
                "Allow it (`--yes-egress`, or the setting `egress`), or choose another fixer.",
            )
        if identity.kind is FixerKind.AGENT:
            top = self._review.change.checkout
            folder = WritableFolder(top, tree.top, self._checks)
            voice = self._panel.fixer_voice(identity.name, folder)
            return AskedFixer(identity, voice, self._panel.gate)
        answerer = self._panel.answerer(identity.name)
        toolbox = answerer.new_toolbox() if answerer.new_toolbox else None
        return AskedFixer(identity, answerer.voice, self._panel.gate, toolbox)

    async def check(self, command: str, tree: DisposableTree) -> CheckRun:
        """Run one of the user's commands in the tree."""
        return await self._runner.run(command, tree.top)

    def judge(
        self, order: FixOrder, reply: FixerReply, tree: DisposableTree, patch: TreePatch,
        before: Sequence[CheckRun],
    ) -> AsyncGenerator[Doing | Usage | Judgement, None]:  # fmt: skip
        """Judge what came of it; the judgement comes last."""
        judge = Judge(self._runner, self._verifier)
        return judge.judge(order, reply, tree, patch, before)


def fixing_for(review: RunningReview) -> Fixing:
    """Return what fixes the accepted findings of a review.

    Raises UsageError outside of a checkout, and for a patch.
    """
    repository, session = review.change.repository, review.session
    if repository is None or repository.top is None:
        raise UsageError(
            "A fix needs a checkout, and this change is a patch or a bare repository.",
            "Press Y to copy the accepted findings as a prompt.",
        )
    settings = review.options.settings.fix

    def rejected() -> tuple[ExportEntry, ...]:
        snapshot = session.snapshot
        no = [one for one in snapshot.findings if snapshot.triage.verdict(one) is Verdict.REJECT]
        return session_entries(snapshot, no)

    def entries(findings: Sequence[Finding]) -> tuple[ExportEntry, ...]:
        return session_entries(session.snapshot, findings)

    place = FixPlace(
        repository,
        session.snapshot.session,
        FixShelf(review.options.folders.state / FIXES),
        entries,
        rejected,
        session.write_fix,
        new_id,
        is_hidden_from_fixers,
        settings.check,
        settings.link,
        settings.budget,
    )
    return Fixing(place, ReviewCrew(review, settings.check))


def is_hidden_from_fixers(path: str) -> bool:
    """Whether a path configures agents or holds secrets: it isn't there while one works."""
    obeyed = instruction_names()
    return is_secret_file(path) or any(part.lower() in obeyed for part in path.split("/"))
