"""`xreview-tui attempt` in this process, over real trees, with scripted writers and reviews."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.program import Done
from tests.repo.builder import Builder
from tests.repo.disposable.trees import hashed
from tests.review.attempts.scripted import REVIEWER, ScriptedTrialCrew, ScriptedWriter
from xreview.cli.main import run
from xreview.domain.attempt.seat import Seat
from xreview.domain.events.event import AttemptPayload, Event
from xreview.domain.report import ReviewerIdentity, ReviewerKind
from xreview.journal.store import Journal
from xreview.repo.disposable.shelf import ATTEMPT_WARES, FixShelf
from xreview.review.assembly import attempts_headless
from xreview.review.attempts.place import TrialPlace
from xreview.review.attempts.taking import Taking
from xreview.review.attempts.trials import Trials
from xreview.review.attempts.wish import TrialWish
from xreview.review.session.ledger import Ledger
from xreview.review.session.surroundings import new_id, now

WRITERS = (
    ReviewerIdentity("claude-code", ReviewerKind.AGENT, "anthropic", "opus-5"),
    ReviewerIdentity("codex", ReviewerKind.AGENT, "openai"),
    ReviewerIdentity("gemini", ReviewerKind.MODEL, "google", "gemini-3"),
)
NAMES = ("claude", "anthropic", "opus", "codex", "openai", "gemini", "google", "gpt", REVIEWER.name)
"""None of which may show while writers are hidden."""


class NamedCrew(ScriptedTrialCrew):
    """Seats writers with telling names."""

    wishes: Sequence[TrialWish] = ()

    async def seats(self, wish: TrialWish) -> tuple[tuple[Seat, ...], str, str]:
        self.wishes = (*self.wishes, wish)
        pairs = zip(self.writers, WRITERS, strict=False)
        return tuple(Seat(label, who) for label, who in pairs), "money", "deep: it costs money."


@dataclass
class Attempts:
    """A repository, and what the command makes of it."""

    project: Builder
    crew: NamedCrew
    capfd: pytest.CaptureFixture[str]

    def run(self, *words: str) -> Done:
        """Run `xreview-tui attempt` with these words."""
        code = run(["-C", str(self.project.top), "attempt", *words])
        said = self.capfd.readouterr()
        assert "Traceback" not in said.err
        return Done(code, said.out, said.err)

    def log(self, *words: str) -> str:
        """What `xreview-tui log` says."""
        assert run(["-C", str(self.project.top), "log", *words]) == 0
        return self.capfd.readouterr().out

    def as_json(self, *words: str) -> dict:
        done = self.run(*words, "--json")
        return {**json.loads(done.out), "code": done.code}

    def hashed(self) -> dict:
        return hashed(self.project.top)

    def text(self, path: str) -> str:
        return self.project.path(path).read_text()


def attempts_of(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    *writers: ScriptedWriter,
    files: dict[str, str],
) -> Attempts:
    """A committed repository with these files, and one writer for each label."""
    project = Builder(folder / "project")
    for path, text in files.items():
        project.write(path, text)
    project.commit("first")
    for name, at in (("CONFIG", "config"), ("DATA", "data")):
        monkeypatch.setenv(f"XREVIEW_{name}_DIR", str(folder / at))
    monkeypatch.setenv("XREVIEW_LOCAL_PORTS", "")
    crew = NamedCrew(dict(zip("ABC", writers, strict=False)))

    def trials_and_taking(review) -> tuple[Trials, Taking]:
        ledger, repository = Ledger(review.options.journal), review.change.repository

        async def record(trial: str, *payloads: AttemptPayload) -> None:
            who = repository.identity
            await ledger.append(
                [Event(new_id(), trial, who, now(), repository.actor, one) for one in payloads]
            )

        async def recall(trial: str) -> Sequence[AttemptPayload]:
            with Journal.open(review.options.journal) as journal:
                return [one.payload for one in journal.events(session=trial)]

        place = TrialPlace(
            repository,
            FixShelf(review.options.folders.state / "attempts", ATTEMPT_WARES),
            record,
            new_id,
            now,
            lambda path: False,
            checks=review.options.settings.fix.check,
            recall=recall,
        )
        trials = Trials(place, crew)
        return trials, Taking(trials)

    monkeypatch.setattr(attempts_headless, "trials_and_taking", trials_and_taking)
    return Attempts(project, crew, capfd)
