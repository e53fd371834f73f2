"""Names that would tell who wrote an attempt."""

from dataclasses import replace

import pytest

from tests.cli.trials_told import trial
from xreview.review.attempts.snapshot import AttemptStage
from xreview.review.attempts.veil import Veil


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Claude-opus-5.1 writes", "a model writes"),
        ("asked gpt-5.5, then codex.", "asked a model, then a model."),
        ("As an OpenAI model", "As an a model model"),
        ("gemini-3-flash gave up", "a model gave up"),
        ("deepseek/v4", "a model/v4"),
        ("an opusculum, preclaude", "an opusculum, preclaude"),
        ("limits.py:12", "limits.py:12"),
        ("Could not resolve api.anthropic.com.", "Could not resolve a model."),
        ("at generativelanguage.googleapis.com:443", "at a model"),
        ("https://api.x.ai/v1", "https://a model/v1"),
        ("max.airline.com, example.com, ai.py", "max.airline.com, example.com, ai.py"),
        ("generativelanguage.googleapis.com sent nothing.", "a model sent nothing."),
        ("api.anthropic.com limits the rate.", "a model limits the rate."),
        ("The connection to 127.0.0.1:41817 was lost.", "The connection to a model was lost."),
        (
            "It listens on 127.0.0.1:8080, or matrix.com",
            "It listens on 127.0.0.1:8080, or matrix.com",
        ),
        ("\x1b[31mClaude\u202e", None),
    ],
)
def test_what_names_a_model_is_replaced(raw, shown):
    line = Veil(trial(), is_down=True).line(raw)
    if shown is None:
        assert "\x1b" not in line
        assert "laude" not in line
    else:
        assert line == shown


def test_a_name_of_the_users_own_is_hidden_too():
    found = trial()
    first = found.attempts[0]
    seat = replace(first.seat, writer=replace(first.seat.writer, name="work", model="zeta-9"))
    named = replace(found, attempts=(replace(first, seat=seat),))
    assert Veil(named, is_down=True).line("work, zeta-9") == "a model, a model"
    assert Veil(named, is_down=False).line("work, zeta-9") == "work, zeta-9"


def test_what_a_hidden_writer_does_is_not_told_and_our_own_steps_are():
    attempt = replace(trial().attempts[0], stage=AttemptStage.WRITING, doing="Bash: ls")
    down, up = Veil(trial(), is_down=True), Veil(trial(), is_down=False)
    assert (down.doing(attempt), up.doing(attempt)) == ("", "Bash: ls")
    assert down.doing(replace(attempt, stage=AttemptStage.CHECKING, doing="make")) == "make"
    assert (down.writer(attempt), down.readers(attempt)) == ("", "")
    assert up.readers(attempt) == "codex"
