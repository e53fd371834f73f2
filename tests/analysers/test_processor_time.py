"""A block that takes too much processor time is ended, even inside a call of `re`."""

import re
import signal
import time

import pytest

from xreview.analysers.processor_time import OutOfTimeError, limited_to

YEARS = re.compile("(a+)+$"), "a" * 60 + "b"


def test_a_search_that_would_take_years_is_ended() -> None:
    expression, text = YEARS
    began = time.process_time()

    with pytest.raises(OutOfTimeError), limited_to(0.05):
        expression.search(text)

    assert time.process_time() - began < 1


def test_nothing_stays_behind() -> None:
    before = signal.getsignal(signal.SIGVTALRM)

    with limited_to(10):
        pass

    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0, 0)
    assert signal.getsignal(signal.SIGVTALRM) == before
