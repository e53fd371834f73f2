"""An amount that can't be one is refused, wherever it comes from."""

import pytest

from xreview.domain.amount import check_amounts


@pytest.mark.parametrize("amount", [-0.01, float("inf"), float("-inf"), float("nan")])
def test_what_is_no_amount_is_refused(amount):
    with pytest.raises(ValueError, match="is not a valid amount"):
        check_amounts(1.0, None, amount)


def test_unknown_and_free_are_amounts():
    check_amounts(None, 0.0, 0, 12.5)
