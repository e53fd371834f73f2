"""Which family a model's name belongs to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.domain.authorship.family import family_of, model_name


@pytest.mark.parametrize(
    ("text", "family", "model"),
    [
        ("Claude Opus 4.8 (1M context)", "anthropic", "Claude Opus 4.8"),
        ("Claude Opus 9.5", "anthropic", "Claude Opus 9.5"),
        ("openrouter/anthropic/claude-sonnet-4", "anthropic", "claude-sonnet-4"),
        ("eu.anthropic.claude-opus-5", "anthropic", "claude-opus-5"),
        ("anthropic.claude-3-haiku-20240307-v1:0", "anthropic", "claude-3-haiku-20240307-v1:0"),
        ("claude-4.5-opus-high-thinking", "anthropic", "claude-4.5-opus-high-thinking"),
        ("sonnet", "anthropic", "sonnet"),
        ("claude-fable-5[1m]", "anthropic", "claude-fable-5"),
        ("Claude:claude-3-opus", "anthropic", "claude-3-opus"),
        ("Claude Code/claude-sonnet-4", "anthropic", "claude-sonnet-4"),
        ('"gpt-5"', "openai", "gpt-5"),
        ("openai/gpt-oss-120b", "openai", "gpt-oss-120b"),
        ("GPT 5.5", "openai", "GPT 5.5"),
        ("gpt-6-astra", "openai", "gpt-6-astra"),
        ("o4-mini", "openai", "o4-mini"),
        ("gpt-5.3-codex", "openai", "gpt-5.3-codex"),
        ("openai/custom_proxy/gemini-2.5-pro", "google", "gemini-2.5-pro"),
        ("vertex_ai/gemini-2.0-flash-lite-001", "google", "gemini-2.0-flash-lite-001"),
        ("Gemini 3 Pro (Preview) via Crush", "google", "Gemini 3 Pro (Preview)"),
        ("xai/grok-code-fast-1", "xai", "grok-code-fast-1"),
        ("ollama/qwen2.5-coder:7b", "qwen", "qwen2.5-coder:7b"),
        ("llama3.1:8b", "meta", "llama3.1:8b"),
        ("codellama", "meta", "codellama"),
        ("nvidia/llama-3.1-nemotron-70b", "nvidia", "llama-3.1-nemotron-70b"),
        ("deepseek-r1-distill-llama-70b", "deepseek", "deepseek-r1-distill-llama-70b"),
        ("devstral-medium", "mistral", "devstral-medium"),
        ("accounts/fireworks/models/kimi-k2p6", "moonshot", "kimi-k2p6"),
        ("Crush:accounts/fireworks/models/kimi-k2p6", "moonshot", "kimi-k2p6"),
        ("Crush:GLM-5", "zhipu", "GLM-5"),
        ("MiniMax-M2", "minimax", "MiniMax-M2"),
        ("mimo-v2-pro", "xiaomi", "mimo-v2-pro"),
        ("composer-1", "cursor", "composer-1"),
        ("swe-1.5", "cognition", "swe-1.5"),
        ("openrouter/openai/some-new-name", "openai", "some-new-name"),
        ("OpenAI", "openai", "OpenAI"),
        # What tells of no family.
        ("openai/my-own-model", "", "my-own-model"),
        ("Claude Code", "", "Claude Code"),
        ("claude-code", "", "claude-code"),
        ("openclaude", "", "openclaude"),
        ("ollama", "", "ollama"),
        ("<synthetic>", "", ""),
        ("default", "", ""),
        ("Auto", "", ""),
        ("unknown", "", ""),
        ("coder-model", "", "coder-model"),
        ("code-supernova-1-million", "", "code-supernova-1-million"),
        ("", "", ""),
        ("///", "", ""),
    ],
)
def test_a_name_has_a_family_and_a_form_for_display(text, family, model):
    assert (family_of(text), model_name(text)) == (family, model)


@given(st.sampled_from(["claude-opus-7", "gpt-9", "gemini-4-pro", "grok-7", "kimi-k3"]), st.data())
def test_a_route_in_front_changes_nothing(name, data):
    hosts = st.lists(st.sampled_from(["openrouter", "openai", "google", "vertex_ai"]), max_size=9)
    route = "/".join([*data.draw(hosts), name])
    assert family_of(route) == family_of(name)
    assert model_name(route) == name


@given(st.text())
def test_any_text_has_a_short_answer(text):
    assert family_of(text) == family_of(text[:300])
    assert len(model_name(text)) <= 80


@pytest.mark.parametrize("piece", ["(", "(context)", "via ", "/", ":", "a:", "llama-", "\n", "  "])
def test_no_name_takes_for_ever(piece):
    family_of(piece * 200_000)
    model_name(piece * 200_000)
