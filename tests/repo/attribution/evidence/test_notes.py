"""git-ai's notes and those of whogitit."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.repo.attribution.building import ID, told
from xreview.domain.authorship.author import PERSON, EvidenceKind, WrittenLines
from xreview.domain.report import Confidence
from xreview.repo.attribution.evidence.notes import note_evidence, whogitit_evidence

REAL = Path(__file__).parents[5] / "shared/data/authorship/gitai_notes.jsonl"


def note(attested: str, **metadata) -> bytes:
    return (
        f"{attested}---\n{json.dumps({'schema_version': 'authorship/3.0.0', **metadata})}".encode()
    )


def agent(tool: str, model: str) -> dict:
    return {"agent_id": {"tool": tool, "id": "1", "model": model}}


def test_lines_of_sessions_prompts_and_people():
    content = note(
        "src/main.rs\n"
        "  s_0123456789abcd::t_01 1-10,15\n"
        "  s_0123456789abcd::t_02 11\n"
        "  h_0123456789abcd 25-30\n"
        '"with space.rs"\n'
        "  0123456789abcdef 40\n",
        sessions={"s_0123456789abcd": agent("claude", "claude-opus-5")},
        humans={"h_0123456789abcd": {"author": "Ada <ada@example.org>"}},
        prompts={"0123456789abcdef": agent("cursor", '"gpt-5"')},
    )
    claude, person, cursor = note_evidence(ID, content)
    assert told([claude]) == [("claude-code", "anthropic", "claude-opus-5")]
    assert claude.lines == (WrittenLines("src/main.rs", ((1, 11), (15, 15))),)
    assert (claude.kind, claude.confidence) == (EvidenceKind.NOTE, Confidence.HIGH)
    assert told([person]) == [(PERSON, "", "")]
    assert person.lines == (WrittenLines("src/main.rs", ((25, 30),)),)
    assert told([cursor]) == [("cursor", "openai", "gpt-5")]
    assert cursor.lines == (WrittenLines("with space.rs", ((40, 40),)),)


@pytest.mark.parametrize(
    ("tool", "model", "expected", "sure"),
    [
        ("cursor", "default", ("cursor", "", ""), Confidence.MEDIUM),
        ("cursor", "composer-1", ("cursor", "cursor", "composer-1"), Confidence.HIGH),
        ("codex", "unknown", ("codex", "openai", ""), Confidence.MEDIUM),
        ("claude", "<synthetic>", ("claude-code", "anthropic", ""), Confidence.LOW),
        ("claude", "glm-5", ("claude-code", "zhipu", "glm-5"), Confidence.HIGH),
        ("brand-new", "claude-x-9", ("brand-new", "anthropic", "claude-x-9"), Confidence.HIGH),
    ],
)
def test_models_that_tell_a_family_and_not(tool, model, expected, sure):
    (trace,) = note_evidence(ID, note("a\n  1234567 1\n", prompts={"1234567": agent(tool, model)}))
    assert told([trace]) == [expected]
    assert trace.confidence is sure


def test_a_key_without_metadata_is_no_evidence():
    assert note_evidence(ID, note("a\n  s_1::t_1 1-2\n")) == ()


def test_nothing_attested_is_no_evidence():
    assert note_evidence(ID, note("", prompts={"1": agent("codex", "gpt-5")})) == ()


def test_no_word_of_a_conversation_is_kept():
    prompts = {"1234567": agent("codex", "gpt-5") | {"messages": [{"text": "a secret"}]}}
    assert "secret" not in repr(note_evidence(ID, note("a\n  1234567 1\n", prompts=prompts)))


@pytest.mark.parametrize(
    "content", [b"", b"a\n  k 1", b"---\n", b"---\n[]", b"---\n" + b"[" * 100_000, b"---\n\xff"]
)
def test_a_malformed_note_is_told_as_such(content):
    assert note_evidence(ID, content) is None


@pytest.mark.parametrize(
    "attested",
    ["  s_1 1-2\n", "a\n  s_1\n", "a\n  s_1 x-y\n", "a\n  s_1 9-3\n", "a\n s_1 99999999999999\n"],
)
def test_a_malformed_line_is_skipped(attested):
    assert note_evidence(ID, note(attested, sessions={"s_1": agent("codex", "gpt-5")})) == ()


def test_a_note_of_whogitit():
    content = b'{"session": {"model": {"id": "claude-opus-5", "provider": "anthropic"}}}'
    (trace,) = whogitit_evidence(ID, content)
    assert told([trace]) == [("", "anthropic", "claude-opus-5")]
    assert trace.lines == ()
    assert whogitit_evidence(ID, b"{}") == ()
    assert whogitit_evidence(ID, b"?") is None


@pytest.mark.skipif(not REAL.is_file(), reason="the shared data are not here")
def test_real_notes():
    rows = [json.loads(row) for row in REAL.read_text("utf-8").splitlines()]
    for row in rows:
        evidence = note_evidence(row["commit"], row["note"].encode())
        assert evidence is not None
        assert bool(evidence) == (row["cls"] != "empty")
        assert all(one.lines for one in evidence)


@settings(deadline=None, derandomize=True)
@given(
    st.lists(
        st.sampled_from(
            ["a.py\n", "  s_1::t_1 ", "1-2,3", "\n", "---\n", '{"sessions":', "{}", '"']
        )
        | st.text(max_size=4)
    ).map("".join)
)
def test_no_note_is_an_error(text):
    evidence = note_evidence(ID, text.encode("utf-8", "surrogatepass"))
    assert evidence is None or all(one.commit == ID for one in evidence)
