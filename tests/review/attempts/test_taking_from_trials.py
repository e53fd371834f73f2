"""Taking from trials as the program keeps them, over its restarts."""

import asyncio
from dataclasses import replace

import pytest

from tests.repo.builder import Builder
from tests.repo.disposable.trees import files_of, hashed
from tests.review.attempts.trials_at_hand import TRIAL, TrialsAtHand, make_project, text
from xreview.domain.events.event import AttemptPayload
from xreview.review.attempts.kept import keep_trial
from xreview.review.attempts.taking import Taking
from xreview.review.attempts.trials import Trials


@pytest.fixture
def project(tmp_path, monkeypatch) -> Builder:
    return make_project(tmp_path, monkeypatch)


class Program:
    """Runs of the program, one after the other, on one shelf and one journal."""

    def __init__(self, at_hand: TrialsAtHand) -> None:
        self._at_hand = at_hand
        self.told: list[AttemptPayload] = []
        trees = {label: patch.tree for label, patch in at_hand.patches.items()}
        repository = at_hand.repository.identity
        at_hand.shelf.describe(TRIAL, repository=repository, started="", fixer="", title="")
        keep_trial(at_hand.shelf.place(TRIAL), at_hand.snapshot, trees)
        for name in (TRIAL, *(f"{TRIAL}-{label}" for label in at_hand.trees)):
            at_hand.shelf.release(name)

    def trials(self) -> Trials:
        async def record(trial: str, *payloads: AttemptPayload) -> None:
            self.told += payloads

        async def recall(trial: str):
            return tuple(self.told)

        place = replace(self._at_hand.place, record=record, recall=recall)
        return Trials(place, _Crew(self._at_hand.crew))  # type: ignore[arg-type]


class _Crew:
    """The crew at hand, which can be closed."""

    def __init__(self, crew) -> None:
        self.check, self.review = crew.check, crew.review

    async def close(self) -> None:
        """Nothing is open."""


def test_a_graft_is_checked_taken_and_given_back_by_three_runs(project):
    before = hashed(project.top)
    at_hand = TrialsAtHand(
        project, checks=["test -f a.py"], A={"a.py": text(2, 20)}, B={"a.py": text(20, mark="B")}
    )
    program = Program(at_hand)

    async def first():
        trials = program.trials()
        opened = await trials.open(TRIAL)
        assert opened.snapshot.comparison is not None
        choice = opened.snapshot.comparison.of("A") | opened.snapshot.comparison.of("B")
        found = [one async for one in Taking(trials).check(TRIAL, choice)][-1]
        assert found.is_sound
        assert found.is_green
        took = await Taking(trials).take_graft(found, "B's end")
        assert (await trials.snapshot(TRIAL)).is_revealed
        await trials.close()
        return took.taken

    taken = asyncio.run(first())
    assert (project.top / "a.py").read_text() == text(2, 20).replace(
        "A wrote line 20", "B wrote line 20"
    )

    async def second():
        trials = program.trials()
        snapshot = await trials.snapshot(TRIAL)
        assert snapshot.taken == (taken,)
        assert await Taking(trials).unfinished(TRIAL) == ()
        await Taking(trials).give_back(taken)
        await trials.close()

    asyncio.run(second())
    assert hashed(project.top) == before

    async def third():
        trials = program.trials()
        assert (await trials.snapshot(TRIAL)).taken == ()
        await Taking(trials).take(TRIAL, "A", "")
        assert files_of(project.top) == files_of(at_hand.trees["A"].top)
        await trials.close()
        again = program.trials()
        await again.discard(TRIAL)
        await again.close()

    asyncio.run(third())
    assert at_hand.shelf.list() == []
    assert [one.type for one in program.told] == [
        "attempt-taken", "attempt-returned", "attempt-taken", "trial-discarded",
    ]  # fmt: skip
