import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.http.retry import backoff, is_retried, seconds_told

NOW = 1_800_000_000.0  # Fri, 15 Jan 2027 08:00:00 GMT


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        *((status, False) for status in (400, 401, 403, 404, 413)),
        *((status, True) for status in (408, 409, 429, 500, 503, 529)),
    ],
)
def test_the_status_decides_where_the_server_says_nothing(status, expected):
    assert is_retried(status, {}) is expected
    assert is_retried(status, {"x-should-retry": "true"})
    assert not is_retried(status, {"x-should-retry": "false"})
    assert is_retried(status, {"x-should-retry": "perhaps"}) is expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after-ms": "250", "retry-after": "7"}, 0.25),
        ({"retry-after-ms": "soon", "retry-after": "7"}, 7.0),
        ({"retry-after": "Fri, 15 Jan 2027 08:00:30 GMT"}, 30.0),
        ({"retry-after": "Fri, 15 Jan 2027 07:00:00 GMT"}, None),
        ({"retry-after": "0"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "tomorrow"}, None),
        ({"retry-after": "1" * 400}, None),
    ],
)
def test_the_wait_that_is_asked_for(headers, expected):
    assert seconds_told(headers, NOW) == expected


@given(st.text())
def test_any_text_is_a_number_of_seconds_or_nothing(text):
    told = seconds_told({"retry-after": text, "retry-after-ms": text}, NOW)
    assert told is None or told > 0


def test_the_backoff_doubles_up_to_eight_seconds_less_a_quarter():
    assert [backoff(attempt, 0.0) for attempt in range(6)] == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0]
    assert backoff(0, 1.0) == 0.375
