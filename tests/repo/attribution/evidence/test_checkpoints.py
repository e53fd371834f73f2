"""Entire's checkpoints."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.repo.attribution.evidence.checkpoints import checkpoint_ids, live_evidence, models_in


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Subject\n\nEntire-Checkpoint: 976aa8a75b95\n", ("976aa8a75b95",)),
        ("Subject Entire-Checkpoint: 976aa8a75b95", ("976aa8a75b95",)),
        ("* a\n  Entire-Checkpoint: 976aa8a75b95\n* Entire-Checkpoint: 01ARZ3NDEKTSV4RRFFQ69G5FAV",
         ("976aa8a75b95", "01ARZ3NDEKTSV4RRFFQ69G5FAV")),
        ("Entire-Checkpoint: 976aa8a75b95\nEntire-Checkpoint: 976aa8a75b95", ("976aa8a75b95",)),
        ("Entire-Checkpoint: ../../etc/pa", ()),
        ("Entire-Checkpoint: 976aa8a75b95a", ()),
        ("", ()),
    ],
)  # fmt: skip
def test_the_checkpoints_a_message_names(message, expected):
    assert checkpoint_ids(message) == expected


def test_the_models_of_a_transcript_are_those_that_answered():
    rows = [
        {"type": "user", "message": {"content": "say \"model\": \"gpt-4\""}},
        {"type": "assistant", "message": {"model": "claude-haiku-5", "content": []}},
        {"type": "assistant", "message": {"model": "claude-opus-5", "content": [
            {"type": "tool_use", "input": {"model": "sonnet"}}]}},
        {"type": "assistant", "message": {"model": "claude-opus-5"}},
        {"type": "system", "model": "gemini"},
    ]  # fmt: skip
    transcript = (
        "\n".join(map(json.dumps, rows)) + '\n{"type": "assistant", "message": {"model": "x'
    )
    assert models_in(transcript.encode()) == ("claude-opus-5", "claude-haiku-5")


def test_the_models_of_a_gemini_transcript():
    messages = [{"type": "user"}, {"type": "gemini", "model": "gemini-3-pro"}]
    assert models_in(json.dumps({"messages": messages}).encode()) == ("gemini-3-pro",)


@given(st.binary(max_size=60))
def test_no_transcript_or_state_is_an_error(content):
    models_in(content)
    models_in(b'{"type": "assistant", "model": ' + content)
    live_evidence(content, "", "")
