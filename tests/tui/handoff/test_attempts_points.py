"""How the rows of what attempts say are named."""

from dataclasses import replace

from tests.tui.scripted_attempts import over
from xreview.domain.attempt.statement import AttemptStatement
from xreview.tui.handoff.attempts_points import aligned_points
from xreview.tui.widgets.attempts.points_text import Parting

SAID = AttemptStatement("It counts.", assumptions=("Python 3.11.",), left_out=("Names.",))


def partings(*said: AttemptStatement | None) -> list[Parting]:
    trial = over()
    attempts = zip(trial.attempts, said, strict=False)
    made = tuple(replace(one, statement=statement) for one, statement in attempts)
    return [row.parting for row in aligned_points(replace(trial, attempts=made))]


def test_what_only_one_attempt_could_say_is_not_said_by_all():
    assert partings(SAID, None) == [Parting.ALONE, Parting.ALONE]
    assert partings(SAID, SAID) == [Parting.SHARED, Parting.SHARED]
    assert partings(SAID, replace(SAID, left_out=())) == [Parting.SOME, Parting.SHARED]
