"""Agents among authors and committers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.repo.attribution.building import ADA, commit, told
from xreview.domain.authorship.author import EvidenceKind
from xreview.domain.report import Confidence
from xreview.repo.attribution.signatures.identities import identity_evidence, writer_of

GITHUB = "users.noreply.github.com"


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        (("Claude", "noreply@anthropic.com"), ("claude-code", "anthropic", "")),
        (("Someone", "noreply@anthropic.com"), ("claude-code", "anthropic", "")),
        (("Claude Opus 9", "noreply@anthropic.com"), ("claude-code", "anthropic", "Claude Opus 9")),
        (
            ("claude[bot]", f"209825114+claude[bot]@{GITHUB}"),
            ("claude-github-app", "anthropic", ""),
        ),
        (("claude[bot]", f"99+claude[bot]@{GITHUB}"), ("claude-github-app", "anthropic", "")),
        (("Codex", "codex@openai.com"), ("codex", "openai", "")),
        (("Cursor Agent", "cursoragent@cursor.com"), ("cursor", "", "")),
        (("Devin AI", f"158243242+devin-ai-integration[bot]@{GITHUB}"), ("devin", "", "")),
        (("google-labs-jules[bot]", f"1+google-labs-jules[bot]@{GITHUB}"), ("jules", "google", "")),
        (("Ada (aider)", "ada@example.org"), ("aider", "", "")),
        (("Ada (claude-sonnet-9-20270101)", ADA[1]), ("", "anthropic", "claude-sonnet-9-20270101")),
        (("Ada (claude)", ADA[1]), ("", "anthropic", "")),
        (
            ("Claude Opus 5", "ada+claude-code@example.org"),
            ("claude-code", "anthropic", "Claude Opus 5"),
        ),
        (("Gemini CLI Agent", "x@example.org"), ("gemini-cli", "google", "")),
    ],
)
def test_an_author_that_is_an_agent(author, expected):
    (trace,) = identity_evidence(commit(author=author))
    assert told([trace]) == [expected]
    assert trace.kind is EvidenceKind.IDENTITY
    assert trace.pointer == f"author {author[0]} <{author[1]}>"


@pytest.mark.parametrize(
    "author",
    [
        ADA,
        ("Claude Example", "claude.example@example.org"),
        ("Claude", "claude@example.fr"),
        ("Devin", "devin@example.org"),
        ("Jules Example", "jules@example.org"),
        ("Aider Example", "a@example.org"),
        ("Ada", "ada@anthropic.com"),
        ("Ada", "ada@openai.com"),
        ("Ada (Google)", "ada@google.com"),
        ("Ada (OpenAI)", "ada@example.org"),
        ("Castiron", "noreply@openai.com"),
        ("dependabot[bot]", f"49699333+dependabot[bot]@{GITHUB}"),
        ("stainless-app[bot]", f"142633134+stainless-app[bot]@{GITHUB}"),
        ("", ""),
    ],
)
def test_an_author_that_is_none(author):
    assert identity_evidence(commit(author=author)) == ()


def test_aider_as_committer_alone_committed_what_a_person_wrote():
    assert identity_evidence(commit(committer=("Ada (aider)", ADA[1]))) == ()


def test_another_agent_as_committer_alone_is_weak():
    (trace,) = identity_evidence(commit(committer=("Codex", "codex@openai.com")))
    assert (trace.vendor, trace.confidence) == ("openai", Confidence.LOW)
    assert trace.pointer.startswith("committer ")


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_name_and_address_may_be_asked_about(name, email):
    writer = writer_of(name, email)
    assert writer is None or writer.tool or writer.vendor
