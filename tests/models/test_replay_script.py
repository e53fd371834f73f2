import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.domain.errors import ConfigError
from xreview.models.replay_script import parse_script

HEAD = 'name = "gpt (scripted)"\nvendor = "openai"\nmodel = "written"\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name = ", "isn't TOML"),
        ('vendor = "openai"', "`name`"),
        (HEAD + 'reply = "x"', "[[reply]]"),
        (HEAD + "reply = [1]", "[[reply]]"),
        (HEAD + '[[reply]]\npath = "a"', "reply 1 needs a `quote`"),
        (HEAD + '[[reply]]\npath = "a"\nquote = "\\n"', "reply 1 needs a `quote`"),
        (HEAD + '[[reply]]\npath = "a"\nquote = "b"\nat = 2026-01-01', "JSON"),
        (HEAD + '[[reply]]\npath = "a"\nquote = "b"\nat = nan', "JSON"),
        (HEAD + '[[reply]]\npath = "a"\nquote = "b"\nunless = "c"', "list of lines"),
        (HEAD + '[[reply]]\npath = "a"\nquote = "b"\nunless = [1]', "list of lines"),
    ],
)
def test_what_is_wrong_with_a_script_is_said(text, says):
    with pytest.raises(ConfigError, match=r"can't be used") as refused:
        parse_script(text)
    assert says in refused.value.message


@given(st.text() | st.text().map(HEAD.__add__))
def test_any_text_is_a_script_or_refused(text):
    try:
        script = parse_script(text)
    except ConfigError:
        return
    assert script.name


@pytest.mark.parametrize(
    ("attempt", "says"),
    [
        ("attempt = 1", "below a line"),
        ("[[attempt]]\nedit = []\nstatement = {}", "attempt 1 needs a `task`"),
        ('[[attempt]]\ntask = "x"\nstatement = {}', "attempt 1 needs a `edit`"),
        ('[[attempt]]\ntask = "x"\nedit = []', "attempt 1 needs a `statement`"),
        ('[[attempt]]\ntask = "x"\nedit = [nan]\nstatement = {}', "attempt 1 isn't valid JSON"),
    ],
)
def test_a_malformed_attempt_is_refused(attempt, says):
    with pytest.raises(ConfigError, match=says):
        parse_script(HEAD + attempt)
