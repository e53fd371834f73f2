"""What is set for one trial instead of the settings."""

import pytest

from xreview.config.schema import Settings
from xreview.config.tables import FixSettings
from xreview.domain.errors import UsageError
from xreview.review.attempts.wish import TrialWish
from xreview.tui.dialogs.trial_terms import TrialTerm, TrialTerms

SETTINGS = Settings(fix=FixSettings(check=("make test", "make lint")))


@pytest.mark.parametrize(
    ("term", "text", "value"),
    [
        (TrialTerm.CHECK, " pytest -q ", "pytest -q"),
        (TrialTerm.BUDGET, "$2.50", "2.5"),
        (TrialTerm.BUDGET, "0", "0"),
        (TrialTerm.START, " main~3", "main~3"),
    ],
)
def test_an_answer_holds_until_it_is_blank(term, text, value):
    set_now = TrialTerms().having(term, text)
    assert set_now.value(term) == value
    assert set_now.having(term, "  ") == TrialTerms()


@pytest.mark.parametrize("text", ["much", "-1", "nan", "inf", "1001"])
def test_what_cannot_be_an_amount_is_refused(text):
    with pytest.raises(UsageError, match="can't be the cap"):
        TrialTerms().having(TrialTerm.BUDGET, text)


def test_a_wish_has_only_what_is_set():
    assert TrialTerms().wish(TrialWish("Do it")) == TrialWish("Do it")
    terms = TrialTerms("pytest", 0.0, "v1")
    assert terms.wish(TrialWish("Do it")) == TrialWish("Do it", (), ("pytest",), "v1", None, 0.0)


def test_the_settings_checks_run_unless_another_is_set():
    assert TrialTerms().checks(SETTINGS) == ("make test", "make lint")
    assert TrialTerms("pytest").checks(SETTINGS) == ("pytest",)
