"""A fixing that does what a test tells it to."""

import asyncio
from collections.abc import AsyncGenerator, Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from xreview.domain.change import FileDiff, FileStatus
from xreview.domain.errors import ChangeError
from xreview.domain.events.fix_events import FixApplied, FixReverted
from xreview.domain.finding import Finding
from xreview.domain.fixing.fixer import (
    MECHANICAL,
    FixerIdentity,
    FixerKind,
    FixerResult,
    FixerStatus,
)
from xreview.domain.fixing.outcome import FixOutcome, FixVerdict
from xreview.repo.disposable.applying import Applied, PatchPart
from xreview.repo.disposable.shelf import ShelvedFix
from xreview.review.fixing.choosing import FixerChoice
from xreview.review.fixing.snapshot import FixedFinding, FixSnapshot, FixStage
from xreview.review.session.session import ReviewSession

CLAUDE = FixerIdentity("claude-code", FixerKind.AGENT, "anthropic", "claude-opus-5")
CODEX = FixerIdentity("codex", FixerKind.AGENT, "openai")
CHOICES = (
    FixerChoice(CLAUDE, "", is_default=True, about="wrote this code"),
    FixerChoice(CODEX, "not logged in: run `codex login`"),
    FixerChoice(MECHANICAL, about="no model, no cost"),
)
APP_BODY = b"""@@ -2,4 +2,4 @@ def load(path):
     try:
         return open(path).read()
-    except Exception:
-        pass
+    except OSError:
+        return None
@@ -8,4 +8,4 @@ def pay(amount, account):
 def pay(amount, account):
-    token = random.random()
+    token = secrets.token_hex()
     account.balance -= amount
     return token
"""
NOTES_BODY = b"""@@ -1,3 +1,3 @@
 # Notes

-More.
+Much more.
"""
APP = FileDiff("app.py", FileStatus.MODIFIED, body=APP_BODY)
NOTES = FileDiff("docs/notes.md", FileStatus.MODIFIED, body=NOTES_BODY)
IMAGE = FileDiff("logo.png", FileStatus.MODIFIED, binary=True)


def fixed(
    finding: Finding, outcome: FixOutcome | None, *parts: PatchPart, evidence: str = ""
) -> FixedFinding:
    """A judged finding."""
    told = evidence or f"the verifier says so of {finding.lead.title}"
    verdict = FixVerdict(finding.fingerprints, outcome, told) if outcome else None
    result = FixerResult(finding.fingerprint, FixerStatus.FIXED, ("app.py",), "I changed it.")
    return FixedFinding(finding, verdict, result if outcome else None, parts)


@dataclass
class ScriptedFixing:
    """Yields the states of `script`, made of the findings that are handed over.

    With `hangs`, it stays at the last of them until it is closed.
    """

    script: list[FixSnapshot] = field(default_factory=list[FixSnapshot])
    choices: Sequence[FixerChoice] = CHOICES
    hangs: bool = False
    fails: Exception | None = None
    reopened: FixSnapshot | None = None
    conflicting: frozenset[str] = frozenset()
    runs: list[tuple[tuple[str, ...], str, str, str]] = field(default_factory=list)
    calls: list[tuple[object, ...]] = field(default_factory=list)
    closed: int = 0
    session: ReviewSession | None = None
    """Where applying and undoing are written."""

    async def candidates(self, findings: Sequence[Finding]) -> Sequence[FixerChoice]:
        await asyncio.sleep(0)
        return self.choices

    def text(self, findings: Sequence[Finding], note: str = "") -> str:
        titles = "\n".join(one.lead.title for one in findings)
        return f"Fix these:\x1b[2J\n{titles}\n{note}"

    async def run(
        self, findings: Sequence[Finding], fixer: str, note: str = "", earlier: str = ""
    ) -> AsyncGenerator[FixSnapshot, None]:
        self.runs.append((tuple(one.lead.title for one in findings), fixer, note, earlier))
        try:
            for one in self.script:
                await asyncio.sleep(0)
                yield one
            if self.fails is not None:
                raise self.fails
            if self.hangs:
                await asyncio.Event().wait()
        finally:
            self.closed += 1

    async def reopen(self, id: str) -> FixSnapshot:
        self.calls.append(("reopen", id))
        if self.reopened is None:
            raise ChangeError("Its folder is gone.", "Start again.")
        return self.reopened

    async def apply(
        self, id: str, parts: Collection[PatchPart] | None, with_conflicts: bool = False
    ) -> Applied:
        self.calls.append(("apply", id, tuple(parts or ()), with_conflicts))
        paths = tuple(dict.fromkeys(part.path for part in parts or ()))
        conflicts = tuple(path for path in paths if path in self.conflicting)
        if with_conflicts:
            return Applied(f"action-{len(self.calls)}", paths, (), conflicts)
        written = tuple(path for path in paths if path not in conflicts)
        if self.session is not None:
            action = f"action-{len(self.calls)}"
            await self.session.write_local(FixApplied(action, id, (), written, is_whole=True))
        return Applied(f"action-{len(self.calls)}", written, (), conflicts)

    async def revert(self, applied: FixApplied) -> None:
        self.calls.append(("revert", applied.action))
        if self.fails is not None:
            raise self.fails
        if self.session is not None:
            await self.session.write_local(FixReverted(applied.action, applied.fix))

    async def discard(self, id: str) -> None:
        self.calls.append(("discard", id))

    async def left(self) -> Sequence[ShelvedFix]:
        return ()


def snapshot_of(
    findings: Sequence[FixedFinding], stage: FixStage = FixStage.OVER, **changed: object
) -> FixSnapshot:
    """A state of a fix by an agent."""
    made = FixSnapshot("fix-1", CLAUDE, stage, tuple(findings), most=2.0, cost=0.41, seconds=130)
    return replace(made, **changed)


def tree_in(folder: Path, text: str = "fixed\n") -> Path:
    """The files of a fix."""
    folder.mkdir(parents=True)
    (folder / "app.py").write_text(text)
    return folder
