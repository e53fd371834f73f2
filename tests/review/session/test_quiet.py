"""Pauses of work in the background while keys are answered."""

import time

from xreview.review.session.quiet import Quiet, in_steps


def test_without_keys_nothing_pauses(monkeypatch):
    monkeypatch.setattr(time, "sleep", lambda _: 1 / 0)
    assert list(in_steps(range(3), Quiet())) == [0, 1, 2]


def test_after_a_key_work_pauses_and_then_goes_on_for_a_while(monkeypatch):
    clock, slept = [10.0], list[float]()

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock[0] += seconds

    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(time, "sleep", sleep)
    quiet, done = Quiet(), list[int]()
    for one in in_steps(range(100), quiet):
        quiet.begin()  # a key is held
        clock[0] += 0.001
        done.append(one)
    assert done == list(range(100))
    assert 20 < len(slept) < 40
    assert max(slept) <= 0.012
