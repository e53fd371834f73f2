"""What follows an escalation in a running session: letters and their answers, and an arbiter."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.fakes.reviewer import ScriptedReviewer
from tests.repo.builder import Builder, isolate
from tests.review.session.test_session import FIRST, SECOND, reviewed, session
from xreview.config.paths import Folders
from xreview.config.schema import Settings
from xreview.domain.authorship.author import Attribution
from xreview.domain.authorship.author_answer import AuthorAnswer
from xreview.domain.decision import Decision, Reason, Verdict
from xreview.domain.errors import UsageError
from xreview.domain.events.escalation_events import Favour
from xreview.domain.events.event import Exported, OpinionGiven, UsageReceived
from xreview.domain.finding import Finding
from xreview.domain.report import ReviewerIdentity, ReviewerKind
from xreview.journal.replay import escalations_of
from xreview.journal.store import Journal
from xreview.ports.reviewer import Usage
from xreview.repo.change.collecting import collect
from xreview.repo.change.request import ChangeRequest
from xreview.review.assembly.parts import review_parts
from xreview.review.assembly.run_options import RunOptions
from xreview.review.assembly.running import RunningReview
from xreview.review.choosing.selection import ModelSelection
from xreview.review.egress.consent import Egress
from xreview.review.escalate.escalating import Escalating
from xreview.review.escalate.letters import escalated_in, keep_answer, read_letter
from xreview.review.escalate.person import answer_in
from xreview.review.session.session import ReviewSession
from xreview.review.session.whole_change import WholeChange, read_to_end

PERSON = Decision(Verdict.ESCALATE, Reason.PERSON)


class Nobody:
    async def author_wanted(self, attribution: Attribution) -> AuthorAnswer | None:
        raise AssertionError("a letter asks nobody who wrote the change")

    async def egress_wanted(self, egress: Egress) -> bool:
        raise AssertionError("a letter goes to no vendor")


@pytest.fixture
def options(tmp_path: Path) -> RunOptions:
    data = tmp_path / "data"
    return RunOptions(
        Settings(), Folders(data / "config", data, data / "cache", data / "state"), {}
    )


@pytest.fixture
def change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WholeChange:
    isolate(monkeypatch, tmp_path / "home")
    builder = Builder(tmp_path / "project")
    builder.write("a.py", "x = 1\n")
    builder.commit("first")
    builder.write("a.py", "x = 2\n")
    request = ChangeRequest(builder.top)
    return read_to_end(collect(request), request)


@pytest.fixture
async def running(options: RunOptions) -> AsyncIterator[ReviewSession]:
    made = await reviewed(session(options.journal, ScriptedReviewer(signals=[FIRST, SECOND])))
    yield made
    await made.close()


@pytest.fixture
async def escalating(
    running: ReviewSession, change: WholeChange, options: RunOptions
) -> AsyncIterator[Escalating]:
    parts = review_parts(change, options)
    yield RunningReview(parts, running, Nobody()).escalating()
    await parts.panel.close()
    change.collected.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "letters"
    made.mkdir()
    return made


def names_in(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def answered(text: str, by: str) -> str:
    return text.replace("answer:", "answer: reviewer", 1).replace("by:", f"by: {by}", 1)


async def test_letters_of_one_key_press_go_to_a_folder_and_each_is_answered_for_itself(
    running: ReviewSession, escalating: Escalating, options: RunOptions, folder: Path
) -> None:
    findings = running.snapshot.findings
    await running.decide(findings, PERSON)
    targets = [folder / f"letter-{one.fingerprint[:8]}.md" for one in findings]
    for finding, target in zip(findings, targets, strict=True):
        await escalating.write_letter(finding, target)

    asked = [answer_in(answered(target.read_text("utf-8"), "Bob")) for target in targets]
    assert [one.finding for one in asked] == [one.fingerprint for one in findings]
    assert len({one.action for one in asked}) == 1, "it was one key press"

    targets[0].write_text(answered(read_letter(targets[0]), "Bob"), "utf-8")
    kept = keep_answer(options.journal, "repo", "A", read_letter(targets[0]))
    with Journal.open(options.journal) as journal:
        told = {
            name: [one.resolved for one in found.outcomes]
            for found in escalations_of(journal, "repo", [one.fingerprint for one in findings])
            for name in found.subjects
        }
    assert told == {findings[0].fingerprint: [kept], findings[1].fingerprint: []}


async def test_that_letters_were_written_is_in_the_journal(
    running: ReviewSession, escalating: Escalating, options: RunOptions, folder: Path
) -> None:
    first, _ = running.snapshot.findings
    await running.decide([first], PERSON)
    await escalating.write_letter(first, folder / "letter.md")
    with Journal.open(options.journal) as journal:
        (told,) = [event.payload for event in journal.events(types=(Exported,))]
    assert (told.format, told.count) == ("letter", 1)
    assert told.target == str(folder / "letter.md")
    assert told.selection == {"finding": first.fingerprint}


async def test_the_command_writes_the_same_letter_without_the_app(
    running: ReviewSession,
    escalating: Escalating,
    change: WholeChange,
    options: RunOptions,
    folder: Path,
) -> None:
    findings = running.snapshot.findings
    await running.decide(findings, PERSON)
    with Journal.open(options.journal) as journal:
        escalated = escalated_in(journal, "repo")
    assert change.repository is not None
    for number, finding in enumerate(findings):
        target = folder / f"{number}.md"
        await escalating.write_letter(finding, target)
        text = escalated.letter(finding.fingerprint, change.repository.actor)
        assert target.read_text("utf-8") == text


async def test_what_is_there_already_stays_as_it_is(
    running: ReviewSession, escalating: Escalating, options: RunOptions, folder: Path
) -> None:
    first, second = running.snapshot.findings
    await running.decide([first, second], PERSON)
    target = folder / "letter.md"
    await escalating.write_letter(first, target)
    answer = answered(target.read_text("utf-8"), "Bob")
    target.write_text(answer, "utf-8")
    for finding in (first, second):
        with pytest.raises(UsageError, match="already exists"):
            await escalating.write_letter(finding, target)
    assert target.read_text("utf-8") == answer
    assert names_in(folder) == ["letter.md"], "nothing half-done is left"
    with pytest.raises(UsageError, match="can't be written"):
        await escalating.write_letter(second, folder / "none" / "letter.md")
    with Journal.open(options.journal) as journal:
        assert len(list(journal.events(types=(Exported,)))) == 1


async def test_a_finding_that_nobody_escalated_has_no_letter(
    running: ReviewSession, escalating: Escalating, folder: Path
) -> None:
    with pytest.raises(UsageError, match="saved yet"):
        await escalating.write_letter(running.snapshot.findings[0], folder / "letter.md")
    assert names_in(folder) == []


GEMINI = ReviewerIdentity("gem", ReviewerKind.MODEL, "google", "g")
ARBITER = Decision(Verdict.ESCALATE, Reason.ARBITER)


class Asked:
    """Stands for a third vendor's model: gives an opinion at once, and then perhaps no end."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, hangs: bool = False) -> None:
        self.times = 0
        self._hangs = hangs

        async def found(*_: object) -> SimpleNamespace:
            return SimpleNamespace(identity=GEMINI)

        monkeypatch.setattr(ModelSelection, "pick_model", found)
        monkeypatch.setattr("xreview.review.escalate.escalating.ask_arbiter", self._ask)

    async def _ask(
        self, finding: Finding, action: str, *_: object, **__: object
    ) -> AsyncGenerator[Usage | OpinionGiven, None]:
        self.times += 1
        yield Usage(1000, 50, 0.25)
        yield OpinionGiven(
            action,
            finding.fingerprints,
            GEMINI,
            Favour.REPORT,
            False,
            "It is so.",
            "pass",
            "",
            "a.py",
            1,
            True,
        )
        if self._hangs:
            await asyncio.Event().wait()


