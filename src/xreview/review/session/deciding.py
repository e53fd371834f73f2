"""What the user does in a session: decide, undo, redo, take up proposals, write notes, view."""

from collections.abc import Iterable, Mapping, Sequence

from xreview.disagreement.sides import leaves_side_open
from xreview.domain.change import Change, FileDiff
from xreview.domain.decision import Decision, Reason
from xreview.domain.events.event import (
    BriefWritten,
    ConventionRemoved,
    ConventionWritten,
    DecisionMade,
    DecisionRedone,
    DecisionUndone,
    Exported,
    FileUnviewed,
    FileViewed,
    FixPayload,
    NoteWritten,
    Payload,
    PullPayload,
)
from xreview.domain.events.upkeep_events import BriefAnswer
from xreview.domain.finding import Finding
from xreview.domain.identity.convention import conventions_for
from xreview.domain.proposal import Proposal, decision_in, is_same, taken_up
from xreview.domain.ruling import ChosenReport, ruling_on
from xreview.domain.state import Triage
from xreview.domain.viewed import diff_digest
from xreview.review.past.looking_back import LookingBack
from xreview.review.session.ledger import Ledger
from xreview.review.session.pending import ahead_of
from xreview.review.session.recorder import SessionRecorder
from xreview.review.session.surroundings import Surroundings


class DecidingSession(SessionRecorder):
    """A session in which findings are decided.

    Each method raises JournalError if the disk refuses; the action is then `pending` in the
    snapshot, and retried.
    """

    def __init__(self, change: Change, ledger: Ledger, given: Surroundings) -> None:
        super().__init__(change, ledger, given)
        self._past = LookingBack(ledger, given.repository, self.snapshot.session, given.now()[:10])
        self._made_here: tuple[ConventionWritten, ...] = ()

    async def decide(
        self,
        findings: Sequence[Finding],
        decision: Decision,
        until: str | None = None,
        taking_up: Sequence[Proposal] = (),
        chosen: Sequence[ChosenReport] = (),
        note: str = "",
    ) -> None:
        """Decide about one or several findings as one action.

        Args:
            until: the day (ISO 8601) on which a finding deferred with `later` comes back; without
                it, when its code is touched.
            chosen: the reports to fix, of a finding whose reports ask for different things.
            note: how to fix them; "" leaves their notes as they are.

        Raises ValueError if `until` isn't a day, or if `chosen` is missing.
        """
        if not findings:
            return
        if any(leaves_side_open(finding, decision, chosen) for finding in findings):
            raise ValueError("reports ask for different things, and none was chosen")
        action = self._given.new_id()
        conventions = (
            conventions_for(findings, action, self._given.actor)
            if decision.reason is Reason.INTENDED
            else ()
        )
        await self._act(
            *(
                DecisionMade(
                    action,
                    finding.fingerprints,
                    decision,
                    until,
                    ruling_on(finding, decision),
                    tuple(chosen),
                )
                for finding in findings
            ),
            *(NoteWritten(finding.fingerprints, note) for finding in findings if note),
            *(ConventionRemoved(id) for id in self._conventions_against(findings, decision)),
            *conventions,
            *taken_up(action, taking_up),
        )
        self._made_here += conventions

    async def take_up(self, finding: Finding) -> bool:
        """Decide as the latest proposal says; return False if none proposes a decision.

        The decision is the user's own and names every proposal that says the same. Raises
        ValueError if the proposal leaves open which side to take.
        """
        proposals = self.snapshot.proposed(finding)
        if (wanted := decision_in(proposals)) is None:
            return False
        same = [one for one in proposals if is_same(one.payload, wanted)]
        await self.decide([finding], wanted.decision, wanted.until, same, wanted.chosen)
        return True

    async def undo(self, action: str = "") -> bool:
        """Undo an action, by default the latest that holds; return False if it doesn't."""
        undoable = self._ahead.undoable
        if not undoable or (action and action not in undoable):
            return False
        if (action or undoable[-1]) in self.snapshot.fixes.applied:  # `Fixing.revert` undoes it
            return False
        await self._act(DecisionUndone(action or undoable[-1]))
        return True

    async def redo(self) -> bool:
        """Redo the action undone last; return False if none is undone."""
        if not (redoable := self._ahead.redoable):
            return False
        await self._act(DecisionRedone(redoable[-1]))
        return True

    async def write_note(self, finding: Finding, text: str) -> None:
        """Put a note on a finding; an empty text removes it."""
        await self._act(NoteWritten(finding.fingerprints, text))

    async def mark_viewed(self, file: FileDiff, is_viewed: bool) -> None:
        """Mark a file as viewed, or not. A refusal is a notice: nothing of value is lost."""
        viewed, path = self.snapshot.viewed, file.path
        self.show(viewed=viewed | {path} if is_viewed else viewed - {path})
        self.record(FileViewed(path, diff_digest(file)) if is_viewed else FileUnviewed(path))
        await self.save()

    async def write_local(self, *payloads: FixPayload | PullPayload) -> None:
        """Record what happens in a fix, or with a pull request. Raises JournalError."""
        await self._act(*payloads)

    async def write_exported(
        self, format: str, target: str, count: int, selection: Mapping[str, str]
    ) -> None:
        """Record an export of so many findings. A refusal is a notice."""
        self.record(Exported(format, target, selection, count))
        await self.save()

    async def write_brief(
        self, target: str, digest: str, answers: tuple[BriefAnswer, ...], by: str
    ) -> None:
        """Record that a description was written, with the author's answers. A refusal is a
        notice."""
        self.record(BriefWritten(target, digest, answers, by))
        await self.save()

    async def _act(self, *payloads: Payload) -> None:
        self.record(*payloads)
        await self.save_now()

    def _conventions_against(
        self, findings: Sequence[Finding], decision: Decision
    ) -> Iterable[str]:
        """The conventions of an earlier rejection as intended that this decision revokes."""
        if decision.reason is Reason.INTENDED:
            return ()
        names = {name for finding in findings for name in finding.fingerprints}
        here = [one.id for one in self._made_here if not names.isdisjoint(one.subjects)]
        return dict.fromkeys((*here, *self._past.conventions_about(names)))

    @property
    def _ahead(self) -> Triage:
        """The state once everything that waits is on disk."""
        return ahead_of(self.snapshot.triage, self._outbox.waiting)
