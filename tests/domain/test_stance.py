"""What a stance counts as."""

import pytest

from tests.fakes.reports import RISK
from xreview.domain.stance import Stance, StanceKind


@pytest.mark.parametrize("kind", StanceKind)
def test_a_stance_counts_as_what_it_is_while_its_quote_is_in_the_code(kind: StanceKind) -> None:
    assert Stance(RISK, kind, quote="lock()").counts_as is kind


@pytest.mark.parametrize("kind", sorted(set(StanceKind) - {StanceKind.RAISES}))
def test_an_answer_without_a_real_quote_is_no_answer(kind: StanceKind) -> None:
    assert Stance(RISK, kind, quote="made up", anchored=False).counts_as is StanceKind.SILENT


def test_a_report_is_raised_wherever_its_quote_stands() -> None:
    raised = Stance(RISK, StanceKind.RAISES, quote="made up", anchored=False)
    assert raised.counts_as is StanceKind.RAISES
