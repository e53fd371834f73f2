import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.domain.authorship.author_answer import FAMILIES, AuthorAnswer, parse_answer
from xreview.domain.errors import UsageError
from xreview.domain.text import visible


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("openai", AuthorAnswer("openai")),
        (" Anthropic ", AuthorAnswer("anthropic")),
        ("openai:gpt-6", AuthorAnswer("openai", "gpt-6")),
        ("gpt-6-astra", AuthorAnswer("openai", "gpt-6-astra")),
        ("claude", AuthorAnswer("anthropic", "claude")),
        ("meta", AuthorAnswer("meta")),
        ("mistral:own-model", AuthorAnswer("mistral", "own-model")),
        ("unknown", AuthorAnswer("")),
    ],
)
def test_what_a_person_writes(text, answer):
    assert parse_answer(text) == answer


@pytest.mark.parametrize("text", ["", ":", "nonsense", "openai:claude-4", "unknown:x", "\x1b[2J"])
def test_what_names_no_family_is_refused(text):
    with pytest.raises(UsageError):
        parse_answer(text)


@pytest.mark.parametrize("family", FAMILIES)
def test_an_answer_is_read_as_it_is_written(family):
    assert parse_answer(AuthorAnswer(family).label) == AuthorAnswer(family)


@given(st.text())
def test_any_text_is_an_answer_or_a_neutral_sentence(text):
    try:
        parse_answer(text)
    except UsageError as error:
        said = str(error)
    else:
        said = ""
    assert said == visible(said)
