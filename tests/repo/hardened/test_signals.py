"""Signals while a process is started: none is lost, and none leaves a process behind."""

import os
import signal
import threading

import pytest

from xreview.repo.hardened.signals import signals_deferred


@pytest.fixture
def handled():
    numbers: list[int] = []

    def handle(number, frame):
        numbers.append(number)
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, handle)
    yield numbers
    signal.signal(signal.SIGTERM, before)


def disturbed(handled: list[int], error: Exception | None = None) -> None:
    with signals_deferred():
        os.kill(os.getpid(), signal.SIGTERM)
        assert handled == []
        if error is not None:
            raise error


@pytest.mark.parametrize("error", [None, OSError("no")])
def test_a_signal_waits_until_the_end_of_the_block(handled, error):
    with pytest.raises(SystemExit) as caught:
        disturbed(handled, error)
    assert (handled, caught.value.code) == ([signal.SIGTERM], 143)


def test_without_a_signal_the_handlers_are_those_of_before(handled):
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    with signals_deferred():
        pass
    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before


def test_what_the_block_raises_is_raised_and_the_handlers_are_back():
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(OSError, match="no"), signals_deferred():
        raise OSError("no")
    assert signal.getsignal(signal.SIGINT) == before


def test_in_other_threads_nothing_is_put_off():
    ran: list[bool] = []

    def work() -> None:
        with signals_deferred():
            ran.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert ran == [True]