def payloads(options: RunOptions, *types: type) -> list[object]:
    with Journal.open(options.journal) as journal:
        return [event.payload for event in journal.events(types=types)]


async def test_what_was_shown_of_an_arbiter_stays_when_it_is_cancelled(
    running: ReviewSession,
    escalating: Escalating,
    options: RunOptions,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Asked(monkeypatch, hangs=True)
    finding, _ = running.snapshot.findings
    await running.decide([finding], ARBITER)
    async with aclosing(escalating.ask_arbiter(finding)) as told:
        async for one in told:
            if isinstance(one, OpinionGiven):
                assert payloads(options, OpinionGiven) == [one], "it is on disk before it is shown"
                break
    await running.close()
    (used,) = [one for one in payloads(options, UsageReceived) if one.reviewer == "gem"]
    assert used.cost == 0.25
    assert [one.party for one in running.snapshot.answered] == [GEMINI]


async def test_nobody_is_asked_about_what_was_decided_otherwise_meanwhile(
    running: ReviewSession,
    escalating: Escalating,
    options: RunOptions,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    arbiter = Asked(monkeypatch)
    first, second = running.snapshot.findings
    await running.decide([first, second], ARBITER)
    await running.decide([second], Decision(Verdict.ACCEPT, Reason.FIX))
    with pytest.raises(UsageError, match="changed meanwhile"):
        await anext(escalating.ask_arbiter(second))
    assert arbiter.times == 0
    assert payloads(options, OpinionGiven) == []
