import pytest

from xreview.tui.screens.triage.pace import CALM, LONGEST_WAIT, PAUSE, Pace


def test_the_first_update_is_shown_at_once():
    assert Pace().wait(100.0) == 0


def test_the_next_one_waits():
    assert Pace(shown=100.0).wait(100.0) == pytest.approx(PAUSE)
    assert Pace(shown=100.0).wait(100.0 + 2 * PAUSE) == 0


def test_it_waits_for_the_end_of_the_keys_but_not_forever():
    assert Pace(shown=100.0, key=100.4).wait(100.4) == pytest.approx(CALM)
    assert Pace(shown=100.0, key=100.0 + LONGEST_WAIT).wait(100.0 + LONGEST_WAIT) == 0
