import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.http.retry import RateLimits, seconds_until

WALL = 1_800_000_000.0  # 2027-01-15T08:00:00Z


@pytest.mark.parametrize(
    ("reset", "expected"),
    [
        ("6m0s", 360.0),
        ("12ms", 0.012),
        ("1h2m3.5s", 3723.5),
        ("2027-01-15T08:00:05Z", 5.0),
        ("2027-01-15T09:00:05+01:00", 5.0),
        ("2027-01-15T08:00:05", 5.0),
        ("30", 30.0),
        ("1800000009", 9.0),
        ("1800000009500", 9.5),
        ("", None),
        ("soon", None),
        ("nan", None),
        ("6m-1s", None),
    ],
)
def test_resets_are_read_as_servers_write_them(reset, expected):
    assert seconds_until(reset, WALL) == pytest.approx(expected)


@given(st.text() | st.from_regex(r"[0-9hms.:TZ+-]{1,40}", fullmatch=True))
def test_any_reset_is_a_number_or_nothing(reset):
    seconds = seconds_until(reset, WALL)
    assert seconds is None or isinstance(seconds, float)


def headers(remaining: str, reset: str, what: str = "tokens") -> dict[str, str]:
    return {
        f"anthropic-ratelimit-{what}-remaining": remaining,
        f"anthropic-ratelimit-{what}-reset": reset,
    }


def test_the_longest_of_the_limits_used_up_is_waited_for():
    limits = RateLimits()
    assert limits.pause(100.0) == 0.0
    limits.note(headers("0", "2027-01-15T08:00:05Z"), 100.0, WALL)
    limits.note(headers("0", "2027-01-15T08:00:09Z", "requests"), 100.0, WALL)
    assert limits.pause(101.0) == pytest.approx(8.0)
    assert limits.pause(200.0) == 0.0


def test_what_is_left_again_is_not_waited_for():
    limits = RateLimits()
    limits.note(headers("0", "2027-01-15T08:00:05Z"), 100.0, WALL)
    limits.note(headers("12", "2027-01-15T08:00:05Z"), 100.0, WALL)
    assert limits.pause(100.0) == 0.0


@pytest.mark.parametrize("reset", ["2027-01-16T08:00:00Z", "2027-01-14T08:00:00Z", "never", ""])
def test_a_reset_far_away_past_or_unreadable_holds_nothing_up(reset):
    limits = RateLimits()
    limits.note(headers("0", reset), 100.0, WALL)
    assert limits.pause(100.0) == 0.0


def test_openai_and_openrouter_name_it_otherwise():
    limits = RateLimits()
    limits.note(
        {"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1s"}, 0.0, WALL
    )
    assert limits.pause(0.0) == 1.0
    limits.note({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1800000003000"}, 0.0, WALL)
    assert limits.pause(0.0) == 3.0
