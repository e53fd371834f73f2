"""Asking a forge from a thread that waits."""

import asyncio
import threading
from collections.abc import AsyncGenerator

import pytest

from xreview.domain.errors import ChangeError
from xreview.ports.forge_failure import ForgeError, ForgeFailure
from xreview.repo.hardened.processes import Processes
from xreview.review.pulls.calling import ForgeCalls


class Slow:
    """A forge that answers, fails, or never does."""

    made = 0

    def __init__(self) -> None:
        type(self).made += 1
        self.is_closed = False
        self.is_asked = threading.Event()

    async def answer(self) -> str:
        return "answer"

    async def fail(self) -> str:
        raise ForgeError(ForgeFailure.SERVER, "It broke.")

    async def hang(self) -> str:
        self.is_asked.set()
        await asyncio.Event().wait()
        return ""

    async def pages(self) -> AsyncGenerator[int, None]:
        for number in range(3):
            yield number
        raise ForgeError(ForgeFailure.SERVER, "The list broke off.")

    async def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def forge() -> Slow:
    return Slow()


@pytest.fixture
def calls(forge: Slow) -> ForgeCalls:
    return ForgeCalls(lambda: forge)  # type: ignore[arg-type, return-value]


def test_an_answer_is_waited_for(calls: ForgeCalls, forge: Slow):
    assert calls.wait_for(lambda _: forge.answer()) == "answer"
    calls.close()
    assert forge.is_closed


def test_a_failure_reaches_who_asked(calls: ForgeCalls, forge: Slow):
    with pytest.raises(ForgeError, match="It broke"):
        calls.wait_for(lambda _: forge.fail())
    calls.close()


def test_a_stream_ends_with_its_failure(calls: ForgeCalls, forge: Slow):
    stream = calls.stream(lambda _: forge.pages())
    assert [next(stream), next(stream), next(stream)] == [0, 1, 2]
    with pytest.raises(ForgeError, match="broke off"):
        next(stream)
    calls.close()


def test_a_stream_can_be_left(calls: ForgeCalls, forge: Slow):
    stream = calls.stream(lambda _: forge.pages())
    assert next(stream) == 0
    stream.close()
    calls.close()
    assert forge.is_closed


def test_it_can_be_asked_again_after_closing(forge: Slow):
    made: list[Slow] = []

    def new() -> Slow:
        made.append(Slow())
        return made[-1]

    calls = ForgeCalls(new)  # type: ignore[arg-type]
    for _ in range(2):
        assert calls.wait_for(lambda forge: forge.answer()) == "answer"  # type: ignore[attr-defined]
        calls.close()
        calls.close()
    assert [one.is_closed for one in made] == [True, True]


def ended_by(end: threading.Thread, calls: ForgeCalls, forge: Slow) -> ChangeError:
    end.start()
    with pytest.raises(ChangeError) as ended:
        calls.wait_for(lambda _: forge.hang())
    end.join()
    return ended.value


def test_closing_ends_what_hangs(calls: ForgeCalls, forge: Slow):
    def close() -> None:
        forge.is_asked.wait()
        calls.close()

    assert "ended" in ended_by(threading.Thread(target=close), calls, forge).message


def test_it_ends_with_its_task(calls: ForgeCalls, forge: Slow):
    task = Processes()

    def close() -> None:
        forge.is_asked.wait()
        task.close()

    with task:
        ended_by(threading.Thread(target=close), calls, forge)
    assert forge.is_closed


def test_after_the_end_of_its_task_nothing_begins(calls: ForgeCalls, forge: Slow):
    task = Processes()
    with task:
        task.close()
        with pytest.raises(ChangeError):
            calls.wait_for(lambda _: forge.hang())


def test_a_forge_that_can_not_be_made_says_why():
    def new() -> Slow:
        raise ChangeError("No such forge.")

    calls = ForgeCalls(new)  # type: ignore[arg-type]
    with pytest.raises(ChangeError, match="No such forge"):
        calls.wait_for(lambda forge: forge.answer())  # type: ignore[attr-defined]
    calls.close()
