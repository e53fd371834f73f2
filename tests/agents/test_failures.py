"""What is said of a failure: never a key, never much, and always what to do."""

from hypothesis import given
from hypothesis import strategies as st

from tests.agents.reading_events import run_of
from xreview.agents import codex
from xreview.agents.base.agent import Exit
from xreview.agents.base.failures import exit_error, reported_error

KEY = "sk-live-3f9a7c51d2e84b60"


@given(st.text(max_size=40), st.text(max_size=400), st.none() | st.integers(0, 700))
def test_a_key_is_masked_wherever_it_stands(before, after, status):
    run = run_of(CODEX_API_KEY=KEY)
    error = reported_error(codex.PROVIDER, run, f"{before}{KEY}{after}", status)
    assert KEY not in str(error)
    assert len(error.message) < 300
    assert error.advice


@given(st.text(max_size=200).map(lambda text: f"{text} secret-9c1f "), st.integers(-64, 255))
def test_standard_error_is_never_quoted(complaint, code):
    assert "secret-9c1f" not in str(exit_error(codex.PROVIDER, Exit(code, complaint)))
