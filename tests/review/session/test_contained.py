"""Whatever is raised in a part of a review: the part ends with a sentence, and the others go on."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

import pytest

from tests.fakes.reports import ECONOMY, RISK
from tests.fakes.reviewer import GivenContents, ScriptedReviewer
from tests.review.session.test_session import FIRST, SECOND, TEXTS, reviewed, session
from xreview.domain.change import FileDiff, Side
from xreview.domain.errors import ReviewerError
from xreview.domain.report import Lens
from xreview.ports.reviewer import Reviewer, ReviewRequest, Signal
from xreview.review.session.contained import contained
from xreview.review.session.snapshot import ReviewerState

UNFORESEEN = [
    ValueError("embedded null byte"),
    RecursionError(),
    MemoryError(),
    UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"),
    KeyError("sk-a-key"),
    TimeoutError(),
    asyncio.CancelledError(),
    ExceptionGroup("several", [OSError()]),
]
each_error = pytest.mark.parametrize("error", UNFORESEEN, ids=lambda one: type(one).__name__)


@pytest.fixture
def journal(tmp_path):
    return tmp_path / "journal.sqlite"


class Dying(ScriptedReviewer):
    """Says one thing, then raises."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(RISK, Lens.RISK)
        self._error = error

    async def review(self, request: ReviewRequest) -> AsyncGenerator[Signal, None]:
        yield FIRST
        raise self._error


class DyingContents(GivenContents):
    """Raises where one file is read."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(TEXTS)
        self._error = error

    async def read(self, file: FileDiff, side: Side) -> bytes | None:
        if file.path == "a.py":
            raise self._error
        return await super().read(file, side)


@each_error
async def test_a_reviewer_that_dies_is_a_gap_and_the_others_go_on(journal, error):
    other = ScriptedReviewer(ECONOMY, Lens.ECONOMY, [SECOND])

    snapshot = (await reviewed(session(journal, Dying(error), other))).snapshot

    died, read = snapshot.reviewers
    assert (died.state, read.state) == (ReviewerState.FAILED, ReviewerState.DONE)
    assert died.error
    assert "sk-a-key" not in died.error
    assert not snapshot.is_complete
    assert {one.path for one in snapshot.coverage if one.is_gap} == set(TEXTS)
    assert {one.lead.title for one in snapshot.findings} == {"swallowed error", "endless retry"}


@each_error
async def test_looking_a_quote_up_may_fail_in_any_way(journal, error):
    made = session(journal, ScriptedReviewer(signals=[FIRST]), ScriptedReviewer(ECONOMY))
    await made.open()
    async with aclosing(made.review(DyingContents(error))) as updates:
        async for _ in updates:
            pass

    assert [one.state for one in made.snapshot.reviewers] == [
        ReviewerState.FAILED,
        ReviewerState.DONE,
    ]
    assert not made.snapshot.is_complete


@each_error
async def test_who_joins_may_fail_to_be_found_in_any_way(journal, error):
    async def join() -> Sequence[Reviewer]:
        raise error

    made = session(journal, ScriptedReviewer(signals=[FIRST]))
    await made.open()
    joining = asyncio.ensure_future(join())
    async with aclosing(made.review(GivenContents(TEXTS), [joining])) as updates:
        async for _ in updates:
            pass

    assert any("Finding out who reviews" in notice for notice in made.snapshot.notices)
    assert not made.snapshot.is_joining
    assert len(made.snapshot.findings) == 1


@each_error
async def test_what_cannot_be_taken_in_is_no_clean_review(journal, error, monkeypatch):
    made = session(journal, ScriptedReviewer(signals=[FIRST]))

    async def fail(*_: object) -> None:
        raise error

    # The one double of our own: an error between findings and the journal that nobody foresaw.
    monkeypatch.setattr(made._intake, "_carried", fail)
    snapshot = (await reviewed(made)).snapshot

    assert not snapshot.is_complete
    assert [one.state for one in snapshot.reviewers] == [ReviewerState.FAILED]
    assert any("Taking in what reviewers found" in notice for notice in snapshot.notices)


async def test_a_cancellation_of_the_task_itself_passes():
    started = asyncio.Event()

    async def work() -> None:
        with contained("This"):
            started.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(work())
    await started.wait()
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task


def test_an_error_of_the_program_stays_as_it_is():
    with pytest.raises(ReviewerError, match=r"^It is asleep"), contained("This"):
        raise ReviewerError("It is asleep.")


def test_the_sentence_names_kind_and_place_and_nothing_of_the_text():
    with pytest.raises(ReviewerError) as caught, contained("The review by gpt"):
        raise ValueError("sk-a-key")

    said = str(caught.value)
    assert said.startswith(
        "The review by gpt failed because of a bug in xreview-tui (ValueError in "
    )
    assert "test_contained.py, line " in said
    assert "sk-a-key" not in said
